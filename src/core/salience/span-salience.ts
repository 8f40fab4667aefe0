import type { LossIndex, SalienceData } from './estimator.js'
import type { LossBlock } from './profiles.js'
import type { TrainingSpace } from './training-space.js'

/** What one bit a byte of each model counts in the weight of any span; the same for all spans, so spans come in blocks. */
export interface ModelShares {
  /** Shape (models), sum 0. */
  readonly shares: Float64Array
  /** −Σ share · mean loss. */
  readonly level: number
}

export function modelShares(
  { profiles: { models, mean } }: Pick<SalienceData, 'profiles'>,
  { train }: TrainingSpace,
  { dual }: LossIndex,
): ModelShares {
  // The training profiles are centred over the models, so the dual weights may be too.
  const centre = dual.reduce((a, b) => a + b, 0) / train.length
  const shares = new Float64Array(models)
  let level = 0
  train.forEach((m, i) => {
    shares[m] += dual[i] - centre
    level -= (dual[i] - centre) * mean[m]
  })
  return { shares, level }
}

/** Σ share · loss + level of every span of a block, written to `out` from `offset` on. */
export function combine(
  { losses, count }: LossBlock,
  { shares, level }: ModelShares,
  out: Float64Array,
  offset: number,
): void {
  out.fill(level, offset, offset + count)
  const used = [...shares.keys()].filter((m) => shares[m] !== 0)
  // Four models a pass: the sums are written a quarter as often.
  for (let at = 0; at < used.length; at += 4) {
    const [a, b, c, d] = [0, 1, 2, 3].map((k) => losses[used[Math.min(at + k, used.length - 1)]])
    const [p, q, r, s] = [0, 1, 2, 3].map((k) => (at + k < used.length ? shares[used[at + k]] : 0))
    for (let i = 0; i < count; i++) out[offset + i] += p * a[i] + q * b[i] + r * c[i] + s * d[i]
  }
}

/**
 * Weight of every span in a fitted index: how much one bit a byte more on this span alone, beyond what it moves the
 * mean, moves the index. Negative: losing less here goes with a higher index.
 *
 * @returns shape (spans); Σ weight = 0 over the text, weighted as the sums are
 */
export function spanWeightsOf(data: SalienceData, space: TrainingSpace, index: LossIndex): Float64Array {
  const { table, weights } = data
  const collect = new SpanWeights(data, space, index)
  collect.add({ losses: table.losses, weights, count: weights.length })
  return collect.weights
}

/** Collects the weights of the spans in a fitted index from blocks, in their order. */
export class SpanWeights {
  /** Shape (spans). */
  readonly weights: Float64Array
  private readonly pull: ModelShares
  private readonly total: number
  private at = 0

  constructor(
    private readonly data: Pick<SalienceData, 'weights' | 'profiles'>,
    space: TrainingSpace,
    private readonly index: LossIndex,
  ) {
    this.weights = new Float64Array(data.weights.length)
    this.pull = modelShares(data, space, index)
    this.total = data.weights.reduce((a, b) => a + b, 0)
  }

  add(block: LossBlock): void {
    const { weights, total, index, data } = this
    combine(block, this.pull, weights, this.at)
    const end = this.at + block.count
    for (let u = this.at; u < end; u++)
      weights[u] = (weights[u] * data.weights[u]) / total + (index.spans?.[u] ?? 0)
    this.at = end
  }
}
