import { groupBy } from '../collections.js'
import { type Estimate, notEstimable } from '../estimate.js'
import type {
  AdaptationEvidence,
  AdaptationKind,
  AdaptationOutcome,
  AdaptationTask,
  ShotCondition,
} from '../evidence/index.js'
import { type CrossedValue, crossedMean } from '../gain/crossed-mean.js'

/** What a task came to behind k shots. */
export interface ShotPoint {
  readonly k: number
  readonly accuracy: Estimate
  /** Nats. */
  readonly margin: Estimate
}

/** A curve whose shots say something else. */
export interface ControlCurve {
  readonly name: ShotCondition
  readonly shots: readonly ShotPoint[]
}

export interface MeasuredTask {
  readonly task: string
  readonly kind: AdaptationKind
  readonly chance: number
  readonly items: number
  readonly shots: readonly ShotPoint[]
  readonly controls: readonly ControlCurve[]
  /** Margin behind the most shots less margin without shots, the same items and draws, nats. */
  readonly gain: Estimate
  /**
   * What the labels are worth, nats: margin behind the most shots less that behind the same shots with wrong labels; of
   * statements, how far a false one moves the answer from where a true one takes it.
   */
  readonly labelsWorth: Estimate
  readonly leftOut: readonly string[]
}

export interface MeasuredAdaptation {
  readonly tasks: readonly MeasuredTask[]
  /** All made-up rules together, each drawn rule a cluster; undefined where none was asked. */
  readonly madeUp?: MeasuredTask
}

/** Control against which the worth of a task's labels is told. */
const AGAINST: Readonly<Record<AdaptationKind, ShotCondition>> = {
  labels: 'flipped',
  answers: 'flipped',
  'made-up': 'shuffled',
  counterfactual: 'true-statement',
}

const crossed =
  (value: (o: AdaptationOutcome) => number) =>
  (o: AdaptationOutcome): CrossedValue => ({
    item: o.item,
    cluster: o.cluster,
    draw: o.draw,
    value: value(o),
  })

function curveOf(outcomes: readonly AdaptationOutcome[], level: number): ShotPoint[] {
  return [...groupBy(outcomes, (o) => o.k)]
    .sort(([a], [b]) => a - b)
    .map(([k, own]) => ({
      k,
      accuracy: crossedMean(own.map(crossed((o) => o.correct)), 'accuracy', level),
      margin: crossedMean(own.map(crossed((o) => o.margin)), 'nats', level),
    }))
}

/**
 * Mean difference of margins, item by item; where the other side knows no draws (no shots) it stands beside each.
 *
 * @returns nats
 */
function pairedMargin(
  from: readonly AdaptationOutcome[],
  to: readonly AdaptationOutcome[],
  level: number,
): Estimate {
  const drawless = new Set(from.map((o) => o.draw)).size < 2
  const key = (o: AdaptationOutcome): string => JSON.stringify([o.item, drawless ? 0 : o.draw])
  const before = new Map(from.map((o) => [key(o), o.margin]))
  const differences = to.flatMap((o) => {
    const first = before.get(key(o))
    return first === undefined ? [] : [crossed(() => o.margin - first)(o)]
  })
  return crossedMean(differences, 'nats', level)
}

function measureTask(
  { task, kind, chance, items, leftOut }: AdaptationTask,
  outcomes: readonly AdaptationOutcome[],
  level: number,
): MeasuredTask {
  const byCondition = groupBy(outcomes, (o) => o.condition)
  const given = byCondition.get('given') ?? []
  const most = Math.max(0, ...given.map((o) => o.k))
  const at = (own: readonly AdaptationOutcome[], k: number) => own.filter((o) => o.k === k)
  const statements = kind === 'counterfactual'
  // Behind a true statement the right answer is the other one: the same difference with its sign turned.
  const against = (byCondition.get(AGAINST[kind]) ?? []).map((o) =>
    statements ? { ...o, margin: -o.margin } : o,
  )
  const compared = statements ? 1 : most
  const unasked = notEstimable('no shots fit behind which the items could be asked')
  return {
    task,
    kind,
    chance,
    items,
    shots: curveOf(given, level),
    controls: [...byCondition]
      .filter(([name]) => name !== 'given')
      .map(([name, own]) => ({ name, shots: curveOf(own, level) })),
    gain: most === 0 ? unasked : pairedMargin(at(given, 0), at(given, most), level),
    labelsWorth: most === 0 ? unasked : pairedMargin(at(against, compared), at(given, compared), level),
    leftOut,
  }
}

/**
 * k-shot curves of every task with their controls (docs/methods/gain.md#adaptability).
 *
 * @param level confidence level of the intervals, over items and draws
 */
export function measureAdaptation(
  { tasks, outcomes }: AdaptationEvidence,
  level: number,
): MeasuredAdaptation {
  const byTask = groupBy(outcomes, (o) => o.task)
  const own = (task: AdaptationTask): readonly AdaptationOutcome[] => byTask.get(task.task) ?? []
  const rules = tasks.filter((t) => t.kind === 'made-up')
  const measured = tasks.map((task) => measureTask(task, own(task), level))
  if (rules.length === 0) return { tasks: measured }
  const together: AdaptationTask = {
    ...rules[0],
    task: 'made-up rules',
    items: rules.reduce((n, { items }) => n + items, 0),
    leftOut: [...new Set(rules.flatMap((rule) => rule.leftOut))],
  }
  return { tasks: measured, madeUp: measureTask(together, rules.flatMap(own), level) }
}
