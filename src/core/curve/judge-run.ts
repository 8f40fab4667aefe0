import { type Estimate, notEstimable } from '../estimate.js'
import type { TrainingRun } from '../evidence/index.js'
import { reachedPlan, scheduleEvents, truncationEvent } from './events/ending.js'
import { endEvents, nonFiniteEvents } from './events/ends.js'
import type { CurveEvent, CurveVerdict } from './events/event.js'
import { overfitEvent, validationGapEvent } from './events/generalisation.js'
import { gradientEvent, leadEvents } from './events/gradient.js'
import { progressEvent } from './events/progress.js'
import { restartEvents } from './events/rollbacks.js'
import { spikeEvents } from './events/spikes.js'
import { withCause } from './explain/causes.js'
import { withCost } from './explain/cost.js'
import { type FittedLaw, fitRunLaw, lawGround } from './law/run-law.js'
import type { Curve } from './prepare/curve.js'
import { inNats, type LossUnit, lossUnitOf, unitText } from './prepare/loss-unit.js'
import { type PreparedRun, prepare } from './prepare/prepare.js'
import { recogniseSchedule, type Schedule } from './schedule/recognise.js'
import { type EarlyWarning, earlyWarning } from './scores/early-warning.js'
import { finalLoss, finalValidationLoss, predictFinalLoss } from './scores/final-loss.js'
import { type StabilityScores, stabilityScores } from './scores/scores.js'
import { endGap, type Levels, levelsOf } from './signs/levels.js'
import { gradientOutliers } from './signs/zclip.js'
import { THRESHOLDS as T } from './thresholds.js'
import { verdictOfRun } from './verdict.js'

/** Everything that is concluded from one run. */
export interface RunJudgement {
  readonly run: TrainingRun
  readonly prepared: PreparedRun
  /** The curve that was judged: training losses, or validation losses where there are no others. */
  readonly curve: Curve
  /** Unit of its losses: nats/token, unless they are too large for that (loss-unit.ts). */
  readonly unit: string
  readonly levels: Levels | undefined
  readonly verdict: CurveVerdict
  readonly events: readonly CurveEvent[]
  /** The events that decide the verdict: those of attempts that were rolled back are left out. */
  readonly verdictEvents: readonly CurveEvent[]
  readonly schedule: Schedule | undefined
  readonly law: FittedLaw | undefined
  readonly finalLoss: Estimate
  readonly finalValidationLoss: Estimate
  readonly predictedFinalLoss: Estimate
  readonly earlyWarning: EarlyWarning | undefined
  readonly scores: StabilityScores
}

function skippedEvent(prepared: PreparedRun): CurveEvent[] {
  const note = prepared.run.notes.find((n) => n.code === 'skipped-step')
  if (note === undefined) return []
  return [
    {
      code: 'skipped-steps',
      fromStep: prepared.firstStep,
      toStep: prepared.lastStep,
      magnitude: note.count,
      unit: 'steps',
      confidence: 'weak',
      text: `${note.count} step(s) carry no loss, the last on line ${note.line}: the optimiser skipped them`,
      cause: 'an overflow under dynamic loss scaling',
    },
  ]
}

function sorted(events: readonly CurveEvent[]): CurveEvent[] {
  return [...events].sort((a, b) => a.fromStep - b.fromStep)
}

function tooFewEvent(prepared: PreparedRun, n: number, least: number): CurveEvent {
  return {
    code: 'not-enough-data',
    fromStep: prepared.firstStep,
    toStep: prepared.lastStep,
    magnitude: n,
    unit: 'losses',
    confidence: 'strong',
    text: `only ${n} losses: ${least} or more are needed`,
    action: 'Judge again when the run has gone further, or log more often.',
  }
}

/** Says what was done to losses that are no nats per token. */
function unitEvent(unit: LossUnit, prepared: PreparedRun): CurveEvent[] {
  if (unit.kind === 'nats') return []
  return [
    {
      code: 'unusual-unit',
      fromStep: prepared.firstStep,
      toStep: prepared.lastStep,
      magnitude: unit.kind === 'sum' ? unit.factor : Math.E,
      unit: unit.kind === 'sum' ? 'divisor' : 'base of the logarithm',
      confidence: 'weak',
      text:
        unit.kind === 'sum'
          ? `the losses are too large for nats per token: they are judged and shown divided by ${unit.factor}`
          : 'the losses look like perplexities: their natural logarithms are judged and shown',
      cause: unit.kind === 'sum' ? 'a loss summed over tokens or micro-batches' : 'perplexity logged as loss',
      action: 'Log the mean loss per token in nats; sizes and thresholds are then exact.',
    },
  ]
}

/** Sizes in the unit that the losses were brought to. */
function relabelled(judgement: RunJudgement, unit: string): RunJudgement {
  const size = (e: Estimate): Estimate => (e.kind === 'estimate' ? { ...e, unit } : e)
  const event = (e: CurveEvent): CurveEvent =>
    e.unit === 'nats/token' ? { ...e, unit, ...(e.size === undefined ? {} : { size: size(e.size) }) } : e
  return {
    ...judgement,
    events: judgement.events.map(event),
    verdictEvents: judgement.verdictEvents.map(event),
    finalLoss: size(judgement.finalLoss),
    finalValidationLoss: size(judgement.finalValidationLoss),
    predictedFinalLoss: size(judgement.predictedFinalLoss),
  }
}

/** Judge one run by itself (docs/methods/curve.md#order-of-judgement). Pure: the same run gives the same judgement. */
export function judgeRun(run: TrainingRun): RunJudgement {
  const unit = lossUnitOf(run)
  const judgement = judgeNats(inNats(run, unit))
  if (unit.kind === 'nats') return judgement
  const events = [...unitEvent(unit, judgement.prepared), ...judgement.events]
  return relabelled({ ...judgement, events, unit: unitText(unit) }, unitText(unit))
}

function judgeNats(run: TrainingRun): RunJudgement {
  const prepared = prepare(run)
  const curve =
    prepared.finiteLoss.step.length >= T.leastPoints
      ? prepared.finiteLoss
      : prepared.validation.step.length > prepared.finiteLoss.step.length
        ? prepared.validation
        : prepared.finiteLoss
  const schedule = recogniseSchedule(prepared.learningRate)
  const bad = [
    ...nonFiniteEvents(prepared.loss),
    ...nonFiniteEvents(prepared.allValidation, 'validation loss'),
  ]
  const all = curve === prepared.validation ? prepared.allValidation : prepared.loss
  const outliers = gradientOutliers(prepared.gradNorm)
  const levels = curve.value.length > 0 ? levelsOf(curve) : undefined
  const restarts = restartEvents(prepared, levels?.scatter ?? 0)
  const common = {
    run,
    prepared,
    curve,
    unit: 'nats/token',
    schedule,
    finalLoss: curve === prepared.validation ? finalValidationLoss(prepared.allValidation) : finalLoss(curve),
    finalValidationLoss: finalValidationLoss(prepared.allValidation),
    scores: stabilityScores(prepared, outliers),
  }
  const n = curve.value.length
  const complete = reachedPlan(prepared) === true || run.notes.some((note) => note.code === 'completed')
  const least = complete ? T.leastPointsComplete : T.leastPoints
  if (n < least || levels === undefined) {
    const broken = bad.filter((e) => e.code === 'non-finite')
    const events = broken.length > 0 ? [...bad, ...restarts] : [tooFewEvent(prepared, n, least), ...restarts]
    const verdictEvents = broken.length > 0 ? events : events.slice(0, 1)
    return {
      ...common,
      levels: undefined,
      verdict: verdictOfRun(verdictEvents),
      events: sorted(events),
      verdictEvents,
      law: undefined,
      predictedFinalLoss: notEstimable(`only ${n} finite losses`),
      earlyWarning: undefined,
    }
  }
  const gap = endGap(curve, levels)
  const ground = lawGround(prepared, schedule)
  const ends = endEvents(prepared, curve, levels, gap, schedule)
  const progress = ends.length === 0 ? progressEvent(prepared, curve, levels, gap) : undefined
  const overfit = overfitEvent(prepared)
  const spikes = spikeEvents(curve, levels, ends, all.value.length > curve.value.length ? undefined : ground)
  const settled = [
    ...bad,
    ...ends,
    ...[
      progress,
      overfit ?? validationGapEvent(prepared),
      truncationEvent(prepared, schedule),
      gradientEvent(prepared.gradNorm),
    ].filter((e) => e !== undefined),
    ...scheduleEvents(prepared, schedule),
    ...spikes,
    ...leadEvents(prepared.gradNorm, outliers, [...ends, ...spikes]),
    ...skippedEvent(prepared),
  ]
  // What was rolled back did not stay: only the fact of the roll-back counts for the verdict.
  const verdictEvents = [...settled, ...restarts.filter((e) => e.code === 'rolled-back')]
  const law = ground === undefined ? undefined : fitRunLaw(ground)
  return {
    ...common,
    levels,
    verdict: verdictOfRun(verdictEvents),
    verdictEvents,
    events: sorted([
      ...settled.map((e) => withCost(withCause(e, prepared, outliers, schedule), prepared)),
      // What went wrong before a roll-back cost what the roll-back threw away: counted once, there.
      ...restarts.map((e) =>
        e.code === 'rolled-back' || e.code === 'resumed'
          ? withCost(e, prepared)
          : withCause(e, prepared, outliers, schedule),
      ),
    ]),
    law,
    predictedFinalLoss: predictFinalLoss(prepared, schedule, ground, law),
    earlyWarning: ends.length > 0 || bad.length > 0 ? earlyWarning(all, curve, prepared.lastStep) : undefined,
  }
}
