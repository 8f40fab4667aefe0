import type { Estimate } from '../../core/index.js'
import type { CorpusProfile } from '../../corpus/index.js'
import { estimateText } from '../../report/index.js'

export const PROBE = 'corpus-profile'
export const METHOD = 'docs/methods/corpus.md#profile'

const CLIPPED = 120

/** `3.1 %`; shares below a thousandth with three places. */
export function percent(share: number): string {
  return `${(100 * share).toFixed(share > 0 && share < 0.001 ? 3 : 1)} %`
}

/** `3.1 %` where it was counted, `3.1 % [2.0, 4.2]` of a sample. */
export function measured(e: Estimate | undefined): string {
  if (e?.kind !== 'estimate') return 'an unknown share'
  const { value, interval, unit } = estimateText(e)
  return interval === 'exact' && unit === '%' ? percent(e.value) : `${value} ${unit} ${interval}`
}

/** `a sample: 3 of 200 stretches of the corpus`; nothing where all was read. */
export function sampleWords({ sample, units, drawnFrom }: CorpusProfile): string[] {
  return sample === null ? [] : [`a sample: ${units} of ${drawnFrom} stretches of the corpus`]
}

/** The beginning of a text on one line. */
export function clip(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length > CLIPPED ? `${line.slice(0, CLIPPED)}…` : line
}
