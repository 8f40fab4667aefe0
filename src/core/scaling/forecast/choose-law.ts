import { mean } from '../../stats/index.js'
import type { AcrossFamilies } from './across-families.js'
import type { ForecastSettings } from './forecast.js'
import type { Abstention, Prediction } from './outcome.js'
import type { Target } from './point.js'
import type { Prepared } from './prepare.js'

/** What was made of one family by its own runs. */
interface OwnForecast {
  readonly predictions: readonly Prediction[]
  readonly abstentions: readonly Abstention[]
  readonly prepared: readonly Prepared[]
}

/** Mean errors of both ways on the folds of the family's own rolling back-test, over the benchmarks that have both. */
function errorsOf({ predictions, prepared }: OwnForecast, across: AcrossFamilies): [number, number] | null {
  const both = predictions.flatMap((p) => {
    const own = prepared.find((q) => q.benchmark === p.benchmark)
    if (own === undefined || p.backTest.mae === null) return []
    const together = own.test.folds.map((fold) => across.errorOn(p.benchmark, fold))
    if (together.length === 0 || together.includes(null)) return []
    return [{ own: p.backTest.mae, together: mean(together.filter((e) => e !== null)) }]
  })
  if (both.length === 0) return null
  return [mean(both.map((b) => b.own)), mean(both.map((b) => b.together))]
}

/**
 * A family speaks for itself where its own runs predicted its largest ones better than all families together did, by
 * the mean over its benchmarks; where it has no forecast of its own, the families together speak.
 */
export function chooseLaw(
  own: OwnForecast,
  across: AcrossFamilies,
  target: Target,
  settings: ForecastSettings,
): Pick<OwnForecast, 'predictions' | 'abstentions'> {
  const errors = errorsOf(own, across)
  const isOwn = errors === null || errors[0] <= errors[1]
  const predictions: Prediction[] = []
  const abstentions: Abstention[] = []
  for (const prediction of own.predictions) {
    const together = isOwn ? null : across.forecast(prediction.benchmark, target, settings)
    predictions.push(together?.kind === 'prediction' ? together : prediction)
  }
  for (const abstention of own.abstentions) {
    const together = across.forecast(abstention.benchmark, target, settings)
    if (together.kind === 'prediction') predictions.push(together)
    else
      abstentions.push({
        ...abstention,
        reason: `${abstention.reason}; from other families: ${together.reason}`,
      })
  }
  return { predictions, abstentions }
}
