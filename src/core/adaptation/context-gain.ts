import { type Estimate, estimate, notEstimable } from '../estimate.js'
import type { SurprisalEvidence } from '../evidence/index.js'
import type { Random } from '../random/index.js'
import { bootstrapPairedRatio, type RatioUnit, ratioEstimate } from '../stats/index.js'
import { rollingWindows } from '../text/index.js'

/** Tokens before a token in its window, both ends counted. */
export interface Positions {
  readonly from: number
  readonly to: number
}

export interface ContextCurve {
  /** Mean loss by position, in stretches that double, nats/token. */
  readonly points: readonly { readonly positions: Positions; readonly loss: Estimate }[]
  readonly early: Positions
  readonly late: Positions
  /** Loss early less loss late, nats/token: above 0 a longer context helps. */
  readonly gain: Estimate
}

/** Early and late, as shares of the positions that documents reach: 50 and 500 of 512, each with its neighbourhood. */
const EARLY = [0.05, 0.15] as const
const LATE = [0.9, 1] as const
/** Positions without which early and late are hardly apart. */
const LEAST = 40

/** Loss of every position of a document's windows, summed: position → [nats, tokens]. */
function lossByPosition(logLikelihoods: ArrayLike<number>, window: number): Map<number, [number, number]> {
  const sums = new Map<number, [number, number]>()
  for (const { start, from, end } of rollingWindows(logLikelihoods.length, window))
    for (let i = from; i < end; i++) {
      const held = sums.get(i - start) ?? [0, 0]
      sums.set(i - start, [held[0] - logLikelihoods[i], held[1] + 1])
    }
  return sums
}

function within(sums: ReadonlyMap<number, [number, number]>, { from, to }: Positions): RatioUnit {
  let numerator = 0
  let denominator = 0
  for (const [position, [nats, tokens]] of sums)
    if (position >= from && position <= to) {
      numerator += nats
      denominator += tokens
    }
  return { numerator, denominator }
}

/**
 * What context is worth: the loss of tokens with little before them less that of tokens with much before them. "Much"
 * scales with what windows and documents allow: the position that half of the documents reach.
 *
 * @returns undefined for no documents
 *
 * Source: in-context learning score of Olsson et al., arXiv:2209.11895 (loss at token 500 less loss at token 50). Differs:
 * the sign (a gain is positive), positions in bands and as shares, an interval over documents.
 */
export function contextCurve(
  { documents, protocol: { window } }: Pick<SurprisalEvidence, 'documents' | 'protocol'>,
  random: Random,
  level: number,
): ContextCurve | undefined {
  if (documents.length === 0) return undefined
  const reached = documents.map((d) => Math.min(d.logLikelihoods.length, window)).sort((a, b) => b - a)
  const length = reached[Math.ceil(reached.length / 2) - 1]
  const band = ([low, high]: readonly [number, number]): Positions => ({
    from: Math.floor(low * length) + 1,
    to: Math.floor(high * length),
  })
  const [early, late] = [band(EARLY), band(LATE)]
  if (length < LEAST)
    return {
      points: [],
      early,
      late,
      gain: notEstimable(`half of the texts end before ${length} tokens, ${LEAST} are needed`),
    }
  const sums = documents
    .map((d) => lossByPosition(d.logLikelihoods, window))
    .filter((own) => [early, late].every((positions) => within(own, positions).denominator > 0))
  const units = (positions: Positions): RatioUnit[] => sums.map((own) => within(own, positions))
  const points = doublings(length).map((positions) => ({
    positions,
    loss: ratioEstimate(
      units(positions),
      'nats/token',
      'a single text gives no interval',
      random.derive(`from ${positions.from}`),
      level,
    ),
  }))
  if (sums.length < 2) return { points, early, late, gain: notEstimable('a single text gives no interval') }
  const { value, interval } = bootstrapPairedRatio(units(early), units(late), random.derive('gain'), level)
  return { points, early, late, gain: estimate(value, interval, 'nats/token', sums.length) }
}

/** [1, 1], [2, 3], [4, 7], … up to `length`; what is left over joins the last. */
function doublings(length: number): Positions[] {
  const stretches: Positions[] = []
  for (let from = 1; from <= length; from *= 2) stretches.push({ from, to: Math.min(length, 2 * from - 1) })
  return stretches
}
