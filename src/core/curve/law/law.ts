/** Memories of the annealing that are tried. */
export const LAMBDAS = [0.99, 0.999] as const
type Lambda = (typeof LAMBDAS)[number]

/**
 * LR-aware loss law, L(t) = L0 + A · S1^(−α) − C · S2, with S1 = Σ η over all steps and
 * S2 = Σ_i Σ_{k≤i} (η_{k−1} − η_k) λ^(i−k) from the learning-rate peak on.
 *
 * Source: Tissue et al., "Scaling law with learning-rate annealing", arXiv:2408.11029, Eq. 1 (equation number not
 * checked against the text). Differs (docs/methods/curve.md#law-of-a-run): S2 leaves the warm-up out (it would put a
 * false .15 nats on runs without one), λ is fixed at .99 or .999, the first steps are not fitted.
 */
export interface Law {
  readonly L0: number
  readonly A: number
  readonly alpha: number
  /** 0 when the learning rate is not known or does not fall. */
  readonly C: number
  readonly lambda: Lambda
  /** Robust standard deviation of the fitted points about the law. */
  readonly deviation: number
  /** Points fitted. */
  readonly n: number
  /** Whether a logged learning rate entered (else S1 counts steps and C = 0). */
  readonly learningRate: boolean
  /** Height of the step that was fitted beside the law, where the points carry one; nats. */
  readonly rise?: number
}

/** Loss level at a step with what the law needs there. Arrays of shape (n). */
export interface LawPoints {
  readonly loss: Float64Array
  /** Σ η up to the step. */
  readonly s1: Float64Array
  /** S2 at the step for each λ in LAMBDAS. */
  readonly s2: readonly Float64Array[]
  /** 0 before a spike and 1 behind it, to fit what the spike left (lasting-rise.ts). */
  readonly rise?: Float64Array
}

export function lawValue(law: Law, s1: number, s2: number): number {
  return law.L0 + law.A * s1 ** -law.alpha - law.C * s2
}

/** S2 with the law's memory, of those that were summed for every λ. */
export function annealedBy({ lambda }: Law, s2: readonly Float64Array[]): Float64Array {
  return s2[LAMBDAS.indexOf(lambda)]
}

/** Loss minus law at each point. */
export function residualsOf(law: Law, points: LawPoints): Float64Array {
  const s2 = annealedBy(law, points.s2)
  return points.loss.map(
    (y, k) => y - lawValue(law, points.s1[k], s2[k]) - (law.rise ?? 0) * (points.rise?.[k] ?? 0),
  )
}
