import { type Estimate, estimate } from '../../estimate.js'
import type { EvaluationRow, ProblemSamples } from '../../evidence/index.js'
import { normalQuantile } from '../../stats/index.js'
import { accuracyScale, clampU } from '../forecast/accuracy-scale.js'
import { LARGEST_EXTRAPOLATION } from '../forecast/forecast.js'
import { itemSpread } from '../forecast/interval.js'
import type { Contradiction, Dropped } from '../forecast/measured.js'
import type { Target } from '../forecast/point.js'
import { MINIMUM_POINTS, NEAR_CHANCE_MARGIN } from '../forecast/usable.js'
import { repeatedSampling } from '../forms/repeated-sampling.js'
import { backTestSampling, type SamplingBackTest } from './back-test.js'
import { fitSamplingLaw, type SamplingLaw } from './law.js'
import { type SamplingPoint, samplingPoints } from './points.js'

/** pass@k at one k, and how sampling compares with training. */
export interface SamplingRow {
  readonly k: number
  readonly passRate: Estimate
  /** Training compute at which one sample alone would pass as often; null when no finite compute does. */
  readonly equalFlops: number | null
  /** Inference FLOPs of k samples of one problem. */
  readonly inferenceFlops: number | null
  /** Below this many problems served, k samples cost less than training to the same one-sample rate. */
  readonly breakEvenProblems: number | null
}

/** Repeated sampling of one benchmark at the target. */
export interface SamplingPlan {
  readonly benchmark: string
  readonly metric: string
  readonly rows: readonly SamplingRow[]
  readonly parameters: Readonly<Record<string, number>>
  readonly runs: number
  readonly points: number
  /** Compute of the target over that of the largest fitted run. */
  readonly extrapolation: number
  /** The largest runs predicted from the smaller ones; null when fewer than three would be left. */
  readonly backTest: SamplingBackTest | null
}

/** A benchmark that no plan could be made for. */
export interface SamplingAbstention {
  readonly benchmark: string
  readonly reason: string
}

/** Repeated sampling of every benchmark that has pass rates at k; all empty where none has. */
export interface SamplingPlans {
  readonly plans: readonly SamplingPlan[]
  readonly abstentions: readonly SamplingAbstention[]
  /** Rows with a k that no plan could use. */
  readonly dropped: readonly Dropped[]
  readonly contradictions: readonly Contradiction[]
}

/** Sample counts to plan for, and what a sample costs. */
export interface SamplingOptions {
  readonly ks: readonly number[]
  /** Tokens of one sampled answer, for inference FLOPs 2·N·T a sample. */
  readonly tokensPerSample: number
  readonly level: number
}

export const DEFAULT_TOKENS_PER_SAMPLE = 256
/** Fewer runs: abstain, as the rest of the forecast does below so many points. A run is one, whatever its values of k. */
const MINIMUM_RUNS = MINIMUM_POINTS
/** ln ln(1/Q) explodes at 1. */
const EDGE = 1e-6

const scale = accuracyScale(0)

/** Compute at which one sample passes as often as k samples do at `flops`: c1·ln C is linear, so in closed form. */
function equalTraining(law: SamplingLaw, flops: number, k: number): number | null {
  const [c0, c1] = law.theta
  if (!(c1 < 0)) return null
  const equal = Math.exp((law.uAt(flops, k) - c0) / c1)
  return Number.isFinite(equal) ? equal : null
}

/**
 * Disagreement of the law with the same law without its interaction of compute and k, as the standard deviation of the
 * two weighed by Akaike's criterion: where the data decide between them, nothing is left of it.
 */
function formSpread(law: SamplingLaw, plain: SamplingLaw | null, target: Target, k: number): number {
  if (plain === null) return 0
  const weight = 1 / (1 + Math.exp((plain.criterion - law.criterion) / 2))
  return Math.abs(law.uAt(target.flops, k) - plain.uAt(target.flops, k)) * Math.sqrt(weight * (1 - weight))
}

/** pass@k at the target: the runs' scatter about the law, the law's form, and the items that it will be held against. */
function passRateAt(
  law: SamplingLaw,
  plain: SamplingLaw | null,
  target: Target,
  k: number,
  level: number,
  items: number | null,
): Estimate {
  const u = law.uAt(target.flops, k)
  const z = normalQuantile((1 + level) / 2)
  const half = Math.hypot(
    law.halfWidth(target.flops, k, level),
    z * formSpread(law, plain, target, k),
    z * itemSpread(scale, u, items),
  )
  return estimate(
    scale.toAccuracy(u),
    { low: scale.toAccuracy(clampU(u + half)), high: scale.toAccuracy(clampU(u - half)), level },
    'pass rate',
    law.runs,
  )
}

/** Why no plan is made of these points, before anything is fitted; null where one can be. */
function earlyAbstention(
  points: readonly SamplingPoint[],
  usable: readonly SamplingPoint[],
  target: Target,
): string | null {
  const runs = new Set(usable.map((p) => p.run)).size
  if (runs < MINIMUM_RUNS) {
    const near = points.length - usable.length
    return `${runs} usable runs, ${MINIMUM_RUNS} needed: ${near} of ${points.length} pass rates are ${NEAR_CHANCE_MARGIN} or less, or 1`
  }
  if (new Set(usable.map((p) => p.k)).size < 2)
    return 'one value of k alone: repeated sampling needs two, or per-problem (n, c)'
  const reach = target.flops / Math.max(...usable.map((p) => p.flops))
  return reach > LARGEST_EXTRAPOLATION
    ? `the target has ${Math.round(reach).toLocaleString('en')}× the compute of the largest fitted run, ${LARGEST_EXTRAPOLATION.toLocaleString('en')}× at most`
    : null
}

function planOf(
  benchmark: string,
  points: readonly SamplingPoint[],
  target: Target,
  options: SamplingOptions,
): SamplingPlan | SamplingAbstention {
  const usable = points.filter((p) => p.passRate > NEAR_CHANCE_MARGIN && p.passRate < 1 - EDGE)
  const reason = earlyAbstention(points, usable, target)
  if (reason !== null) return { benchmark, reason }
  const law = fitSamplingLaw(usable)
  if (law === null)
    return { benchmark, reason: 'compute and k do not vary apart: the four parameters cannot be told apart' }
  const [, , c2, c3] = law.theta
  if (!(c2 + c3 * Math.log(target.flops) < 0))
    return { benchmark, reason: 'by the fitted law more samples would pass less often at the target' }
  const backTest = backTestSampling(usable)
  if (backTest !== null && backTest.mae >= backTest.baselineMae)
    return {
      benchmark,
      reason: `the law does not beat copying the largest run in the rolling back-test (mean error ${backTest.mae.toFixed(3)} against ${backTest.baselineMae.toFixed(3)})`,
    }
  const plain = fitSamplingLaw(usable, false)
  const items = usable.reduce((most, p) => Math.max(most, p.items ?? 0), 0)
  const inference = target.params === null ? null : 2 * target.params * options.tokensPerSample
  const rows = options.ks.map((k): SamplingRow => {
    const equal = k === 1 ? target.flops : equalTraining(law, target.flops, k)
    const extra = equal === null ? null : equal - target.flops
    return {
      k,
      passRate: passRateAt(law, plain, target, k, options.level, items > 0 ? items : null),
      equalFlops: equal,
      inferenceFlops: inference === null ? null : k * inference,
      breakEvenProblems:
        extra === null || inference === null || k === 1 ? null : extra / ((k - 1) * inference),
    }
  })
  return {
    benchmark,
    metric: usable[0].metric,
    rows,
    parameters: Object.fromEntries(repeatedSampling.parameters.map(({ name }, i) => [name, law.theta[i]])),
    runs: law.runs,
    points: usable.length,
    extrapolation: target.flops / Math.max(...usable.map((p) => p.flops)),
    backTest,
  }
}

/**
 * Plan repeated sampling: pass@k at the target from ln(−ln Q) = c0 + c1·ln C + c2·ln k + c3·ln C·ln k, and the
 * training compute that would buy the same with one sample. Inference of k samples is k·2·N·T (the prompt's
 * prefill, shared by all samples, is left out).
 *
 * Source: arXiv:2512.08894, Eq. 5; docs/methods/sampling.md#law-in-compute-and-samples.
 */
export function planSampling(
  rows: readonly EvaluationRow[],
  problems: readonly ProblemSamples[],
  target: Target,
  options: SamplingOptions,
): SamplingPlans {
  const { points: byBenchmark, dropped, contradictions } = samplingPoints(rows, problems, options.ks)
  const plans: SamplingPlan[] = []
  const abstentions: SamplingAbstention[] = []
  for (const [benchmark, points] of byBenchmark) {
    const made = planOf(benchmark, points, target, options)
    if ('reason' in made) abstentions.push(made)
    else plans.push(made)
  }
  return { plans, abstentions, dropped, contradictions }
}

export type { SamplingBackTest } from './back-test.js'
