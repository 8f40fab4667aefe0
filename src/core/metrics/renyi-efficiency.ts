/** Orders of Rényi efficiency: 2.5 went best with translation quality (Zouhar et al., ACL 2023), 3 is often quoted. */
export const RENYI_ALPHAS: readonly [number, number] = [2.5, 3]

/**
 * Rényi efficiency of a token distribution, H_α / log₂ V with H_α = log₂(Σ p^α)/(1 − α) and V the number of
 * observed types.
 *
 * @param counts occurrences by type, each > 0, shape (V)
 * @param alpha  order of the entropy, > 0 and not 1
 * @returns in (0, 1], or null when fewer than two types were seen
 *
 * Source: Zouhar et al. 2023, "Tokenization and the Noiseless Channel"; goldens of tokenization-scorer in the test.
 */
export function renyiEfficiency(counts: ArrayLike<number>, alpha: number): number | null {
  const types = counts.length
  if (types < 2) return null
  let total = 0
  for (let i = 0; i < types; i++) total += counts[i]
  let power = 0
  for (let i = 0; i < types; i++) power += (counts[i] / total) ** alpha
  return Math.log2(power) / (1 - alpha) / Math.log2(types)
}
