import type { TrainingRun } from '../evidence/index.js'
import { eventsOf } from './events/events.js'
import { explain, explainShort } from './explain/explain.js'
import { inOrder } from './in-order.js'
import { inUnit } from './in-unit.js'
import type { RunJudgement } from './judgement.js'
import { lawOfRun, noLaw } from './law/law-of-run.js'
import { inNats, lossUnitOf } from './prepare/loss-unit.js'
import { prepare } from './prepare/prepare.js'
import { plannedRates } from './schedule/planned-rates.js'
import { recogniseSchedule } from './schedule/recognise.js'
import { earlyWarning } from './scores/early-warning.js'
import { finalLoss, finalValidationLoss } from './scores/final-loss.js'
import { stabilityScores } from './scores/scores.js'
import { signsOf } from './signs/signs.js'
import { verdictOfRun } from './verdict.js'

/**
 * Judge one run by itself (docs/methods/curve.md#order-of-judgement). Pure: the same run gives the same judgement. The
 * run passes through the rooms in the order of these lines.
 */
export function judgeRun(logged: TrainingRun): RunJudgement {
  const unit = lossUnitOf(logged)
  const run = inNats(logged, unit)
  const prepared = prepare(run)
  const { curve, all, points, isValidation } = prepared.judged
  const schedule = recogniseSchedule(prepared.learningRate)
  const rates = plannedRates(prepared, schedule)
  const signs = signsOf(prepared)
  const events = eventsOf(prepared, schedule, signs)
  const isShort = signs.loss === undefined
  const law = isShort ? noLaw(rates, curve.value.length) : lawOfRun(prepared, rates, events)
  const explained = isShort
    ? explainShort(events)
    : explain(prepared, schedule, signs.gradientOutliers, events, law.lasting)
  const lastValidation = finalValidationLoss(prepared.allValidation, prepared.validation)
  const lastLoss = isValidation ? lastValidation : finalLoss(curve)
  const scores = stabilityScores(prepared, signs.gradientOutliers)
  const isBroken =
    events.ends.length > 0 || events.nonFinite.length > 0 || events.course.some((e) => e.code === 'stuck')
  const warning = !isShort && isBroken ? earlyWarning(all, points, prepared.lastStep) : undefined
  return inUnit(
    {
      run,
      prepared,
      curve,
      unit: unit.text,
      levels: signs.loss?.levels,
      verdict: verdictOfRun(explained.verdictEvents),
      events: inOrder(explained.events),
      verdictEvents: explained.verdictEvents,
      schedule,
      rates,
      law: law.fitted,
      ground: law.ground,
      finalLoss: lastLoss,
      finalValidationLoss: lastValidation,
      landing: law.landing,
      annealNow: law.annealNow,
      earlyWarning: warning,
      scores,
    },
    unit,
  )
}
