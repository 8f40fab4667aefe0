import type { Estimate } from '../estimate.js'

/**
 * `shown`: the gain is at least the target beyond doubt. `refuted`: it is less beyond doubt. `not-shown`: the interval
 * holds the target, which is no sign that there is no effect.
 */
export type Superiority = 'shown' | 'refuted' | 'not-shown'

/** What was decided of a gain, part by part (docs/methods/gain.md#decision). */
export interface GainDecision {
  readonly superior: Superiority
  /** Names of what became worse by more than delta beyond doubt, and of what may have. */
  readonly regressed: readonly string[]
  readonly undecided: readonly string[]
  /** Whether both parts hold: superior, and nothing regressed or undecided. */
  readonly holds: boolean
}

/**
 * Decide in two parts, by confidence bounds: superior by at least the target, and no regression beyond delta elsewhere.
 *
 * @param gain      what should have grown
 * @param elsewhere changes of what should not fall, above 0 is better, by name
 * @param target    least gain that counts, in the unit of the gain
 * @param delta     largest loss that is put up with elsewhere, ≥ 0
 */
export function decideGain(
  gain: Estimate,
  elsewhere: ReadonlyMap<string, Estimate>,
  { target, delta }: { readonly target: number; readonly delta: number },
): GainDecision {
  const superior: Superiority =
    gain.kind === 'notEstimable'
      ? 'not-shown'
      : gain.interval.low >= target && gain.interval.low > 0
        ? 'shown'
        : gain.interval.high < target
          ? 'refuted'
          : 'not-shown'
  const regressed: string[] = []
  const undecided: string[] = []
  for (const [name, change] of elsewhere) {
    if (change.kind === 'estimate' && change.interval.low >= -delta) continue
    if (change.kind === 'estimate' && change.interval.high < -delta) regressed.push(name)
    else undecided.push(name)
  }
  return {
    superior,
    regressed,
    undecided,
    holds: superior === 'shown' && regressed.length === 0 && undecided.length === 0,
  }
}
