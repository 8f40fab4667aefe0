import { estimate, notEstimable } from '../../estimate.js'
import type { Random } from '../../random/index.js'
import { meanOrNull, normalQuantile } from '../../stats/index.js'
import { counted } from '../../text/counted.js'
import { type AccuracyScale, clampU } from './accuracy-scale.js'
import {
  averageU,
  bootstrapRefits,
  clustersOf,
  type Draws,
  drawsAt,
  type FittedSet,
  membersOf,
} from './average.js'
import { type BackTestSummary, summarise } from './back-test-summary.js'
import { copyBaseline } from './baseline.js'
import { CANDIDATES } from './candidates.js'
import { curveBetween, curveSites } from './curve.js'
import { offRungText, reasonOf, surpassedBy, warningsFor } from './explain.js'
import {
  formSpread,
  itemSpread,
  RECIPE_DEVIATION,
  reachSpread,
  robustSpread,
  type Spread,
  totalSpread,
} from './interval.js'
import { offRungs } from './off-rung.js'
import type { Abstention, FormReport, Prediction } from './outcome.js'
import type { RunPoint, Target } from './point.js'
import type { Askable, Prepared } from './prepare.js'
import { sharpeningRuns, sharpeningSites } from './sharpen.js'
import type { Fitted } from './stages.js'
import { type Benchmark, MINIMUM_POINTS, MINIMUM_RUNS } from './usable.js'
import { averageWeights } from './weights.js'
import type { Widening } from './widening.js'

/** Fewer resamples that could be fitted: abstain, since they tell no spread. */
const LEAST_DRAWS = 20
/** Share of refits left out above which a reader is told. */
const WARNED_LEFT_OUT = 0.1
/** Further away than this in compute: abstain. */
export const LARGEST_EXTRAPOLATION = 1000

/** Resampling, confidence level and reach of a forecast. */
export interface ForecastSettings {
  readonly resamples: number
  readonly level: number
  /** The curve goes on to this many times the largest fitted compute, when that is beyond the target. */
  readonly curveReach: number
}

export const DEFAULT_FORECAST: ForecastSettings = { resamples: 1000, level: 0.8, curveReach: 1 }

function largestCompute(points: readonly RunPoint[]): number {
  return Math.max(...points.map((point) => point.flops))
}

function namedParameters(fit: Fitted): Record<string, number> {
  const out: Record<string, number> = {}
  for (const stage of fit.stages)
    stage.form.parameters.forEach(({ name }, i) => {
      out[name in out ? `${name}2` : name] = stage.theta[i]
    })
  return out
}

/** Why no forecast is made before anything is fitted, or null. */
export function earlyAbstention(benchmark: Benchmark, target: Target): string | null {
  const { usable, all, chance, name } = benchmark
  if (usable.length < MINIMUM_POINTS) {
    const best = all.reduce((most, point) => Math.max(most, point.accuracy), 0)
    const near = all.length - usable.length
    return `${usable.length} usable points of ${all.length}, ${MINIMUM_POINTS} needed: ${near} are within five points of chance (${chance.toFixed(3)}) or at 1; best ${name} so far ${best.toFixed(3)}`
  }
  const runs = clustersOf(usable).length
  if (runs < MINIMUM_RUNS)
    return `${counted(runs, 'run')}, ${MINIMUM_RUNS} needed: checkpoints of one run are not independent`
  const ratio = target.flops / largestCompute(usable)
  if (ratio > LARGEST_EXTRAPOLATION)
    return `the target has ${Math.round(ratio).toLocaleString('en')}× the compute of the largest fitted run, ${LARGEST_EXTRAPOLATION.toLocaleString('en')}× at most`
  return null
}

function formReports(
  { data, scale, test }: Prepared,
  set: FittedSet,
  weights: readonly number[],
  target: Target,
): FormReport[] {
  return CANDIDATES.map((candidate, i): FormReport => {
    const fit = set.fits[i]
    const errors = test.errors.map((row) => row[i]).filter((e) => e !== null)
    const u = fit?.predict(target) ?? null
    return {
      form: candidate.id,
      title: candidate.title,
      equation: candidate.equation,
      parameters: fit === null ? {} : namedParameters(fit),
      converged: fit?.converged ?? false,
      weight: weights[i],
      accuracy: u === null ? null : scale.toAccuracy(u),
      backTestError: meanOrNull(errors),
      warnings: fit === null ? [] : candidate.warnings(data, scale, fit),
      refusal: set.refusals[i],
    }
  })
}

/** The back-test's verdict on the averaged forecast, which is the one that is given; null when it allows it. */
function worseThanBaseline({ mae, baselineMae }: BackTestSummary): string | null {
  if (mae === null || baselineMae === null || mae < baselineMae) return null
  return `the average of forms does not beat copying the largest run in the rolling back-test (mean error ${mae.toFixed(3)} against ${baselineMae.toFixed(3)})`
}

/** u and its spread at each site, from the fit, the bootstrap, the disagreement of forms and the reach beyond `largest` FLOPs. */
function spreadAt(
  site: Target | RunPoint,
  fits: readonly (Fitted | null)[],
  weights: readonly number[],
  draws: Draws,
  scale: AccuracyScale,
  items: number | null,
  largest: number,
): { u: number; spread: Spread } | null {
  const u = averageU(fits, weights, site)
  if (u === null) return null
  const spread = {
    runs: robustSpread(draws),
    forms: formSpread(fits, weights, site, u),
    reach: reachSpread(site.flops / largest),
    recipe: RECIPE_DEVIATION,
    items: itemSpread(scale, u, items),
  }
  return { u, spread }
}

/**
 * Forecast one prepared benchmark, or say why not.
 *
 * @param made every run of the table, which no advice is to make again
 */
export function forecastOne(
  prepared: Askable,
  pooled: readonly (number | null)[],
  pool: Widening,
  made: readonly RunPoint[],
  target: Target,
  settings: ForecastSettings,
  random: Random,
): Prediction | Abstention {
  const { benchmark, data, scale, test, heldOut } = prepared
  const fitted = prepared.fit(target)
  const weights = averageWeights(
    test.errors,
    pooled,
    fitted.fits.map((fit) => fit !== null && fit.predict(target) !== null),
  )
  const forms = formReports(prepared, fitted, weights, target)
  const abstain = (reason: string): Abstention => ({ kind: 'abstention', benchmark, reason, forms })
  const widening = pool.factor
  const summary = summarise(test, heldOut, scale, pool, settings.level)
  const members = CANDIDATES.filter((_, i) => weights[i] > 0)
  if (members.length === 0)
    return abstain(
      `no form can be fitted: ${forms.find((f) => f.refusal !== null)?.refusal ?? 'all refused'}`,
    )
  const beaten = worseThanBaseline(summary)
  if (beaten !== null) return abstain(beaten)

  const sites = curveSites(data.all, target, settings.curveReach)
  const options = sharpeningSites(data.usable, made, target)
  const places = [target, ...sites, ...options]
  const refits = bootstrapRefits(
    data.usable,
    scale,
    membersOf(fitted.fits, weights),
    random.derive(`runs of ${benchmark.name}`),
    settings.resamples,
  )
  const { leftOut } = refits
  const draws = places.map((place) => drawsAt(refits, weights, place))
  const told = draws[0].filter((u) => u !== null).length
  if (told < Math.min(LEAST_DRAWS, settings.resamples))
    return abstain(
      `${told} of ${settings.resamples} resamples could be fitted, ${LEAST_DRAWS} needed: ${leftOut} of ${refits.made} refits did not converge`,
    )
  const largest = largestCompute(data.usable)
  const at = spreadAt(target, fitted.fits, weights, draws[0], scale, benchmark.items, largest)
  if (at === null) return abstain('the forms give no value at the target')
  const z = normalQuantile((1 + settings.level) / 2)
  const half = z * widening * totalSpread(at.spread)
  const accuracy = scale.toAccuracy(at.u)
  const interval = {
    low: scale.toAccuracy(clampU(at.u + half)),
    high: scale.toAccuracy(clampU(at.u - half)),
    level: settings.level,
  }
  const band = sites.map((site, i) => ({
    site,
    at: spreadAt(site, fitted.fits, weights, draws[1 + i], scale, null, largest),
  }))
  const ratio = target.flops / largest
  const runs = clustersOf(data.usable).length
  const surpassed = surpassedBy(data.usable, target, accuracy)
  return {
    kind: 'prediction',
    benchmark,
    target,
    accuracy: Number.isFinite(accuracy)
      ? estimate(accuracy, interval, 'accuracy', runs)
      : notEstimable('the forecast is not finite'),
    form: members.length === 1 ? members[0].id : 'average',
    why: reasonOf(
      members.map((m) => m.id),
      weights,
      prepared,
      summary,
    ),
    chanceNormalised: scale.chance > 0 || benchmark.chance === 0,
    usedRuns: runs,
    baseline: copyBaseline(data.usable, target),
    backTest: summary,
    extrapolation: ratio,
    spread: { ...at.spread },
    widening,
    forms,
    curve: curveBetween(band, scale, z * widening, settings.level),
    sharpening: sharpeningRuns(
      options,
      draws[0],
      draws.slice(1 + sites.length),
      prepared,
      at,
      target,
      widening,
      z,
    ),
    warnings: [
      ...warningsFor(ratio, runs, benchmark, forms, summary),
      ...(surpassed === null || surpassed.isNoise ? [] : [surpassed.text]),
      ...offRungs(data.usable, scale, fitted.fits, weights).map(offRungText),
      ...(leftOut > WARNED_LEFT_OUT * refits.made
        ? [`${leftOut} of ${refits.made} bootstrap refits did not converge and are left out of the interval`]
        : []),
    ],
  }
}
