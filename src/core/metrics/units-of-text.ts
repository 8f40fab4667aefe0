import { type Estimate, notEstimable } from '../estimate.js'
import type { Random } from '../random/index.js'
import type { RatioUnit } from '../stats/bootstrap.js'
import { sum } from '../stats/moments.js'
import { ratioEstimate, shareEstimate } from '../stats/ratio-estimate.js'

const SINGLE = 'the text is too short: one block of it gives no interval'
const NOTHING = 'there is nothing to count in this text'

function unitsOf(numerator: Int32Array, denominator: Int32Array): RatioUnit[] {
  return Array.from(numerator, (value, i) => ({ numerator: value, denominator: denominator[i] }))
}

/** Σ numerator / Σ denominator, bootstrap over units (blocks of text, or sentences). Shapes (units). */
export function ratioOfCounts(
  numerator: Int32Array,
  denominator: Int32Array,
  unit: string,
  random: Random,
  level: number,
): Estimate {
  if (sum(denominator) === 0) return notEstimable(NOTHING)
  return ratioEstimate(unitsOf(numerator, denominator), unit, SINGLE, random, level)
}

/** The same for hits among trials, within [0, 1]. Shapes (units). */
export function shareOfCounts(hits: Int32Array, of: Int32Array, random: Random, level: number): Estimate {
  if (sum(of) === 0) return notEstimable(NOTHING)
  return shareEstimate(unitsOf(hits, of), SINGLE, random, level)
}
