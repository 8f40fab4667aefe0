import { type Estimate, notEstimable, withinBounds } from '../estimate.js'
import { armMean, contrastEstimate } from './gain.js'
import { gainDesign } from './outcomes.js'

/** A value of one item under one draw of shots. */
export interface CrossedValue {
  readonly item: string
  readonly cluster: string
  readonly draw: number
  readonly value: number
}

/**
 * Mean over items and draws as crossed samples: the interval is about other items (in clusters) and other draws and
 * orders of shots (docs/methods/gain.md#gain, draws in the place of seeds). With one draw it is about items alone.
 *
 * @param step smallest difference of two values: answers are right or wrong; nats are continuous and have none
 * @returns n counts clusters; `notEstimable` for fewer than two
 */
export function crossedMean(
  values: readonly CrossedValue[],
  unit: string,
  level: number,
  step = unit === 'accuracy' ? 1 : 0,
): Estimate {
  if (values.length === 0) return notEstimable('nothing was asked')
  const design = gainDesign(
    values.map(({ item, cluster, draw, value }) => ({
      arm: 'pretrained',
      n: 1,
      seed: String(draw),
      split: 'id',
      item,
      cluster,
      score: value,
    })),
  )
  const mean = contrastEstimate(design, armMean(design, 'pretrained', 'id', 1), unit, level, step)
  if (mean.kind === 'notEstimable' || unit !== 'accuracy') return mean
  // Where all clusters are alike (each pair half right, say) so many of others may not be: 1 − α^(1/clusters), the rule of
  // three, each by one of its items.
  const items = new Set(values.map((v) => v.item)).size
  const unseen = ((1 - (1 - level) ** (1 / mean.n)) * mean.n) / items
  const { low, high } = mean.interval
  const interval = {
    low: Math.min(low, mean.value - unseen),
    high: Math.max(high, mean.value + unseen),
    level,
  }
  return withinBounds({ ...mean, interval }, 0, 1)
}
