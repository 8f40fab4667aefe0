import { groupBy } from '../collections.js'
import { type Estimate, mapEstimate, notEstimable, withinBounds } from '../estimate.js'
import type { BenchmarkDraw, BenchmarkTask, ChoicesEvidence } from '../evidence/index.js'
import { type CrossedValue, crossedMean } from '../gain/crossed-mean.js'
import type { Random } from '../random/index.js'
import { type Calibration, calibrationOf } from '../retention/index.js'
import { type ItemScores, itemScores } from './item-scores.js'

/** A task's scores; each estimate is about other items (in clusters) and, where there are several, other draws. */
export interface MeasuredBenchmark {
  readonly task: string
  readonly shots: number
  readonly items: number
  /** Accuracy of guessing; null where it is not known. */
  readonly chance: number | null
  /** By summed log-likelihood; of a single continuation, whether each of its tokens is the likeliest. */
  readonly accuracy: Estimate
  /** By log-likelihood a character: lm-evaluation-harness's acc_norm. */
  readonly accuracyNorm: Estimate
  /** By log-likelihood a UTF-8 byte: acc_bytes. */
  readonly accuracyBytes: Estimate
  /** By log-likelihood a token. */
  readonly accuracyTokens: Estimate
  /** By log-likelihood less that without the question: acc_mutual_info. */
  readonly accuracyPmi: Estimate
  readonly exactMatch: Estimate
  readonly brier: Estimate
  /** Nats. */
  readonly margin: Estimate
  readonly bitsPerByte: Estimate
  /** (accuracy − chance) / (1 − chance): 0 is guessing, 1 is all right. */
  readonly aboveChance: Estimate
  readonly calibration: Calibration
  /** What the task is scored by: the score that its definition names first, of those that are known. */
  readonly main: { readonly score: MainScore; readonly estimate: Estimate }
  /** Main score under each draw of shots and template. */
  readonly draws: readonly (BenchmarkDraw & { readonly value: number | null })[]
  readonly about: BenchmarkTask
}

/** Scores that a task may be told by. */
export type MainScore = 'accuracy' | 'accuracyNorm' | 'accuracyBytes' | 'accuracyPmi' | 'exactMatch'

/** lm-evaluation-harness's name of a score → ours. */
const SCORE_OF: Readonly<Record<string, MainScore>> = {
  acc: 'accuracy',
  acc_norm: 'accuracyNorm',
  acc_bytes: 'accuracyBytes',
  acc_mutual_info: 'accuracyPmi',
  exact_match: 'exactMatch',
}

/** One item under one draw. */
interface Trial {
  readonly item: string
  readonly cluster: string
  readonly draw: number
  readonly scores: ItemScores
}

const NOT_TOLD = 'the answers of this task do not tell it'

function meanOf(
  trials: readonly Trial[],
  pick: (scores: ItemScores) => number | null,
  unit: string,
  level: number,
): Estimate {
  const values = trials.flatMap(({ item, cluster, draw, scores }): CrossedValue[] => {
    const value = pick(scores)
    return value === null ? [] : [{ item, cluster, draw, value }]
  })
  // Part of the items would be another set of items than the other scores have.
  if (values.length < trials.length) return notEstimable(NOT_TOLD)
  return crossedMean(values, unit, level)
}

/**
 * Bits of the right answers over their bytes, Σ/Σ; the interval is that of the ratio's linear part,
 * R + (bits − R · bytes)/mean bytes, item by item.
 */
function bitsPerByte(trials: readonly Trial[], level: number): Estimate {
  const sum = (of: (s: ItemScores) => number): number => trials.reduce((n, t) => n + of(t.scores), 0)
  const bytes = sum((s) => s.scoredBytes)
  if (bytes === 0 || trials.some((t) => t.scores.bits === null)) return notEstimable(NOT_TOLD)
  const value = sum((s) => s.bits ?? 0) / bytes
  const mean = bytes / trials.length
  const e = meanOf(trials, (s) => value + ((s.bits ?? 0) - value * s.scoredBytes) / mean, 'bits/byte', level)
  return withinBounds(e, 0, Number.POSITIVE_INFINITY)
}

function trialsOf({ answers }: ChoicesEvidence): Map<string, Trial[]> {
  return new Map(
    [...groupBy(answers, (a) => a.task)].map(([task, own]) => [
      task,
      [...groupBy(own, (a) => JSON.stringify([a.draw, a.item])).values()].map((of) => ({
        item: of[0].item,
        cluster: of[0].cluster,
        draw: of[0].draw,
        scores: itemScores(of.toSorted((a, b) => a.choice - b.choice)),
      })),
    ]),
  )
}

/** The score that a task's definition names first, of those that its answers tell. */
function mainOf({ metrics }: BenchmarkTask, trials: readonly Trial[]): MainScore {
  const named = [...metrics.flatMap((m) => SCORE_OF[m] ?? []), 'accuracy' as const, 'exactMatch' as const]
  return named.find((name) => trials.every((t) => t.scores[name] !== null)) ?? 'accuracy'
}

function measureTask(
  about: BenchmarkTask,
  trials: readonly Trial[],
  random: Random,
  level: number,
): MeasuredBenchmark {
  const { task, shots, chance } = about
  const accuracyBy = (name: MainScore | 'accuracyTokens'): Estimate =>
    meanOf(trials, (s) => s[name], 'accuracy', level)
  const scores = {
    accuracy: accuracyBy('accuracy'),
    accuracyNorm: accuracyBy('accuracyNorm'),
    accuracyBytes: accuracyBy('accuracyBytes'),
    accuracyPmi: accuracyBy('accuracyPmi'),
    // Of choices it is whether the right one would be written, which nobody asked unless the task names it.
    exactMatch:
      about.output === 'multiple_choice' && !about.metrics.includes('exact_match')
        ? notEstimable('the task does not ask for it')
        : accuracyBy('exactMatch'),
  }
  const main = mainOf(about, trials)
  const scoreUnder = (draw: number): number | null => {
    const own = trials.filter((t) => t.draw === draw)
    const values = own.map((t) => t.scores[main])
    return values.length === 0 || values.includes(null)
      ? null
      : (values as number[]).reduce((sum, v) => sum + v, 0) / values.length
  }
  return {
    task,
    shots,
    chance,
    items: new Set(trials.map((t) => t.item)).size,
    ...scores,
    accuracyTokens: accuracyBy('accuracyTokens'),
    brier: meanOf(trials, (s) => s.brier, 'brier', level),
    margin: meanOf(trials, (s) => s.margin, 'nats', level),
    bitsPerByte: bitsPerByte(trials, level),
    aboveChance:
      chance === null || chance >= 1
        ? notEstimable('the accuracy of guessing is not known')
        : mapEstimate(scores[main], 'share', (a) => (a - chance) / (1 - chance)),
    calibration: calibrationOf(
      trials.flatMap(({ cluster, scores: { confidence, accuracy } }) =>
        confidence === null || accuracy === null ? [] : [{ unit: cluster, confidence, correct: accuracy }],
      ),
      random.derive(task),
      level,
    ),
    main: { score: main, estimate: scores[main] },
    draws: about.draws.map((draw) => ({ ...draw, value: scoreUnder(draw.draw) })),
    about,
  }
}

/**
 * Scores of every task (docs/methods/benchmarks.md#scores).
 *
 * @param random of the calibration's resampling alone
 * @param level  confidence level of the intervals, over items in clusters and draws
 */
export function measureBenchmarks(
  evidence: ChoicesEvidence,
  random: Random,
  level: number,
): MeasuredBenchmark[] {
  const trials = trialsOf(evidence)
  return evidence.tasks.map((about) => measureTask(about, trials.get(about.task) ?? [], random, level))
}

/**
 * Change of each task's main score between two models asked the same: after − before item by item, for tasks of the same
 * definition, items and shots.
 */
export function pairedBenchmarks(
  before: ChoicesEvidence,
  after: ChoicesEvidence,
  level: number,
): { readonly task: string; readonly difference: Estimate }[] {
  const earlier = trialsOf(before)
  const later = trialsOf(after)
  return after.tasks.flatMap((about) => {
    const then = before.tasks.find((t) => isSame(t, about))
    if (then === undefined) return []
    const known = new Map((earlier.get(about.task) ?? []).map((t) => [keyOf(t), t.scores]))
    const trials = later.get(about.task) ?? []
    const main = mainOf(about, trials)
    const values = trials.flatMap((trial): CrossedValue[] => {
      const [a, b] = [known.get(keyOf(trial))?.[main] ?? null, trial.scores[main]]
      return a === null || b === null ? [] : [{ ...trial, value: b - a }]
    })
    if (values.length < trials.length || values.length === 0) return []
    const difference = crossedMean(values, 'difference', level, 1)
    return difference.kind === 'estimate'
      ? [{ task: about.task, difference: { ...difference, unit: 'accuracy' } }]
      : []
  })
}

const keyOf = ({ draw, item }: Trial): string => JSON.stringify([draw, item])

const isSame = (a: BenchmarkTask, b: BenchmarkTask): boolean =>
  a.task === b.task &&
  a.shots === b.shots &&
  a.definitionSha256 === b.definitionSha256 &&
  a.itemsSha256 === b.itemsSha256 &&
  JSON.stringify(a.draws) === JSON.stringify(b.draws)
