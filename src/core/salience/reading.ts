import { type Estimate, notEstimable } from '../estimate.js'
import type { CarriedVector, SalienceFile, Span } from '../evidence/index.js'
import { median } from '../stats/index.js'
import { spanWeights } from './loss-table.js'
import { STABLE } from './span-stability.js'
import { applyVector } from './vector.js'

/** One capability of one model, read from its losses. */
export interface CapabilityReading {
  readonly capability: CarriedVector
  readonly score: Estimate
  /** Whether the mean loss lies outside that of the fitted models, though near enough to be read. */
  readonly isBeyond: boolean
}

/** A mean loss farther from the fitted models' than this share of the nearest is not read. */
const FARTHEST = 0.02

/** Mean loss over the spans, weighted as in the fits, bits/byte. */
export function meanLoss(spans: readonly Span[], losses: ArrayLike<number>): number {
  const weights = spanWeights(spans)
  let sum = 0
  let total = 0
  for (let u = 0; u < weights.length; u++) {
    sum += weights[u] * losses[u]
    total += weights[u]
  }
  return sum / total
}

/**
 * Every capability of a file, read from one model's losses.
 *
 * @param losses bits/byte, shape (spans)
 * @returns a reading each; not estimable where the model loses far less or far more than every fitted model
 */
export function readCapabilities(
  { spans, capabilities }: SalienceFile,
  losses: ArrayLike<number>,
  level: number,
): CapabilityReading[] {
  const weights = spanWeights(spans)
  const mean = meanLoss(spans, losses)
  return capabilities.map((capability) => {
    const { low, high } = capability.lossRange
    const isBeyond = mean < low || mean > high
    const isFar = mean < low * (1 - FARTHEST) || mean > high * (1 + FARTHEST)
    const score = isFar
      ? notEstimable(
          `the mean loss, ${mean.toFixed(2)} bits/byte, lies outside the ${low.toFixed(2)} to ${high.toFixed(2)} of the models that were fitted on`,
        )
      : applyVector(capability, losses, weights, level)
    return { capability, score, isBeyond }
  })
}

/** Whether a model of this name is, or is a checkpoint of, one that was fitted on. Names are all that there is to go by. */
export function isFittedOn({ models }: Pick<SalienceFile, 'models'>, name: string): boolean {
  const plain = (text: string): string => ` ${text.toLowerCase().replace(/[^a-z0-9.]+|\.(?!\d)/g, ' ')} `
  const asked = plain(name)
  // Owner and folder are told of one and not of the other.
  return models.some(({ id }) => asked.includes(plain(id.replace(/@[^@]*$/, '').replace(/^.*\//, ''))))
}

/** A span shorter than this share of the middle one, as the end of a document cut into chunks, is all noise a byte. */
const SHORTEST = 0.25

/**
 * Salience of every span, −1 to 1: its pull a byte on the score beside the mean's, against the largest whose sign held up;
 * positive where losing less goes with a better score. 0 where the sign did not hold up, and for very short spans.
 *
 * @param sizes weights of the spans in the mean, shape (spans)
 */
export function salienceOf(
  sizes: ArrayLike<number>,
  vector: Pick<CarriedVector, 'weights' | 'agreement' | 'lowerIsBetter'>,
): Float64Array {
  const shortest = SHORTEST * median(sizes)
  const better = vector.lowerIsBetter ? 1 : -1
  const density = vector.weights.map((w, u) =>
    (vector.agreement[u] ?? 0) >= STABLE && sizes[u] >= shortest ? (better * w) / sizes[u] : 0,
  )
  const top = density.reduce((a, v) => Math.max(a, Math.abs(v)), Number.MIN_VALUE)
  return density.map((v) => v / top)
}

/** A salient span as a reader sees it. */
export interface SpanReading {
  readonly span: Span
  /** The span's words, where the text is at hand. */
  readonly text: string | null
  /**
   * Its loss' pull on the score beside the mean's, a bit a byte of this span against the largest such pull; positive:
   * losing less here goes with a better score.
   */
  readonly salience: number
  readonly agreement: number
}

/** The span at a position as a reader sees it. */
export function spanReading(
  span: Span,
  u: number,
  salience: ArrayLike<number>,
  { agreement }: Pick<CarriedVector, 'agreement'>,
  text: string | null,
): SpanReading {
  return { span, text, salience: salience[u], agreement: agreement[u] }
}

/** Positions of the largest values by size, none of them 0, the largest first; without sorting millions. */
export function strongest(
  values: ArrayLike<number>,
  most: number,
  isTaken: (position: number) => boolean = () => true,
): number[] {
  const found: number[] = []
  for (let u = 0; u < values.length; u++) {
    const size = Math.abs(values[u])
    if (!(size > 0) || (found.length === most && size <= Math.abs(values[found[most - 1]])) || !isTaken(u))
      continue
    const place = found.findIndex((v) => Math.abs(values[v]) < size)
    found.splice(place < 0 ? found.length : place, 0, u)
    if (found.length > most) found.pop()
  }
  return found
}
