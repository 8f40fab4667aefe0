import type { Layout } from './layout.js'

/** How a layer turns its queries and keys by their positions. */
export interface Rotary {
  /** Of a head, the dimensions that are turned. */
  readonly dimensions: number
  /** Radians a position, one for each pair of dimensions. */
  readonly frequencies: Float64Array
  /** Multiplies cosines and sines. */
  readonly factor: number
}

/**
 * Rotary positions of a declaration; null where it has none. `local`: of layers with a sliding window that have their own.
 *
 * @throws {AssayError} `engines/library-failed` for a scaling that is not computed here
 *
 * Source: transformers, modeling_rope_utils.py.
 */
export function rotaryOf(layout: Layout): { readonly all: Rotary; readonly local?: Rotary } | null {
  const base = layout.optional('rope.freq_base')
  if (base === undefined) return null
  const dimensions = layout.number('rope.dimension_count')
  const scaling = layout.text('rope.scaling.type')
  if (scaling !== undefined && scaling !== 'linear') throw layout.unsupported(`rotary scaling ${scaling}`)
  const slower = scaling === 'linear' ? layout.number('rope.scaling.factor') : 1
  const table = layout.table('rope_freqs.weight') ?? layout.table('rope_factors_short.weight')
  const frequencies = (theta: number, divisor: (pair: number) => number): Float64Array =>
    Float64Array.from(
      { length: dimensions / 2 },
      (_, pair) => theta ** ((-2 * pair) / dimensions) / divisor(pair),
    )
  const factor = layout.optional('rope.scaling.attn_factor') ?? 1
  const all = { dimensions, factor, frequencies: frequencies(base, (pair) => (table?.[pair] ?? 1) * slower) }
  const localBase = layout.optional('rope.freq_base_swa')
  return localBase === undefined
    ? { all }
    : { all, local: { dimensions, factor, frequencies: frequencies(localBase, () => 1) } }
}

/** Cosines and sines at these positions, shape (positions, pairs) each. */
export function turnsAt(
  { frequencies, factor }: Rotary,
  positions: Int32Array,
): { readonly cos: Float32Array; readonly sin: Float32Array } {
  const pairs = frequencies.length
  const cos = new Float32Array(positions.length * pairs)
  const sin = new Float32Array(positions.length * pairs)
  for (let i = 0; i < positions.length; i++)
    for (let pair = 0; pair < pairs; pair++) {
      const angle = positions[i]! * frequencies[pair]!
      cos[i * pairs + pair] = factor * Math.cos(angle)
      sin[i * pairs + pair] = factor * Math.sin(angle)
    }
  return { cos, sin }
}
