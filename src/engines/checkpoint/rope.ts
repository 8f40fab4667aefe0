import type { GgufEntry } from '../gguf/writer.js'
import type { MadeTensor } from './architecture.js'
import type { CheckpointConfig } from './config.js'

/** Rotary positions of a config: `rope_parameters` (transformers 5), or `rope_theta` and `rope_scaling` before. */
interface Rope {
  readonly theta: number
  readonly type: string
  /** Where the scaling's own numbers stand. */
  readonly scaling: CheckpointConfig | undefined
}

/** @param kind  of layers, where each has rotary positions of its own (`full_attention`, `sliding_attention`) */
function readRope(config: CheckpointConfig, defaultTheta: number, kind?: string): Rope {
  const parameters = config.part('rope_parameters')
  const own = kind === undefined ? undefined : parameters?.part(kind)
  const scaling = own ?? parameters ?? config.part('rope_scaling')
  return {
    theta:
      own?.optionalReal('rope_theta') ??
      parameters?.optionalReal('rope_theta') ??
      config.optionalReal('rope_theta', 'rotary_emb_base') ??
      defaultTheta,
    type: scaling?.text('rope_type', 'type') ?? 'default',
    scaling,
  }
}

/** What scaled rotary positions become: metadata, a table of factors, and the longest text for which both are exact. */
export interface RopeDeclaration {
  readonly metadata: Readonly<Record<string, GgufEntry>>
  readonly made: readonly MadeTensor[]
  readonly context: number
}

/**
 * Rotary positions as llama.cpp computes them.
 *
 * @param dimensions  of a head that are rotated
 * @throws {AssayError} `engines/unsupported-checkpoint` for a scaling that is not computed
 *
 * Source: transformers, modeling_rope_utils.py; Llama 3: `_compute_llama3_parameters`; LongRoPE: arXiv:2402.13753.
 */
export function declareRope(
  config: CheckpointConfig,
  dimensions: number,
  {
    theta: defaultTheta = 10_000,
    kind,
    tables,
  }: {
    readonly theta?: number
    readonly kind?: string
    /** The scaling by a table of factors that the library knows in this architecture. */
    readonly tables?: 'llama3' | 'longrope'
  } = {},
): RopeDeclaration {
  const rope = readRope(config, defaultTheta, kind)
  const { scaling } = rope
  const context = config.count('max_position_embeddings')
  const type = scaling === undefined ? 'default' : rope.type === 'su' ? 'longrope' : rope.type
  if ((type === 'llama3' || type === 'longrope') && type !== tables)
    throw config.unsupported('rope_scaling', `rotary positions of type ${JSON.stringify(type)}`)
  const base = { 'rope.freq_base': { real: rope.theta }, 'rope.dimension_count': { count: dimensions } }
  switch (type) {
    case 'default':
      return { metadata: base, made: [], context }
    // Changes nothing up to the length that the model was trained with.
    case 'dynamic':
      return { metadata: base, made: [], context: originalContext(config, scaling!) ?? context }
    case 'linear':
      return {
        metadata: {
          ...base,
          'rope.scaling.type': { text: 'linear' },
          'rope.scaling.factor': { real: scaling!.real('factor') },
        },
        made: [],
        context,
      }
    case 'llama3':
      return {
        metadata: base,
        made: [{ to: 'rope_freqs.weight', values: llama3Factors(rope.theta, dimensions, config, scaling!) }],
        context,
      }
    case 'yarn':
      return { metadata: { ...base, ...yarn(config, scaling!, context) }, made: [], context }
    case 'longrope':
      return longRope(config, scaling!, base, context)
    default:
      throw config.unsupported('rope_scaling', `rotary positions of type ${JSON.stringify(rope.type)}`)
  }
}

const originalContext = (config: CheckpointConfig, scaling: CheckpointConfig): number | undefined =>
  scaling.optionalCount('original_max_position_embeddings') ??
  config.optionalCount('original_max_position_embeddings')

/** Divisors of the frequencies, one a pair of dimensions: 1 for short waves, `factor` for long ones, between them a blend. */
function llama3Factors(
  theta: number,
  dimensions: number,
  config: CheckpointConfig,
  scaling: CheckpointConfig,
): Float32Array {
  const factor = scaling.real('factor')
  const low = scaling.real('low_freq_factor')
  const high = scaling.real('high_freq_factor')
  const original = originalContext(config, scaling) ?? scaling.count('original_max_position_embeddings')
  return Float32Array.from({ length: dimensions / 2 }, (_, i) => {
    const wavelength = 2 * Math.PI * theta ** ((2 * i) / dimensions)
    if (wavelength < original / high) return 1
    if (wavelength > original / low) return factor
    const blend = (original / wavelength - low) / (high - low)
    return 1 / ((1 - blend) / factor + blend)
  })
}

function yarn(
  config: CheckpointConfig,
  scaling: CheckpointConfig,
  context: number,
): Readonly<Record<string, GgufEntry>> {
  for (const key of ['mscale', 'mscale_all_dim', 'attention_factor'])
    if (scaling.optionalReal(key) !== undefined)
      throw config.unsupported(`rope_scaling.${key}`, 'YaRN with a temperature of its own')
  return {
    'rope.scaling.type': { text: 'yarn' },
    'rope.scaling.factor': { real: scaling.real('factor') },
    'rope.scaling.original_context_length': { count: originalContext(config, scaling) ?? context },
    'rope.scaling.yarn_beta_fast': { real: scaling.optionalReal('beta_fast') ?? 32 },
    'rope.scaling.yarn_beta_slow': { real: scaling.optionalReal('beta_slow') ?? 1 },
  }
}

/** More tokens than any context has. */
const NEVER = 2 ** 31 - 1

/**
 * One table of factors for short texts and one for long ones, chosen by the text's length; the library chooses by its
 * context's. Up to the original length both take the short one: that is as far as a text may go here.
 */
function longRope(
  config: CheckpointConfig,
  scaling: CheckpointConfig,
  base: Readonly<Record<string, GgufEntry>>,
  context: number,
): RopeDeclaration {
  const original = originalContext(config, scaling) ?? context
  const factor = scaling.optionalReal('factor') ?? context / original
  const attention =
    scaling.optionalReal('attention_factor') ??
    (factor <= 1 ? 1 : Math.sqrt(1 + Math.log(factor) / Math.log(original)))
  return {
    metadata: {
      ...base,
      'rope.scaling.original_context_length': { count: NEVER },
      'rope.scaling.attn_factor': { real: attention },
    },
    made: [{ to: 'rope_factors_short.weight', values: Float32Array.from(scaling.reals('short_factor')) }],
    context: Math.min(context, original),
  }
}

/** Dimensions of a head that are rotated. */
export function rotatedDimensions(config: CheckpointConfig, headSize: number, fallback: number): number {
  const share =
    config.optionalReal('partial_rotary_factor', 'rotary_pct') ??
    config.part('rope_parameters')?.optionalReal('partial_rotary_factor') ??
    fallback
  return Math.floor(share * headSize)
}
