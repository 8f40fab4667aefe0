import { groupBy } from '../../collections.js'
import { meanOrNull, normalQuantile } from '../../stats/index.js'
import {
  type FamilyFit,
  type FamilyRun,
  familyWidening,
  fitFamilies,
  holds,
  type LeftOut,
  leaveFamiliesOut,
  type ScoreSpread,
  type Skills,
  scoreSpread,
} from '../families/index.js'
import type { BackTestSummary } from './back-test-summary.js'
import type { RunPoint } from './point.js'
import type { Benchmark } from './usable.js'

/** Fewer families with two models or more on a benchmark: nothing tells how far families differ. */
const LEAST_FAMILIES = 3
/** Runs of one family that enter, spread over its compute: more of them know no more of the other families. */
const MOST_RUNS = 24

/** One group of benchmarks, fitted together over the families. */
export interface FamilyGroup {
  readonly benchmarks: readonly Benchmark[]
  readonly fit: FamilyFit
  readonly leftOut: readonly LeftOut[]
  readonly widening: readonly number[]
}

type Sized = RunPoint & { readonly params: number; readonly tokens: number; readonly family: string }

function isSized(point: RunPoint): point is Sized {
  return point.params !== null && point.tokens !== null && point.family !== null
}

/** At most `MOST_RUNS` of a family's runs, `kept` among them where it is one. */
function spreadOverCompute(runs: readonly FamilyRun[], kept: string | null): FamilyRun[] {
  if (runs.length <= MOST_RUNS) return [...runs]
  const sorted = runs.toSorted((a, b) => a.flops - b.flops)
  const chosen = Array.from(
    { length: MOST_RUNS },
    (_, i) => sorted[Math.round((i * (sorted.length - 1)) / (MOST_RUNS - 1))],
  )
  const own = runs.find((run) => run.name === kept)
  return own === undefined || chosen.includes(own) ? chosen : [...chosen, own]
}

/** The last point of every run with its scores on the benchmarks. */
function runsOf(benchmarks: readonly Benchmark[], kept: string | null): FamilyRun[] {
  const points = benchmarks.flatMap((b, j) => b.all.filter(isSized).map((point) => ({ point, j })))
  const runs = [...groupBy(points, ({ point }) => `${point.family}\u0000${point.run}`).values()].map(
    (own): FamilyRun => {
      const last = own.reduce((best, o) => (o.point.flops > best.point.flops ? o : best)).point
      const scores = benchmarks.map((): number | null => null)
      for (const { point, j } of own) if (point.flops === last.flops) scores[j] = point.accuracy
      const { family, run, params, tokens, flops } = last
      return { family, name: run, params, tokens, flops, scores }
    },
  )
  return [...groupBy(runs, (run) => run.family).values()].flatMap((own) => spreadOverCompute(own, kept))
}

/**
 * The mixed model of a group of benchmarks, with what leaving each family out shows of it.
 *
 * @param kept run that enters whatever the number of its family's runs, by name
 * @returns null where fewer than three families have known sizes
 */
export function fitGroup(benchmarks: readonly Benchmark[], kept: string | null): FamilyGroup | null {
  const runs = runsOf(benchmarks, kept)
  if (new Set(runs.map((run) => run.family)).size < LEAST_FAMILIES) return null
  const fit = fitFamilies(
    runs,
    benchmarks.map((b) => b.chance),
    benchmarks.map((b) => b.items),
  )
  if (fit === null) return null
  const leftOut = leaveFamiliesOut(fit)
  return { benchmarks, fit, leftOut, widening: familyWidening(leftOut, benchmarks.length) }
}

/** What leaving families out told of benchmark j; its coverage is that of intervals widened by the other families alone. */
export function summaryOf({ leftOut, benchmarks }: FamilyGroup, j: number, level: number): BackTestSummary {
  const z = normalQuantile((1 + level) / 2)
  const own = leftOut.filter((l) => l.benchmark === j)
  const families = [...new Set(own.map((l) => l.family))]
  const mean = (of: (l: LeftOut) => number): number | null => meanOrNull(own.map(of))
  const error = (l: LeftOut): number => Math.abs(l.predicted - l.observed)
  const widening = new Map(
    families.map((family) => [
      family,
      familyWidening(
        leftOut.filter((l) => l.family !== family),
        benchmarks.length,
      )[j],
    ]),
  )
  return {
    folds: families.length,
    points: own.length,
    mae: mean(error),
    mre: meanOrNull(own.filter((l) => l.observed > 0).map((l) => error(l) / l.observed)),
    baselineMae: mean((l) => Math.abs(l.copied - l.observed)),
    coverage: mean((l) => (holds(l, z * (widening.get(l.family) ?? 1)) ? 1 : 0)),
  }
}

/** Why nothing can be said of a benchmark, or null. */
export function refusalOf(summary: BackTestSummary): string | null {
  const { folds, mae, baselineMae } = summary
  if (folds < LEAST_FAMILIES || mae === null || baselineMae === null)
    return `${folds} families with two models or more were measured on it, ${LEAST_FAMILIES} needed to tell how families differ`
  if (mae >= baselineMae)
    return `the families together do not beat copying the smallest relative where a family is left out (mean error ${mae.toFixed(3)} against ${baselineMae.toFixed(3)})`
  return null
}

export function spreadOf(
  { fit, benchmarks }: FamilyGroup,
  skills: Skills,
  j: number,
  times: number,
): ScoreSpread {
  const variance = skills.covariance[j * benchmarks.length + j]
  return scoreSpread(fit.space, j, skills.mean[j], variance, fit.variances.noise, times)
}
