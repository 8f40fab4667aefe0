/** Losses of consecutive spans. */
export interface LossBlock {
  /** Bits/byte by model, each of shape (≥ count). */
  readonly losses: readonly ArrayLike<number>[]
  /** Weights of the spans in every sum, > 0. Shape (≥ count). */
  readonly weights: ArrayLike<number>
  readonly count: number
}

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

/** Spans that are multiplied at once: 40 models of them, plain and weighted, stay in the second cache. */
const AT_ONCE = 512

/** Collects profiles from blocks of spans, in any order. */
export class ProfileSum {
  private readonly sums: Float64Array
  private readonly products: Float64Array
  /** Losses of the spans at hand, plain and weighted; four more rows of zeros fill the last tile. */
  private readonly plain: Float64Array[]
  private readonly weighted: Float64Array[]
  private weight = 0
  constructor(readonly models: number) {
    this.sums = new Float64Array(models)
    this.products = new Float64Array(models * models)
    const rows = (): Float64Array[] => Array.from({ length: models + 4 }, () => new Float64Array(AT_ONCE))
    this.plain = rows()
    this.weighted = rows()
  }

  add({ losses, weights, count }: LossBlock): void {
    const { models, plain, weighted, sums } = this
    for (let from = 0; from < count; from += AT_ONCE) {
      const size = Math.min(AT_ONCE, count - from)
      for (let i = 0; i < size; i++) this.weight += weights[from + i]
      for (let m = 0; m < models; m++) {
        const [row, x, wx] = [losses[m], plain[m], weighted[m]]
        let sum = 0
        for (let i = 0; i < size; i++) {
          x[i] = row[from + i]
          wx[i] = weights[from + i] * x[i]
          sum += wx[i]
        }
        sums[m] += sum
      }
      for (let a = 0; a < models; a += 2) for (let b = 0; b <= a + 1; b += 4) this.tile(a, b, size)
    }
  }

  /** Products of models a, a + 1 with b … b + 3: each loss that is read enters two or four sums. */
  private tile(a: number, b: number, size: number): void {
    const { models, products, plain, weighted } = this
    const [x0, x1] = [weighted[a], weighted[a + 1]]
    const [y0, y1, y2, y3] = [plain[b], plain[b + 1], plain[b + 2], plain[b + 3]]
    let [s00, s01, s02, s03, s10, s11, s12, s13] = [0, 0, 0, 0, 0, 0, 0, 0]
    for (let i = 0; i < size; i++) {
      const p = x0[i]
      const q = x1[i]
      s00 += p * y0[i]
      s01 += p * y1[i]
      s02 += p * y2[i]
      s03 += p * y3[i]
      s10 += q * y0[i]
      s11 += q * y1[i]
      s12 += q * y2[i]
      s13 += q * y3[i]
    }
    const tile = [s00, s01, s02, s03, s10, s11, s12, s13]
    for (let k = 0; k < 8; k++) {
      const [row, column] = [a + (k >> 2), b + (k & 3)]
      if (column <= row && row < models) products[row * models + column] += tile[k]
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
  sum.add({ losses, weights, count: weights.length })
  return sum.profiles()
}
