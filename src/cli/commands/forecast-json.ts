import {
  type EvaluationsEvidence,
  estimateToJson,
  type Forecast,
  type ForecastAbstention,
  type ForecastPrediction,
  type FormReport,
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
    nextRuns: p.sharpening,
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

/** The members of `assay forecast --json` that DESIGN.md names, and what explains them. */
export function forecastJson(made: Forecast, evidence: EvaluationsEvidence): object {
  const all = [...made.predictions, ...made.abstentions]
  return {
    predictions: made.predictions.map(predictionJson),
    abstentions: made.abstentions.map((a) => ({ ...nameOf(a), reason: a.reason })),
    forms: all.flatMap((p) => p.forms.map((f) => formJson(p, f))),
    dropped: [...evidence.dropped, ...made.dropped],
  }
}
