/** Most bands that bins are pooled into where a figure is read by band. */
export const MAX_BANDS = 10

/** Facts of one band: mean predicted and mean measured accuracy. */
export interface BandMean {
  readonly facts: number
  readonly predicted: number
  readonly measured: number
}

/**
 * Pool ascending bins into bands of about equally many facts; a bin is never split.
 *
 * @param sizes  facts of every bin, in the order of the bins, shape (n)
 * @returns      band of every bin, from 0, shape (n)
 */
export function equalCountBands(sizes: readonly number[], bands: number = MAX_BANDS): number[] {
  const total = sizes.reduce((a, b) => a + b, 0)
  let before = 0
  let band = -1
  let open = -1
  return sizes.map((size) => {
    const wanted = Math.min(bands - 1, Math.floor(((before + size / 2) * bands) / total))
    before += size
    if (wanted !== open) {
      open = wanted
      band++
    }
    return band
  })
}

/**
 * R² = 1 − Σ n·(measured − predicted)²/Σ n·(measured − mean)² over bands, n the facts of a band: a band of three
 * facts is mostly noise. null when the bands do not vary.
 */
export function determination(bands: readonly BandMean[]): number | null {
  const facts = bands.reduce((s, b) => s + b.facts, 0)
  const centre = bands.reduce((s, b) => s + b.facts * b.measured, 0) / facts
  let residual = 0
  let total = 0
  for (const band of bands) {
    residual += band.facts * (band.measured - band.predicted) ** 2
    total += band.facts * (band.measured - centre) ** 2
  }
  return total > 1e-12 * facts ? 1 - residual / total : null
}
