import type { Estimate } from '../src/core/index.js'

/** The estimate that a test wants to look into; a test of an unknown fails with the reason. */
export function estimated(estimate: Estimate | undefined): Extract<Estimate, { kind: 'estimate' }> {
  if (estimate?.kind === 'estimate') return estimate
  throw new Error(`not estimable: ${JSON.stringify(estimate?.reason)}`)
}
