/** Mean losses within this share of each other tell two models hardly apart. */
const NEAR_TIE = 0.03

/** Pairs of models in the right order: of all, and of those whose mean losses nearly tie, where a profile can tell and the mean cannot. */
export class PairTally {
  private readonly all = { right: 0, pairs: 0 }
  private readonly ties = { right: 0, pairs: 0 }

  /**
   * Count every pair of the judged models; ties of prediction count half, ties of the score not at all.
   *
   * @param predicted, y, mean of every model of the table, shape (models)
   */
  add(
    judged: readonly number[],
    predicted: (model: number) => number,
    y: ArrayLike<number>,
    mean: ArrayLike<number>,
  ): void {
    for (const a of judged)
      for (const b of judged) {
        if (b >= a || y[a] === y[b]) continue
        const agreement = (predicted(a) - predicted(b)) * (y[a] - y[b])
        const right = agreement > 0 ? 1 : agreement === 0 ? 0.5 : 0
        for (const count of Math.abs(mean[a] / mean[b] - 1) < NEAR_TIE ? [this.all, this.ties] : [this.all]) {
          count.pairs++
          count.right += right
        }
      }
  }

  /** null where no pair was counted. */
  get shares(): { pairwise: number | null; nearTies: number | null } {
    const of = ({ right, pairs }: { right: number; pairs: number }): number | null =>
      pairs === 0 ? null : right / pairs
    return { pairwise: of(this.all), nearTies: of(this.ties) }
  }
}
