import type { ScalingForm } from '../form.js'
import { chinchilla } from './chinchilla.js'

/**
 * Sparse pre-training: Chinchilla's law with N replaced by the mean number of active parameters over training.
 *
 * Source: Jin et al., arXiv:2501.12486 (docs/methods/scaling.md#forms; text only).
 */
export const sparse: ScalingForm = {
  ...chinchilla,
  id: 'sparse',
  title: 'Sparse pre-training loss law',
  equation: 'L = E + A·N̄^(−alpha) + B·D^(−beta), N̄ = mean active parameters',
  inputs: ['activeParams', 'tokens'],
  roles: [],
  source: 'arXiv:2501.12486',
}
