import type { Estimate } from '../estimate.js'
import type { ScoredDocument } from '../evidence/index.js'
import type { Random } from '../random/index.js'
import type { RatioUnit } from '../stats/bootstrap.js'
import { ratioEstimate } from '../stats/ratio-estimate.js'

const SINGLE = 'a single unit of text gives no interval: add documents'

/** One tenth of the scored tokens, from the rarest types to the most frequent. */
export interface FrequencyDecile {
  readonly decile: number
  readonly tokens: number
  readonly types: number
  readonly surprisal: Estimate
}

/**
 * Mean surprisal by token-frequency decile: types are sorted by how often they occur in the scored text, then cut
 * so that each tenth holds a tenth of the token occurrences (a type is never split). Documents are resampled.
 */
export function frequencyDeciles(
  documents: readonly ScoredDocument[],
  random: Random,
  level: number,
): FrequencyDecile[] {
  const counts = new Map<number, number>()
  let total = 0
  for (const { tokens } of documents)
    for (const token of tokens) {
      counts.set(token, (counts.get(token) ?? 0) + 1)
      total++
    }
  const decileOf = new Map<number, number>()
  const typesIn = new Int32Array(10)
  let seen = 0
  for (const [token, count] of [...counts].sort((a, b) => a[1] - b[1] || a[0] - b[0])) {
    const decile = Math.min(9, Math.floor((10 * seen) / total))
    decileOf.set(token, decile)
    typesIn[decile]++
    seen += count
  }
  const units = Array.from({ length: 10 }, () => [] as RatioUnit[])
  for (const { tokens, logLikelihoods } of documents) {
    const nats = new Float64Array(10)
    const n = new Float64Array(10)
    tokens.forEach((token, i) => {
      const decile = decileOf.get(token) ?? 0
      nats[decile] -= logLikelihoods[i]
      n[decile]++
    })
    for (let d = 0; d < 10; d++) if (n[d] > 0) units[d].push({ numerator: nats[d], denominator: n[d] })
  }
  return units.map((own, d) => {
    const tokens = own.reduce((sum, unit) => sum + unit.denominator, 0)
    return {
      decile: d + 1,
      tokens,
      types: typesIn[d],
      surprisal: ratioEstimate(own, 'nats/token', SINGLE, random, level),
    }
  })
}
