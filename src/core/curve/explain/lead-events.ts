import { counted } from '../../text/counted.js'
import type { CurveEvent } from '../events/event.js'
import type { Lead } from './lead.js'

/** Warnings that are given: more would say the same again. */
const MOST_LEADS = 5

function growthEvent(lead: Lead & { kind: 'growth' }, e: CurveEvent): CurveEvent {
  return {
    code: 'gradient-growth',
    fromStep: lead.fromStep,
    toStep: e.fromStep,
    magnitude: lead.ratio,
    unit: 'ratio',
    confidence: 'weak',
    text: `the gradient norm leaves its usual ${lead.usual.toPrecision(2)} at step ${lead.fromStep}, ${counted(lead.rows, 'logged step')} before the loss rises, and reaches ${lead.ratio.toPrecision(3)} times that`,
    cause: 'growing activations or logits: the norm leads the loss',
    action: 'Clip or skip steps on the gradient norm (ZClip), and alert on it: it would have warned first.',
  }
}

function outliersEvent(found: Lead & { kind: 'outliers' }, e: CurveEvent): CurveEvent {
  return {
    code: 'gradient-outliers',
    fromStep: found.fromStep,
    toStep: e.fromStep,
    magnitude: found.largest,
    unit: 'deviations',
    confidence: 'weak',
    text: `${found.count} of the 10 gradient norms before the loss rises at step ${e.fromStep} are outliers (ZClip; ${found.usual.toPrecision(2)} are usual in this run), the largest by ${found.largest.toPrecision(2)} deviations`,
    cause: 'instability that builds up: the norm leads the loss',
    action: 'Clip on the running mean and deviation of the gradient norm (ZClip) instead of a fixed bound.',
  }
}

/** A warning for every spike or divergence that the gradient norm announced, by growth or by outliers. */
export function leadEvents(rises: readonly CurveEvent[], leads: ReadonlyMap<CurveEvent, Lead>): CurveEvent[] {
  return rises
    .flatMap((event) => {
      const lead = leads.get(event)
      if (lead?.kind === 'growth') return [growthEvent(lead, event)]
      return lead?.kind === 'outliers' ? [outliersEvent(lead, event)] : []
    })
    .slice(0, MOST_LEADS)
}
