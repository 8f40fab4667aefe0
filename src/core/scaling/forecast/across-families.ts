import { estimate } from '../../estimate.js'
import { meanOrNull, normalQuantile } from '../../stats/index.js'
import { askFamily, type FamilyFit } from '../families/index.js'
import type { FittedFold } from './back-test.js'
import type { Curve } from './curve.js'
import { curveSites, factorOf } from './curve.js'
import { type FamilyGroup, fitGroup, refusalOf, spreadOf, summaryOf } from './family-group.js'
import type { ForecastSettings } from './forecast.js'
import type { FamilySpread } from './interval.js'
import type { Abstention, FormReport, Prediction } from './outcome.js'
import { type RunPoint, type Target, tokensPerParam } from './point.js'
import type { Benchmark } from './usable.js'
import { type WorthMeasuring, worthOf } from './worth-measuring.js'

export const ACROSS_FAMILIES = 'across-families'

/** Benchmarks that are fitted together, in the order of the table: beyond, their covariances cost more than they tell. */
const TOGETHER = 32

/** The mixed model of all families of a table. */
export interface AcrossFamilies {
  /**
   * The forecast of a family's benchmark, or why there is none.
   *
   * @param own name of the run of the family that the forecast is of, where scores of itself are known
   */
  forecast(
    benchmark: Benchmark,
    target: Target,
    settings: ForecastSettings,
    own?: string,
  ): Prediction | Abstention
  /** Benchmarks of a run by what measuring each would tell of all of them, the most first. */
  worthMeasuring(benchmarks: readonly Benchmark[], target: Target, own: string): WorthMeasuring[]
  /** Mean absolute error on the held-out points of a fold of the family's own rolling back-test; null where it is silent. */
  errorOn(benchmark: Benchmark, fold: FittedFold): number | null
}

/** The relative nearest in compute. */
function nearest(points: readonly RunPoint[], target: Target): RunPoint {
  const away = (p: RunPoint): number => Math.abs(Math.log(p.flops / target.flops))
  return points.reduce((best, point) => (away(point) < away(best) ? point : best))
}

function formReport(fit: FamilyFit, accuracy: number, backTestError: number | null): FormReport {
  return {
    form: ACROSS_FAMILIES,
    title: 'Families of models together',
    equation: 'logit Q′ = level + slopes·(ln N, ln D, ln N·ln D) + the family’s own + the run’s own',
    parameters: { ...fit.variances },
    converged: fit.converged,
    weight: 1,
    accuracy,
    backTestError,
    warnings: [],
    refusal: null,
  }
}

/**
 * Families of models forecast together, each with a level and slope of its own that are drawn to those of the others
 * as far as the data say (docs/methods/scaling.md#across-families).
 *
 * @param pooled benchmarks over all families, checkpoints reduced to the last one
 * @param kept   run that enters whatever the number of its family's runs, by name
 * @returns null where the table has fewer than three families of known sizes
 */
export function acrossFamilies(
  pooled: readonly Benchmark[],
  kept: string | null = null,
): AcrossFamilies | null {
  const groups: FamilyGroup[] = []
  for (let i = 0; i < pooled.length; i += TOGETHER) {
    const group = fitGroup(pooled.slice(i, i + TOGETHER), kept)
    if (group !== null) groups.push(group)
  }
  if (groups.length === 0) return null

  const place = ({ params, tokens }: { params: number | null; tokens: number | null }) =>
    params === null || tokens === null ? null : { params, tokens }
  const find = (benchmark: Benchmark): { group: FamilyGroup; j: number } | null => {
    for (const group of groups) {
      const j = group.benchmarks.findIndex((b) => b.name === benchmark.name)
      if (j >= 0) return { group, j }
    }
    return null
  }

  return {
    errorOn(benchmark, { train, test }) {
      const found = find(benchmark)
      if (found === null || benchmark.family === null) return null
      const { group, j } = found
      const held = new Set(test.map((point) => point.run))
      const least = Math.min(...test.map((point) => point.flops))
      const largestTrained = Math.max(...train.all.map((point) => point.flops), least)
      const known = (group.fit.families.get(benchmark.family) ?? []).filter(
        (run) => !held.has(run.name) && run.flops <= largestTrained,
      )
      const ask = askFamily(group.fit, benchmark.family, known)
      const errors = test.map((point) => {
        const at = place(point)
        const skills = at === null ? null : ask(at)
        return skills === null ? null : Math.abs(spreadOf(group, skills, j, 1).score - point.accuracy)
      })
      return errors.includes(null) ? null : meanOrNull(errors.filter((e) => e !== null))
    },

    forecast(benchmark, target, settings, own) {
      const abstain = (reason: string): Abstention => ({ kind: 'abstention', benchmark, reason, forms: [] })
      const found = find(benchmark)
      const at = place(target)
      if (found === null || benchmark.family === null)
        return abstain('fewer than three families of known sizes were measured')
      if (at === null) return abstain('families are told apart at given sizes: give --params and --tokens')
      const { group, j } = found
      const widening = group.widening[j]
      const summary = summaryOf(group, j, settings.level)
      const refusal = refusalOf(summary)
      if (refusal !== null) return abstain(refusal)
      const known = group.fit.families.get(benchmark.family) ?? []
      if (known.length === 0)
        return abstain(
          'nothing is known of the family: no model of it has parameters, tokens and a score in the table',
        )
      const ask = askFamily(group.fit, benchmark.family, known)
      const skills = ask(at, own)
      if (skills === null) return abstain('the families’ covariance is singular')
      const z = normalQuantile((1 + settings.level) / 2) * widening
      const spread = spreadOf(group, skills, j, z)
      const relatives = benchmark.all.length > 0 ? benchmark.all : group.benchmarks[j].all
      const copied = nearest(relatives, target)
      const largest = Math.max(...known.map((run) => run.flops))
      return {
        kind: 'prediction',
        benchmark,
        target,
        accuracy: estimate(
          spread.score,
          {
            low: Math.max(0, spread.score - spread.below),
            high: Math.min(1, spread.score + spread.above),
            level: settings.level,
          },
          'accuracy',
          known.length,
        ),
        form: ACROSS_FAMILIES,
        why: `${known.length === 1 ? 'one model' : `${known.length} models`} of the family and ${group.fit.families.size - 1} other families; where each of ${summary.folds} families was left out but for its smallest model, the error was ${summary.mae?.toFixed(3)}, that of copying the smallest ${summary.baselineMae?.toFixed(3)}`,
        chanceNormalised: true,
        usedRuns: known.length,
        baseline: copied.accuracy,
        backTest: summary,
        extrapolation: target.flops / largest,
        spread: {
          law: Math.sqrt(Math.max(0, skills.covariance[j * group.benchmarks.length + j])),
          noise: group.fit.variances.noise,
        } satisfies FamilySpread,
        widening,
        forms: [formReport(group.fit, spread.score, summary.mae)],
        curve: curveOf(group, j, benchmark, target, settings, ask, z),
        sharpening: [],
        warnings: benchmark.chanceKnown
          ? []
          : ['the chance level is unknown and was taken as 0: give it as a column or with --chance'],
      }
    },

    worthMeasuring(benchmarks, target, own) {
      const at = place(target)
      if (at === null) return []
      return groups
        .flatMap((group) => {
          const members = benchmarks.flatMap((b) => {
            const j = group.benchmarks.findIndex((g) => g.name === b.name)
            return j < 0 ? [] : [j]
          })
          const family = benchmarks[0]?.family ?? null
          if (members.length === 0 || family === null) return []
          const skills = askFamily(group.fit, family, group.fit.families.get(family) ?? [])(at, own)
          return skills === null
            ? []
            : worthOf(group.fit, skills, members).map(({ j, ...worth }) => ({
                benchmark: group.benchmarks[j].name,
                ...worth,
              }))
        })
        .sort((a, b) => b.narrowing - a.narrowing)
    },
  }
}

function curveOf(
  group: FamilyGroup,
  j: number,
  { all }: Benchmark,
  target: Target,
  settings: ForecastSettings,
  ask: ReturnType<typeof askFamily>,
  z: number,
): Curve {
  const sites = curveSites(all, target, settings.curveReach).flatMap(({ flops, params, tokens }) => {
    const skills = params === null || tokens === null ? null : ask({ params, tokens })
    return skills === null ? [] : [{ flops, spread: spreadOf(group, skills, j, z) }]
  })
  return {
    flops: sites.map(({ flops }) => flops),
    accuracy: sites.map(({ spread }) => spread.score),
    low: sites.map(({ spread }) => Math.max(0, spread.score - spread.below)),
    high: sites.map(({ spread }) => Math.min(1, spread.score + spread.above)),
    level: settings.level,
    tokensPerParam: tokensPerParam(target),
    flopsPerParamToken: factorOf(target),
  }
}
