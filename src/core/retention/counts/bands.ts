/** Most bands that bins are pooled into where a figure is read by band. */
export const MAX_BANDS = 10

/** Facts of one band: mean predicted and mean measured accuracy. */
export interface BandMean {
  readonly facts: number
  readonly predicted: number
  readonly measured: number
}

/** A band with what is needed to tell how far its measured mean is off by chance. */
export interface MeasuredBand extends BandMean {
  /** Variance of `measured` over draws of facts and answers, were `predicted` the truth. */
  readonly variance: number
}

/** Whether every band counts with its facts, or all bands alike. */
export type BandWeighting = 'facts' | 'bands'
const weightOf = (weighting: BandWeighting, band: BandMean): number =>
  weighting === 'facts' ? band.facts : 1

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

/** Σ w·(measured − mean)² over bands, 0 where they do not vary beyond rounding. */
function totalSquares(bands: readonly BandMean[], weighting: BandWeighting): number {
  const weights = bands.reduce((s, b) => s + weightOf(weighting, b), 0)
  const centre = bands.reduce((s, b) => s + weightOf(weighting, b) * b.measured, 0) / weights
  const total = bands.reduce((s, b) => s + weightOf(weighting, b) * (b.measured - centre) ** 2, 0)
  return total > 1e-12 * weights ? total : 0
}

/**
 * R² = 1 − Σ w·(measured − predicted)²/Σ w·(measured − mean)² over bands, w the facts of a band (a band of three
 * facts is mostly noise) or 1. null when the bands do not vary.
 */
export function determination(bands: readonly BandMean[], weighting: BandWeighting = 'facts'): number | null {
  const total = totalSquares(bands, weighting)
  if (total === 0) return null
  return 1 - bands.reduce((s, b) => s + weightOf(weighting, b) * (b.measured - b.predicted) ** 2, 0) / total
}

/**
 * R² to be expected of the prediction were it the truth: measured means scatter around any truth,
 * 1 − Σ w·Var(measured)/Σ w·(measured − mean)². Below 0 where the bands are noise alone; null when they do not vary.
 */
export function attainableDetermination(
  bands: readonly MeasuredBand[],
  weighting: BandWeighting,
): number | null {
  const total = totalSquares(bands, weighting)
  if (total === 0) return null
  return 1 - bands.reduce((s, b) => s + weightOf(weighting, b) * b.variance, 0) / total
}
