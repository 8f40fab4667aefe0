import type { Estimate } from '../estimate.js'
import type { CurveEvent } from './events/event.js'
import type { RunJudgement } from './judgement.js'
import type { Landing } from './law/landing.js'
import type { LossUnit } from './prepare/loss-unit.js'

/** Says what was done to losses that are no nats per token. */
function unitEvent(unit: Exclude<LossUnit, { kind: 'nats' }>, fromStep: number, toStep: number): CurveEvent {
  const common = { code: 'unusual-unit', fromStep, toStep, confidence: 'weak' } as const
  const action = 'Log the mean loss per token in nats; sizes and thresholds are then exact.'
  if (unit.kind === 'sum')
    return {
      ...common,
      magnitude: unit.factor,
      unit: 'divisor',
      text: `the losses are too large for nats per token: they are judged and shown divided by ${unit.factor}`,
      cause: 'a loss summed over tokens or micro-batches',
      action,
    }
  return {
    ...common,
    magnitude: Math.E,
    unit: 'base of the logarithm',
    text: 'the losses look like perplexities: their natural logarithms are judged and shown',
    cause: 'perplexity logged as loss',
    action,
  }
}

/** The judgement with its sizes in the unit that the losses were brought to, and a word of it where that is not nats. */
export function inUnit(judgement: RunJudgement, unit: LossUnit): RunJudgement {
  if (unit.kind === 'nats') return judgement
  const { firstStep, lastStep } = judgement.prepared
  const { text } = unit
  const size = (e: Estimate): Estimate => (e.kind === 'estimate' ? { ...e, unit: text } : e)
  const landing = (l: Landing): Landing => ({ ...l, loss: size(l.loss) })
  const event = (e: CurveEvent): CurveEvent =>
    e.unit === 'nats/token'
      ? { ...e, unit: text, ...(e.size === undefined ? {} : { size: size(e.size) }) }
      : e
  return {
    ...judgement,
    unit: text,
    events: [unitEvent(unit, firstStep, lastStep), ...judgement.events.map(event)],
    verdictEvents: judgement.verdictEvents.map(event),
    finalLoss: size(judgement.finalLoss),
    finalValidationLoss: size(judgement.finalValidationLoss),
    landing: landing(judgement.landing),
    annealNow: judgement.annealNow === undefined ? undefined : landing(judgement.annealNow),
  }
}
