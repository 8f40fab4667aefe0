/**
 * All that the estimators know of the models' losses: each model's mean, and how alike the models' residual profiles
 * are. Spans appear in neither, so ten million of them cost no more memory than ten.
 */
export interface Profiles {
  readonly models: number
  /** Σ w·loss / Σ w, bits/byte. Shape (models). */
  readonly mean: Float64Array
  /** Inner products Σ w·(loss_a − mean_a)(loss_b − mean_b) / Σ w. Row-major, shape (models, models). */
  readonly gram: Float64Array
}

/** Collects profiles from blocks of spans, in any order. */
export class ProfileSum {
  private readonly sums: Float64Array
  private readonly products: Float64Array
  private weight = 0
  constructor(readonly models: number) {
    this.sums = new Float64Array(models)
    this.products = new Float64Array(models * models)
  }

  /**
   * @param losses  bits/byte by model, each of shape (≥ count)
   * @param weights shape (≥ count), > 0
   */
  add(
    losses: readonly ArrayLike<number>[],
    weights: ArrayLike<number>,
    count: number = weights.length,
  ): void {
    const { models, sums, products } = this
    for (let i = 0; i < count; i++) this.weight += weights[i]
    for (let a = 0; a < models; a++) {
      const la = losses[a]
      let sum = 0
      for (let i = 0; i < count; i++) sum += weights[i] * la[i]
      sums[a] += sum
      for (let b = 0; b <= a; b++) {
        const lb = losses[b]
        let product = 0
        for (let i = 0; i < count; i++) product += weights[i] * la[i] * lb[i]
        products[a * models + b] += product
      }
    }
  }

  profiles(): Profiles {
    const { models, sums, products, weight } = this
    const mean = sums.map((s) => s / weight)
    const gram = new Float64Array(models * models)
    for (let a = 0; a < models; a++)
      for (let b = 0; b <= a; b++) {
        const value = products[a * models + b] / weight - mean[a] * mean[b]
        gram[a * models + b] = value
        gram[b * models + a] = value
      }
    return { models, mean, gram }
  }
}

/** Profiles of a table that stands in memory. */
export function profilesOf(losses: readonly Float64Array[], weights: ArrayLike<number>): Profiles {
  const sum = new ProfileSum(losses.length)
  sum.add(losses, weights)
  return sum.profiles()
}
