/** Pairs of models in the right order; ties of prediction count half, ties of the score not at all. */
export interface PairCount {
  right: number
  pairs: number
}

export function shareRight({ right, pairs }: PairCount): number | null {
  return pairs === 0 ? null : right / pairs
}

/** Mean losses within this share of each other tell two models hardly apart. */
export const NEAR_TIE = 0.03

/** Count every pair of the judged models. */
export function pairwise(
  judged: readonly number[],
  predicted: ReadonlyMap<number, number>,
  y: ArrayLike<number>,
  count: PairCount,
  isCounted: (a: number, b: number) => boolean = () => true,
): void {
  for (const a of judged)
    for (const b of judged) {
      if (b >= a || y[a] === y[b] || !isCounted(a, b)) continue
      count.pairs++
      const agreement = ((predicted.get(a) ?? 0) - (predicted.get(b) ?? 0)) * (y[a] - y[b])
      count.right += agreement > 0 ? 1 : agreement === 0 ? 0.5 : 0
    }
}

/** Count the pairs whose mean losses are nearly tied: what a profile can tell and the mean cannot. */
export function nearTies(
  judged: readonly number[],
  predicted: ReadonlyMap<number, number>,
  y: ArrayLike<number>,
  mean: ArrayLike<number>,
  count: PairCount,
): void {
  pairwise(judged, predicted, y, count, (a, b) => Math.abs(mean[a] / mean[b] - 1) < NEAR_TIE)
}
