import {
  CANDIDATES,
  type EvaluationsEvidence,
  estimateToJson,
  type Forecast,
  type ForecastAbstention,
  type ForecastPrediction,
  type ForecastTarget,
  type FormReport,
  type Inversion,
  meanOrNull,
  type SamplingPlan,
  type SamplingPlans,
} from '../../core/index.js'

type WithFamily = { readonly benchmark: { readonly name: string; readonly family: string | null } }

function nameOf({ benchmark }: WithFamily): { benchmark: string; family?: string } {
  return { benchmark: benchmark.name, ...(benchmark.family === null ? {} : { family: benchmark.family }) }
}

function predictionJson(p: ForecastPrediction): object {
  const { mae, mre, baselineMae, coverage, folds, points } = p.backTest
  return {
    ...nameOf(p),
    metric: p.benchmark.metric,
    params: p.target.params,
    tokens: p.target.tokens,
    flops: p.target.flops,
    accuracy: estimateToJson(p.accuracy),
    form: p.form,
    why: p.why,
    weights: Object.fromEntries(p.forms.filter((f) => f.weight > 0).map((f) => [f.form, f.weight])),
    chanceNormalised: p.chanceNormalised,
    chance: p.benchmark.chance,
    usedRuns: p.usedRuns,
    usedPoints: p.benchmark.usable.length,
    baseline: p.baseline,
    extrapolation: p.extrapolation,
    backtest: { mae, mre, baselineMae, coverage, folds, points },
    spread: { ...p.spread, widening: p.widening },
    curve: p.curve,
    nextRuns: p.sharpening.slice(0, NEXT_RUNS).map(({ flopsOfLargest, ...run }) => run),
    warnings: p.warnings,
  }
}

function formJson(p: ForecastPrediction | ForecastAbstention, f: FormReport): object {
  return {
    ...nameOf(p),
    form: f.form,
    equation: f.equation,
    parameters: f.parameters,
    converged: f.converged,
    weight: f.weight,
    accuracy: f.accuracy,
    backtestMae: f.backTestError,
    warnings: f.warnings,
    ...(f.refusal === null ? {} : { refusal: f.refusal }),
  }
}

/** Next runs that are listed for each benchmark. */
const NEXT_RUNS = 3

/** A pass@k prediction has the members of every other prediction, and its k. */
function samplingJson(plan: SamplingPlan, target: ForecastTarget): object[] {
  return plan.rows.map((row) => ({
    benchmark: plan.benchmark,
    metric: plan.metric,
    ...target,
    k: row.k,
    accuracy: estimateToJson(row.passRate),
    form: 'repeated-sampling',
    chanceNormalised: false,
    usedRuns: plan.runs,
    usedPoints: plan.points,
    extrapolation: plan.extrapolation,
    backtest: { mae: null, mre: null, baselineMae: null, ...plan.backTest, coverage: null },
    equalFlops: row.equalFlops,
    inferenceFlops: row.inferenceFlops,
    breakEvenProblems: row.breakEvenProblems,
  }))
}

/** Mean absolute errors of every form in every fold of the rolling back-test. */
function backTestsJson(made: Forecast): object[] {
  return made.prepared.flatMap((p) =>
    p.test.folds.map((fold, f) => {
      const held = p.heldOut.filter((h) => h.fold === f)
      return {
        ...nameOf(p),
        fold: f + 1,
        fitted: fold.train.usable.length,
        heldOut: fold.test.map((point) => point.source),
        extrapolation: fold.ratio,
        baseline: p.test.baselineErrors[f],
        average: meanOrNull(held.map((h) => Math.abs(h.predicted - h.point.accuracy))),
        forms: Object.fromEntries(CANDIDATES.map((c, i) => [c.id, p.test.errors[f][i]])),
      }
    }),
  )
}

export interface ForecastExtras {
  readonly inversions: readonly Inversion[]
  readonly sampling: SamplingPlans | null
  readonly backtest: boolean
}

/** Every row that no part of the forecast could use, once. */
export function leftOut(
  made: Forecast,
  evidence: EvaluationsEvidence,
  sampling: SamplingPlans | null,
): { source: string; reason: string }[] {
  const all = [...evidence.dropped, ...made.dropped, ...(sampling?.dropped ?? [])]
  return [...new Map(all.map((d) => [`${d.source}\u0000${d.reason}`, d])).values()]
}

/** The members of `assay forecast --json` that scripts rely on, and what explains them. */
export function forecastJson(made: Forecast, evidence: EvaluationsEvidence, extras: ForecastExtras): object {
  const all = [...made.predictions, ...made.abstentions]
  return {
    predictions: [
      ...(made.assumedTarget ? [] : made.predictions.map(predictionJson)),
      ...(extras.sampling?.plans ?? []).flatMap((plan) => samplingJson(plan, made.target)),
    ],
    abstentions: [
      ...made.abstentions.map((a) => ({ ...nameOf(a), reason: a.reason })),
      ...(extras.sampling?.abstentions ?? []),
    ],
    forms: all.flatMap((p) => p.forms.map((f) => formJson(p, f))),
    ...(extras.backtest ? { backtests: backTestsJson(made) } : {}),
    ...(extras.inversions.length === 0
      ? {}
      : { inversions: extras.inversions.map((i) => ({ ...i, flops: estimateToJson(i.flops) })) }),
    ...(extras.sampling === null
      ? {}
      : {
          sampling: extras.sampling.plans.map((plan) => ({
            benchmark: plan.benchmark,
            parameters: plan.parameters,
            // What cannot be fitted is an abstention.
            converged: true,
          })),
        }),
    ...(made.worthMeasuring.length === 0 ? {} : { worthMeasuring: made.worthMeasuring }),
    dropped: leftOut(made, evidence, extras.sampling),
  }
}
