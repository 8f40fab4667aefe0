import { type Estimate, estimate, notEstimable } from '../../estimate.js'
import type { EvaluationRow, ProblemSamples } from '../../evidence/index.js'
import type { Random } from '../../random/index.js'
import { quantile } from '../../stats/index.js'
import { type FormFit, fitForm } from '../fit-form.js'
import type { Target } from '../forecast/point.js'
import type { Design } from '../form.js'
import { repeatedSampling } from '../forms/repeated-sampling.js'
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
  readonly converged: boolean
  readonly runs: number
  readonly points: number
  /** The run with the most compute predicted from the others; null when fewer than three others are left. */
  readonly backTest: { readonly mae: number; readonly mre: number; readonly baselineMae: number } | null
}

/** A benchmark that no plan could be made for, or rows of it that no plan could use. */
export interface SamplingAbstention {
  readonly benchmark: string
  readonly reason: string
}

export interface SamplingOptions {
  readonly ks: readonly number[]
  /** Tokens of one sampled answer, for inference FLOPs 2·N·T a sample. */
  readonly tokensPerSample: number
  readonly resamples: number
  readonly level: number
}

export const DEFAULT_TOKENS_PER_SAMPLE = 256
const MINIMUM_POINTS = 6
const MINIMUM_RUNS = 3
/** ln ln(1/Q) explodes at the ends: rates this near 0 or 1 are dropped, as the source drops 0 and 1. */
const EDGE = 1e-6

function designOf(points: readonly SamplingPoint[]): Design {
  return {
    rows: points.map((p) => Float64Array.of(Math.log(p.flops), Math.log(p.k))),
    response: Float64Array.from(points, (p) => Math.log(-Math.log(p.passRate))),
  }
}

function rateAt(fit: FormFit, flops: number, k: number): number {
  return Math.exp(-Math.exp(repeatedSampling.evaluate(fit.theta, [Math.log(flops), Math.log(k)], null)))
}

/** Compute at which one sample passes as often as k samples do at `flops`: c1·ln C is linear, so in closed form. */
function equalTraining(fit: FormFit, flops: number, k: number): number | null {
  const [c0, c1] = fit.theta
  if (!(c1 < 0)) return null
  const wanted = repeatedSampling.evaluate(fit.theta, [Math.log(flops), Math.log(k)], null)
  const equal = Math.exp((wanted - c0) / c1)
  return Number.isFinite(equal) ? equal : null
}

function planOf(
  benchmark: string,
  points: readonly SamplingPoint[],
  target: Target,
  options: SamplingOptions,
  random: Random,
): SamplingPlan | SamplingAbstention {
  const usable = points.filter((p) => p.passRate > EDGE && p.passRate < 1 - EDGE)
  const runs = [...new Set(usable.map((p) => p.run))]
  if (usable.length < MINIMUM_POINTS || runs.length < MINIMUM_RUNS)
    return {
      benchmark,
      reason: `${usable.length} pass rates strictly between 0 and 1 of ${runs.length} runs, ${MINIMUM_POINTS} of ${MINIMUM_RUNS} needed`,
    }
  const ks = new Set(usable.map((p) => p.k))
  if (ks.size < 2)
    return { benchmark, reason: 'one value of k alone: repeated sampling needs two, or per-problem (n, c)' }
  const fit = fitForm(repeatedSampling, designOf(usable))
  if (!fit.converged)
    return { benchmark, reason: 'compute and k do not vary apart: the four parameters cannot be told apart' }
  const draws = options.ks.map(() => [] as number[])
  for (let r = 0; r < options.resamples; r++) {
    const drawn = runs.map(() => runs[random.integer(runs.length)])
    if (new Set(drawn).size < 2) continue
    const refit = fitForm(
      repeatedSampling,
      designOf(drawn.flatMap((run) => usable.filter((p) => p.run === run))),
    )
    if (!refit.converged) continue
    options.ks.forEach((k, i) => {
      draws[i].push(rateAt(refit, target.flops, k))
    })
  }
  const inference = target.params === null ? null : 2 * target.params * options.tokensPerSample
  const rows = options.ks.map((k, i): SamplingRow => {
    const equal = k === 1 ? target.flops : equalTraining(fit, target.flops, k)
    const cost = inference === null ? null : k * inference
    const extra = equal === null ? null : equal - target.flops
    return {
      k,
      passRate: passEstimate(rateAt(fit, target.flops, k), draws[i], options.level, runs.length),
      equalFlops: equal,
      inferenceFlops: cost,
      breakEvenProblems:
        extra === null || inference === null || k === 1 ? null : extra / ((k - 1) * inference),
    }
  })
  return {
    benchmark,
    metric: points[0].metric,
    rows,
    parameters: Object.fromEntries(repeatedSampling.parameters.map(({ name }, i) => [name, fit.theta[i]])),
    converged: fit.converged,
    runs: runs.length,
    points: usable.length,
    backTest: backTestOf(usable),
  }
}

/** Hold out the run with the most compute; the baseline copies the largest remaining run at the nearest k. */
function backTestOf(points: readonly SamplingPoint[]): SamplingPlan['backTest'] {
  const largest = points.reduce((best, p) => (p.flops > best.flops ? p : best))
  const test = points.filter((p) => p.run === largest.run)
  const train = points.filter((p) => p.run !== largest.run && p.flops < largest.flops)
  if (new Set(train.map((p) => p.run)).size < MINIMUM_RUNS - 1 || train.length < MINIMUM_POINTS) return null
  const fit = fitForm(repeatedSampling, designOf(train))
  if (!fit.converged) return null
  const next = train.reduce((best, p) => (p.flops > best.flops ? p : best))
  const copied = train.filter((p) => p.run === next.run)
  const nearest = (k: number): SamplingPoint =>
    copied.reduce((best, p) => (Math.abs(Math.log(p.k / k)) < Math.abs(Math.log(best.k / k)) ? p : best))
  const mean = (f: (p: SamplingPoint) => number): number =>
    test.reduce((sum, p) => sum + f(p), 0) / test.length
  const error = (p: SamplingPoint): number => Math.abs(rateAt(fit, p.flops, p.k) - p.passRate)
  return {
    mae: mean(error),
    mre: mean((p) => error(p) / p.passRate),
    baselineMae: mean((p) => Math.abs(nearest(p.k).passRate - p.passRate)),
  }
}

function passEstimate(value: number, draws: readonly number[], level: number, runs: number): Estimate {
  if (draws.length < 20) return notEstimable(`${draws.length} resamples could be fitted, 20 are needed`)
  const tail = (1 - level) / 2
  return estimate(
    value,
    { low: Math.min(value, quantile(draws, tail)), high: Math.max(value, quantile(draws, 1 - tail)), level },
    'pass rate',
    runs,
  )
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
  random: Random,
): { plans: SamplingPlan[]; abstentions: SamplingAbstention[] } {
  const { points: byBenchmark, dropped } = samplingPoints(rows, problems, options.ks)
  const plans: SamplingPlan[] = []
  const abstentions: SamplingAbstention[] = []
  for (const [benchmark, points] of byBenchmark) {
    const made = planOf(benchmark, points, target, options, random.derive(benchmark))
    if ('reason' in made) abstentions.push(made)
    else plans.push(made)
  }
  for (const [benchmark, refused] of dropped)
    if (refused.length > 0)
      abstentions.push({
        benchmark,
        reason: `${refused.length} pass rates left out, first ${refused[0].source}: ${refused[0].reason}`,
      })
  return { plans, abstentions }
}
