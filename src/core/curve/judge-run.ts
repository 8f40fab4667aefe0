import type { Estimate } from '../estimate.js'
import type { TrainingRun } from '../evidence/index.js'
import { withCause } from './causes.js'
import { withCost } from './cost.js'
import type { Curve } from './curve.js'
import {
  allStretches,
  divergedThreshold,
  liftedThreshold,
  minorOutliers,
  onsetOf,
  stretchEvent,
} from './departures.js'
import { type EarlyWarning, earlyWarning } from './early-warning.js'
import { reachedPlan, scheduleEvents, truncationEvent } from './ending.js'
import type { CurveEvent, CurveVerdict } from './event.js'
import { finalLoss, finalValidationLoss, predictFinalLoss } from './final-loss.js'
import { gradientEvent, leadEvents } from './gradient.js'
import { type FittedLaw, fitRunLaw, lawGround } from './law-fit.js'
import { type EndGap, endGap, type Levels, levelsOf } from './levels.js'
import { type PreparedRun, prepare } from './prepare.js'
import { overfitEvent, progressEvent } from './progress-signs.js'
import { restartEvents } from './rollbacks.js'
import { recogniseSchedule, type Schedule } from './schedule.js'
import { THRESHOLDS as T } from './thresholds.js'
import { verdictOfRun } from './verdict.js'

/** Everything that is concluded from one run. */
export interface RunJudgement {
  readonly run: TrainingRun
  readonly prepared: PreparedRun
  /** The curve that was judged: training losses, or validation losses where there are no others. */
  readonly curve: Curve
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
}

/** Losses that are not finite: at the end of the run a divergence, in between a stretch that came back. */
function nonFiniteEvents(loss: Curve): CurveEvent[] {
  const out: CurveEvent[] = []
  const { value, step } = loss
  for (let i = 0; i < value.length; i++) {
    if (Number.isFinite(value[i])) continue
    let to = i
    while (to + 1 < value.length && !Number.isFinite(value[to + 1])) to++
    const atEnd = to === value.length - 1
    const rows = to - i + 1
    out.push({
      code: atEnd ? 'non-finite' : 'spike',
      fromStep: step[i],
      toStep: step[to],
      magnitude: rows,
      unit: 'rows',
      confidence: 'strong',
      text: atEnd
        ? `the loss is not finite from step ${step[i]} to the end (${rows} row${rows === 1 ? '' : 's'})`
        : `the loss is not finite at steps ${step[i]}–${step[to]}, then comes back`,
      cause: 'an overflow: half-precision range, or a learning rate past the edge of stability',
      action:
        'Go back to a checkpoint before it; lower the learning rate, clip the gradient, or use bfloat16.',
    })
    i = to
  }
  return out
}

/** A learning rate that was raised again explains a loss that rose with it. */
function raisedRate(schedule: Schedule | undefined, bestStep: number, lastStep: number): boolean {
  return (
    schedule !== undefined &&
    schedule.rateAt(lastStep) > 1.5 * schedule.rateAt(bestStep) &&
    bestStep > schedule.warmupSteps
  )
}

function endEvents(judged: Curve, levels: Levels, gap: EndGap, schedule: Schedule | undefined): CurveEvent[] {
  const last = judged.step[judged.step.length - 1]
  const range = { toStep: last, magnitude: gap.gap, unit: 'nats/token' } as const
  if (gap.gap >= divergedThreshold(levels, gap)) {
    const onset = onsetOf(judged, gap)
    return [
      {
        ...range,
        code: 'diverged',
        fromStep: judged.step[onset],
        confidence: 'strong',
        text: `the loss leaves its best level of ${gap.best.toFixed(2)} (step ${gap.bestStep}) at step ${judged.step[onset]} and ends at ${gap.end.toFixed(2)}`,
        cause: 'instability: the learning rate is too high for the model, the batch or the precision',
        action: `Go back to a checkpoint before step ${judged.step[onset]}; lower the peak learning rate or lengthen the warm-up, clip the gradient, add QK-norm or z-loss.`,
      },
    ]
  }
  if (gap.gap < liftedThreshold(levels) || raisedRate(schedule, gap.bestStep, last)) return []
  const stretches = allStretches(judged, levels)
  const spiked = stretches.some((s) => judged.step[s.to] >= gap.bestStep)
  const onset = onsetOf(judged, gap)
  return [
    {
      ...range,
      code: spiked ? 'not-recovered' : 'drift',
      fromStep: judged.step[onset],
      confidence: 'strong',
      text: spiked
        ? `after its spikes the loss ends at ${gap.end.toFixed(2)}, ${gap.gap.toFixed(2)} above its best level of ${gap.best.toFixed(2)} (step ${gap.bestStep})`
        : `the loss drifts up from ${gap.best.toFixed(2)} (step ${gap.bestStep}) to ${gap.end.toFixed(2)}`,
      cause: spiked
        ? 'the spike damaged weights or optimiser state'
        : 'slow instability, or other data from there on',
      action: `Go back to a checkpoint before step ${judged.step[onset]} and skip the batches there, or lower the learning rate.`,
    },
  ]
}

function spikeEvents(curve: Curve, levels: Levels, ends: readonly CurveEvent[]): CurveEvent[] {
  const diverged = ends.find((e) => e.code === 'diverged')
  const stretches = allStretches(curve, levels)
  const big = stretches
    .map((s) => stretchEvent(curve, s))
    .filter((e) => diverged === undefined || e.toStep < diverged.fromStep)
    // What the end shows to have come back is slow, not lost.
    .map(
      (e): CurveEvent =>
        e.code === 'not-recovered' && ends.length === 0 ? { ...e, code: 'slow-recovery' } : e,
    )
    .map((e): CurveEvent => (e.code === 'not-recovered' ? { ...e, code: 'spike' } : e))
  const minor = minorOutliers(curve, stretches)
    .filter((i) => diverged === undefined || curve.step[i] < diverged.fromStep)
    .slice(0, T.mostMinor)
    .map(
      (i): CurveEvent => ({
        code: 'minor-spike',
        fromStep: curve.step[i],
        toStep: curve.step[i],
        magnitude: curve.value[i] - curve.value[i - 1],
        unit: 'nats/token',
        confidence: 'weak',
        text: `a single loss of ${curve.value[i].toFixed(2)} at step ${curve.step[i]}`,
      }),
    )
  return [...big, ...minor]
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

/** A validation loss that was measured behind an onset and stands at its best says that nothing was lost. */
function contradicted(event: CurveEvent, validation: Curve): boolean {
  const n = validation.value.length
  if (n < 3 || validation.step[n - 1] <= event.fromStep) return false
  const best = validation.value.reduce((a, b) => Math.min(a, b))
  return validation.value[n - 1] <= best + T.atBestNats
}

/** Judge one run by itself, in METHODS §6's order. Pure: the same run gives the same judgement. */
export function judgeRun(run: TrainingRun): RunJudgement {
  const prepared = prepare(run)
  const curve =
    prepared.finiteLoss.step.length >= T.leastPoints
      ? prepared.finiteLoss
      : prepared.validation.step.length > prepared.finiteLoss.step.length
        ? prepared.validation
        : prepared.finiteLoss
  const schedule = recogniseSchedule(prepared.learningRate)
  const bad = nonFiniteEvents(prepared.loss)
  const levels = curve.value.length > 0 ? levelsOf(curve) : undefined
  const restarts = restartEvents(prepared, levels?.scatter ?? 0)
  const common = {
    run,
    prepared,
    curve,
    schedule,
    finalLoss: curve === prepared.validation ? finalValidationLoss(curve) : finalLoss(curve),
    finalValidationLoss: finalValidationLoss(prepared.validation),
  }
  const n = curve.value.length
  const complete = reachedPlan(prepared) === true || run.notes.some((note) => note.code === 'completed')
  const least = complete ? T.leastPointsComplete : T.leastPoints
  if (n < least && bad.length === 0) {
    const event: CurveEvent = {
      code: 'not-enough-data',
      fromStep: prepared.firstStep,
      toStep: prepared.lastStep,
      magnitude: n,
      unit: 'losses',
      confidence: 'strong',
      text: `only ${n} losses: ${least} or more are needed`,
      action: 'Judge again when the run has gone further, or log more often.',
    }
    const events = sorted([event, ...restarts])
    return {
      ...common,
      levels: undefined,
      verdict: 'not-enough-data',
      events,
      verdictEvents: [event],
      law: undefined,
      predictedFinalLoss: { kind: 'notEstimable', reason: event.text },
      earlyWarning: undefined,
    }
  }
  if (n < least || levels === undefined) {
    const events = sorted([...bad, ...restarts])
    return {
      ...common,
      levels: undefined,
      verdict: verdictOfRun(events),
      events,
      verdictEvents: events,
      law: undefined,
      predictedFinalLoss: { kind: 'notEstimable', reason: `only ${n} finite losses` },
      earlyWarning: undefined,
    }
  }
  const gap = endGap(curve, levels)
  const ends = endEvents(curve, levels, gap, schedule).map((e) =>
    curve !== prepared.validation && contradicted(e, prepared.validation)
      ? {
          ...e,
          confidence: 'weak' as const,
          cause: 'the validation loss does not confirm it: it stands at its best',
        }
      : e,
  )
  const progress = ends.length === 0 ? progressEvent(prepared, curve, levels, gap) : undefined
  const spikes = spikeEvents(curve, levels, ends)
  const settled = [
    ...bad,
    ...ends,
    ...[
      progress,
      overfitEvent(prepared),
      truncationEvent(prepared, schedule),
      gradientEvent(prepared.gradNorm),
    ].filter((e) => e !== undefined),
    ...scheduleEvents(prepared, schedule),
    ...spikes,
    ...leadEvents(prepared.gradNorm, [...ends, ...spikes]),
    ...skippedEvent(prepared),
  ]
  // What was rolled back did not stay: only the fact of the roll-back counts for the verdict.
  const verdictEvents = [...settled, ...restarts.filter((e) => e.code === 'rolled-back')]
  const ground = lawGround(prepared, schedule)
  const law = ground === undefined ? undefined : fitRunLaw(ground)
  return {
    ...common,
    levels,
    verdict: verdictOfRun(verdictEvents),
    verdictEvents,
    events: sorted([...settled, ...restarts]).map((e) =>
      withCost(withCause(e, prepared, schedule), prepared),
    ),
    law,
    predictedFinalLoss: predictFinalLoss(prepared, schedule, ground, law),
    earlyWarning:
      ends.length > 0 || bad.length > 0
        ? earlyWarning(prepared.loss, curve, levels, prepared.lastStep)
        : undefined,
  }
}
