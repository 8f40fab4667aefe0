import type { PowerTerms } from '../form.js'

/** Parameters and tokens of a run. */
export interface Split {
  readonly params: number
  readonly tokens: number
}

/** Training FLOPs of a parameter and a token: C = 6·N·D (Kaplan et al., arXiv:2001.08361). */
const FLOPS_PER_PARAM_TOKEN = 6

/**
 * Compute-optimal N and D of A·N^(−alpha) + B·D^(−beta) at C = 6·N·D:
 * N = G·(C/6)^(beta/(alpha+beta)), D = (C/6)/N, G = (alpha·A/(beta·B))^(1/(alpha+beta)).
 *
 * Source: Hoffmann et al., arXiv:2203.15556, Eq. 4.
 *
 * @returns null unless both exponents are above 0
 */
export function optimalSplit({ logA, alpha, logB, beta }: PowerTerms, flops: number): Split | null {
  if (!(alpha > 0 && beta > 0)) return null
  const pairs = Math.log(flops / FLOPS_PER_PARAM_TOKEN)
  const lnG = (Math.log(alpha) + logA - Math.log(beta) - logB) / (alpha + beta)
  const lnN = lnG + (beta / (alpha + beta)) * pairs
  return { params: Math.exp(lnN), tokens: Math.exp(pairs - lnN) }
}

const SCAN = 200
const GOLDEN = (Math.sqrt(5) - 1) / 2
const REFINEMENTS = 60

/**
 * The same for a loss without a closed form: the least value over ln N at C = 6·N·D, by a scan from one parameter to
 * one token and a golden-section search about its best.
 *
 * @param lossOf loss at ln N and ln D
 * @returns null when the least lies at an end of the scan: no split is best
 */
export function searchSplit(lossOf: (lnN: number, lnD: number) => number, flops: number): Split | null {
  const pairs = Math.log(flops / FLOPS_PER_PARAM_TOKEN)
  const at = (lnN: number): number => lossOf(lnN, pairs - lnN)
  let best = 0
  for (let i = 1; i <= SCAN; i++) if (at((i / SCAN) * pairs) < at((best / SCAN) * pairs)) best = i
  if (best === 0 || best === SCAN) return null
  let low = ((best - 1) / SCAN) * pairs
  let high = ((best + 1) / SCAN) * pairs
  for (let i = 0; i < REFINEMENTS; i++) {
    const a = high - GOLDEN * (high - low)
    const b = low + GOLDEN * (high - low)
    if (at(a) < at(b)) high = b
    else low = a
  }
  const lnN = (low + high) / 2
  return { params: Math.exp(lnN), tokens: Math.exp(pairs - lnN) }
}
