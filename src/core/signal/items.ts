import { mean } from '../stats/moments.js'
import { pearson } from '../stats/rank.js'

/** Fewer models than this tell nothing of an item. */
export const FEWEST_MODELS = 3

/** An item under several models. */
export interface ItemQuality {
  readonly item: string
  readonly models: number
  /** 1 − mean score. */
  readonly difficulty: number
  /**
   * Correlation over models of the item's score with the mean of all other items: below 0 better models do worse on it. Null
   * where all models do alike.
   */
  readonly discrimination: number | null
}

/**
 * Difficulty and discrimination of each item, as in classical test theory.
 *
 * @param names  shape (items)
 * @param scores by model, null where it did not answer, shape (models, items)
 * @returns items that {@link FEWEST_MODELS} models answered
 *
 * Source: corrected item–total correlation, Henrysson, Psychometrika 28 (1963) 211.
 */
export function itemQuality(
  names: readonly string[],
  scores: readonly (readonly (number | null)[])[],
): ItemQuality[] {
  const totals = scores.map((own) => {
    const known = own.filter((score) => score !== null)
    return { sum: known.reduce((a, b) => a + b, 0), count: known.length }
  })
  return names.flatMap((item, i) => {
    const answered = scores.flatMap((own, m) => {
      const score = own[i]
      const { sum, count } = totals[m]
      return score === null || count < 2 ? [] : [{ score, rest: (sum - score) / (count - 1) }]
    })
    if (answered.length < FEWEST_MODELS) return []
    const own = answered.map(({ score }) => score)
    return [
      {
        item,
        models: answered.length,
        difficulty: 1 - mean(own),
        discrimination: pearson(
          own,
          answered.map(({ rest }) => rest),
        ),
      },
    ]
  })
}
