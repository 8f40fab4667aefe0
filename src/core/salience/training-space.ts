import { symmetricEigen } from '../linear/symmetric-eigen.js'
import type { Profiles } from './profiles.js'

/** Components that are kept at most (docs/methods/salience.md#residual-components). */
export const MOST_COMPONENTS = 6
/** Models that must be left over for what is fitted beside the components. */
const SPARE_MODELS = 5

/**
 * The losses of some models as their fit sees them: standardised means, and the principal components of their residual
 * profiles, centred over these models alone, so that a model outside leaves no trace.
 */
export interface TrainingSpace {
  readonly profiles: Profiles
  /** Positions of the models that are fitted on. */
  readonly train: readonly number[]
  readonly centre: number
  readonly scale: number
  readonly components: number
  /** Component scores of any model, standard deviation 1 over the training models. Shape (components). */
  scores(model: number): Float64Array
  /** Centred inner products of a model's residual profile with every training model's. Shape (train). */
  products(model: number): Float64Array
  /** Dual weights of component scores: a coefficient on component j is `dual[j]` on the training profiles. */
  readonly dual: readonly Float64Array[]
}

/** Standardised mean loss of any model. */
export function standardMean({ profiles, centre, scale }: TrainingSpace, model: number): number {
  return (profiles.mean[model] - centre) / scale
}

export function trainingSpace(profiles: Profiles, train: readonly number[]): TrainingSpace {
  const { models, mean, gram } = profiles
  const n = train.length
  const rowMeans = train.map((a) => train.reduce((sum, b) => sum + gram[a * models + b], 0) / n)
  const grand = rowMeans.reduce((a, b) => a + b, 0) / n
  const centred = new Float64Array(n * n)
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++)
      centred[i * n + j] = gram[train[i] * models + train[j]] - rowMeans[i] - rowMeans[j] + grand
  const { values, vectors } = symmetricEigen(centred, n)
  const real = values.findIndex((v) => !(v > 1e-12 * Math.max(values[0], 1e-300)))
  const components = Math.max(0, Math.min(MOST_COMPONENTS, n - SPARE_MODELS, real < 0 ? values.length : real))
  const centre = train.reduce((sum, m) => sum + mean[m], 0) / n
  const spread = Math.sqrt(train.reduce((sum, m) => sum + (mean[m] - centre) ** 2, 0) / n)
  const dual = Array.from({ length: components }, (_, j) =>
    vectors[j].map((v) => (v * Math.sqrt(n)) / values[j]),
  )
  const products = remembered((model): Float64Array => {
    const row = Float64Array.from(train, (b) => gram[model * models + b])
    const rowMean = row.reduce((a, b) => a + b, 0) / n
    for (let i = 0; i < n; i++) row[i] += grand - rowMean - rowMeans[i]
    return row
  })
  const scores = remembered((model): Float64Array => {
    const k = products(model)
    return Float64Array.from(dual, (weights) => {
      let score = 0
      for (let i = 0; i < n; i++) score += weights[i] * k[i]
      return score
    })
  })
  const scale = spread > 0 ? spread : 1
  return { profiles, train, centre, scale, components, dual, products, scores }
}

/** A fit asks for the same model at every strength and for every capability. */
function remembered(of: (model: number) => Float64Array): (model: number) => Float64Array {
  const known = new Map<number, Float64Array>()
  return (model) => {
    const value = known.get(model) ?? of(model)
    known.set(model, value)
    return value
  }
}
