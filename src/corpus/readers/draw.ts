import { createHash } from 'node:crypto'
import type { Unit } from './unit.js'

/** A share of a corpus that is read in place of all of it: stretches of files, drawn by a seed. */
export interface Sample {
  /** Chance of each stretch, in (0, 1). */
  readonly share: number
  readonly seed: number
}

/** About so many stretches are drawn where the corpus is large enough: intervals rest on how they differ. */
const DRAWN = 200
const LEAST_BYTES = 64 * 2 ** 10

/** Bytes of storage of a stretch that is drawn or not: no more than a unit of a whole pass. */
export function stretchBytes(totalBytes: number, { share }: Sample, unitBytes: number): number {
  return Math.min(unitBytes, Math.max(LEAST_BYTES, Math.ceil((totalBytes * share) / DRAWN)))
}

/** Fewer say nothing of how stretches differ. */
const LEAST_DRAWN = 2

/**
 * The units that are drawn: each by itself, by its path and place, so that every worker draws the same. Where chance gives
 * fewer than two, the two that it passed over most narrowly.
 */
export function drawUnits(units: readonly Unit[], { share, seed }: Sample): readonly Unit[] {
  const chances = units.map(({ path, from }) => {
    const hash = createHash('sha256')
      .update(JSON.stringify([seed, path, from]))
      .digest()
    return hash.readUInt32BE(0) / 2 ** 32
  })
  const least = chances.toSorted((a, b) => a - b)[LEAST_DRAWN - 1] ?? 1
  const limit = Math.max(share, least + Number.EPSILON)
  return units.filter((_, i) => chances[i]! < limit)
}
