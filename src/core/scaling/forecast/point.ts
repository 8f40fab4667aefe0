import type { Input } from '../form.js'

/** One usable measurement: where a run stood (or stopped) and how well it did there. */
export interface RunPoint {
  /** Model: its checkpoints are one cluster of the bootstrap. */
  readonly run: string
  readonly family: string | null
  readonly params: number | null
  readonly tokens: number | null
  readonly flops: number
  readonly checkpoint: string | null
  /** Share in (chance, 1). */
  readonly accuracy: number
  readonly items: number | null
  readonly samples: number | null
  readonly loss: number | null
  readonly taskLoss: number | null
  readonly source: string
}

/** Where a forecast is asked for. FLOPs are always known; N and D where the user gave them. */
export interface Target {
  readonly params: number | null
  readonly tokens: number | null
  readonly flops: number
}

/** FLOPs of a parameter and a token of a dense transformer. */
export const DENSE_FACTOR = 6

/** 6·N·D, the training compute of a dense transformer (Kaplan et al., arXiv:2001.08361), unless a run records its own. */
export function trainingFlops(params: number, tokens: number, factor = DENSE_FACTOR): number {
  return factor * params * tokens
}

/** Value of an input at a point or target, or null where it is unknown. */
export function inputAt(place: RunPoint | Target, input: Input): number | null {
  switch (input) {
    case 'flops':
      return place.flops
    case 'params':
    case 'activeParams':
      return place.params
    case 'tokens':
      return place.tokens
    case 'samples':
      return 'samples' in place ? place.samples : null
    case 'loss':
      return 'loss' in place ? place.loss : null
    default:
      return null
  }
}

/** Tokens per parameter, null where either is unknown. */
export function tokensPerParam(place: { params: number | null; tokens: number | null }): number | null {
  return place.params === null || place.tokens === null ? null : place.tokens / place.params
}

/** Largest over smallest token-to-parameter ratio; 1 when no point has both. */
export function ratioSpread(points: readonly RunPoint[]): number {
  let low = Infinity
  let high = 0
  for (const point of points) {
    const ratio = tokensPerParam(point)
    if (ratio === null) continue
    low = Math.min(low, ratio)
    high = Math.max(high, ratio)
  }
  return high === 0 ? 1 : high / low
}
