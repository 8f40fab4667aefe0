import type { EventCode } from '../../core/index.js'

/** Where the book of methods says how an event is found; the order of judgement for those that are read off the log. */
const SECTIONS: Partial<Readonly<Record<EventCode, string>>> = {
  diverged: 'docs/methods/curve.md#levels-and-noise',
  drift: 'docs/methods/curve.md#levels-and-noise',
  'not-recovered': 'docs/methods/curve.md#what-a-spike-leaves',
  spike: 'docs/methods/curve.md#spikes',
  'minor-spike': 'docs/methods/curve.md#spikes',
  'slow-recovery': 'docs/methods/curve.md#spikes',
  degraded: 'docs/methods/curve.md#against-a-reference',
  stuck: 'docs/methods/curve.md#progress',
  flat: 'docs/methods/curve.md#progress',
  overfitting: 'docs/methods/curve.md#generalisation-gap',
  'validation-gap': 'docs/methods/curve.md#generalisation-gap',
  'schedule-mismatch': 'docs/methods/curve.md#schedule',
  'no-warmup': 'docs/methods/curve.md#schedule',
  'gradient-growth': 'docs/methods/curve.md#gradient-norm',
  'gradient-outliers': 'docs/methods/curve.md#gradient-norm',
  'gradient-non-finite': 'docs/methods/curve.md#gradient-norm',
}

export const ORDER = 'docs/methods/curve.md#order-of-judgement'
export const EVIDENCE = 'evidence: trainingLog'
const GRADIENT = 'docs/methods/curve.md#gradient-norm'

/** What a finding about an event cites: a section of the book, the paper behind it, and the evidence. */
export function sourcesOfEvent(code: EventCode): string[] {
  const section = SECTIONS[code] ?? ORDER
  return [section, ...(section === GRADIENT ? ['ZClip, arXiv:2504.02507'] : []), EVIDENCE]
}
