import type { LossTable } from './loss-table.js'

/** Spans beyond which a method that goes through every span in every fit is left out. */
export const MOST_RANKED_SPANS = 100_000

/** Models of each span by ascending loss, once a table: every training set is a part of it. Shape (spans, models). */
const orders = new WeakMap<LossTable, Uint16Array>()

function orderOf(table: LossTable): Uint16Array {
  const known = orders.get(table)
  if (known !== undefined) return known
  const { losses, spans } = table
  const n = losses.length
  const order = new Uint16Array(spans.length * n)
  for (let u = 0; u < spans.length; u++) {
    const row = order.subarray(u * n, (u + 1) * n)
    for (let m = 0; m < n; m++) row[m] = m
    row.sort((a, b) => losses[a][u] - losses[b][u])
  }
  orders.set(table, order)
  return order
}

/**
 * How each span's loss ranks the models against how the score does: Σ_k s_k · rank_u(k), s_k = Σ_l sign(y_k − y_l), over
 * the training models; ties take their mean rank. Negative: losing less here goes with a higher score.
 *
 * Source: Thrush, Potts & Hashimoto, arXiv:2409.05816, the estimator γ_j, in the authors' code `sign_cdf` (read in a
 * review and in their analysis script, not in the paper's own text).
 *
 * @param train positions of models; one drawn twice counts twice
 * @returns shape (spans)
 */
export function rankCorrelations(
  table: LossTable,
  train: readonly number[],
  y: ArrayLike<number>,
): Float64Array {
  const { losses, spans } = table
  const n = losses.length
  const order = orderOf(table)
  const copies = new Float64Array(n)
  for (const m of train) copies[m]++
  const pull = new Float64Array(n)
  for (const k of train) {
    let sign = 0
    for (const l of train) sign += Math.sign(y[k] - y[l])
    pull[k] = sign
  }
  const out = new Float64Array(spans.length)
  for (let u = 0; u < out.length; u++) {
    let below = 0
    let sum = 0
    for (let i = u * n; i < (u + 1) * n; ) {
      const value = losses[order[i]][u]
      let tied = 0
      let tiedPull = 0
      for (; i < (u + 1) * n && losses[order[i]][u] === value; i++) {
        const m = order[i]
        tied += copies[m]
        tiedPull += copies[m] * pull[m]
      }
      sum += tiedPull * (below + tied / 2)
      below += tied
    }
    out[u] = sum
  }
  return out
}

/** The spans of highest value that make up so large a share of the text, highest first; those that tie come together. */
export function foremost(weights: Float64Array, values: Float64Array, share: number): number[] {
  const wanted = share * weights.reduce((a, b) => a + b, 0) * (1 - 1e-12)
  const order = [...values.keys()].sort((a, b) => values[b] - values[a])
  let kept = 0
  let last = Number.NaN
  return order.filter((u) => {
    const isWanted = kept === 0 || kept < wanted || values[u] === last
    if (isWanted) {
      kept += weights[u]
      last = values[u]
    }
    return isWanted
  })
}
