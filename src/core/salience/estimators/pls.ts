import type { LossFit, SalienceEstimator } from '../estimator.js'
import { averaged, foldErrors, likelihoods, total } from '../inner-folds.js'
import type { TrainingSpace } from '../training-space.js'

const COMPONENTS = [1, 2, 3, 4]

/**
 * Kernel PLS in the dual: each component is the direction of the profiles that goes furthest with what is left of the
 * scores; the coefficients stand on the training profiles.
 *
 * Source: Rosipal & Trejo, "Kernel partial least squares regression in RKHS" (2001), for one response.
 */
function fitAt(space: TrainingSpace, y: Float64Array, components: number): LossFit {
  const { train, centre, profiles } = space
  const n = train.length
  // Residual profiles sum to 0 over the text, so the full profiles' products are these plus those of the means.
  const products = (m: number): Float64Array =>
    space.products(m).map((v, i) => v + (profiles.mean[m] - centre) * (profiles.mean[train[i]] - centre))
  const rows = train.map(products)
  const level = train.reduce((sum, m) => sum + y[m], 0) / n
  const target = Float64Array.from(train, (m) => y[m] - level)
  // Krylov form: the span of K·t, K²·t, … holds the same fits as PLS of as many components; kept orthogonal in K.
  const basis: Float64Array[] = []
  const images: Float64Array[] = []
  let direction = target.slice()
  const times = (v: Float64Array): Float64Array =>
    Float64Array.from(rows, (row) => row.reduce((sum, k, i) => sum + k * v[i], 0))
  const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, v, i) => sum + v * b[i], 0)
  const dual = new Float64Array(n)
  const left = target.slice()
  for (let c = 0; c < components; c++) {
    const image = times(direction)
    basis.forEach((b, j) => {
      const share = dot(images[j], image) / dot(images[j], images[j])
      direction = direction.map((v, i) => v - share * b[i])
      images[j].forEach((v, i) => {
        image[i] -= share * v
      })
    })
    const length = dot(image, image)
    if (!(length > 1e-24 * (1 + dot(target, target)))) break
    const step = dot(image, left) / length
    direction.forEach((v, i) => {
      dual[i] += step * v
      left[i] -= step * image[i]
    })
    basis.push(direction)
    images.push(image)
    direction = left.slice()
  }
  const pull = dual.reduce((sum, v, i) => sum + v * (profiles.mean[train[i]] - centre), 0)
  return {
    predict: (m) => level + products(m).reduce((sum, v, i) => sum + v * dual[i], 0),
    index: { link: null, intercept: level - pull * centre, slope: pull, dual },
  }
}

/** score = level + PLS of 1 to 4 components on the whole profile. */
export const pls: SalienceEstimator = {
  id: 'pls',
  role: 'candidate',
  source: 'docs/methods/salience.md#pls',
  unfit: () => null,
  fit(_, space, y, folds) {
    const errors = COMPONENTS.map((components) =>
      foldErrors(folds, y, (fold) => fitAt(fold, y, components).predict),
    )
    const totals = errors.map(total)
    const components = COMPONENTS[totals.indexOf(Math.min(...totals))]
    const refit = (on: TrainingSpace): LossFit => fitAt(on, y, components)
    return { ...refit(space), refit, foldErrors: averaged(errors, likelihoods(errors)) }
  },
}
