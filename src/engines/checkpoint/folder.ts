import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { messageOf } from '../../core/errors.js'
import { linkTarget } from '../stand-ins.js'
import type { Architecture } from './architecture.js'
import { ARCHITECTURES } from './architectures/index.js'
import { CheckpointConfig } from './config.js'
import { raise } from './errors.js'
import { readSafetensors, type StoredTensor } from './safetensors.js'

/** A Hugging Face checkpoint as it lies in a folder. */
export interface CheckpointFolder {
  readonly path: string
  readonly config: CheckpointConfig
  readonly architecture: Architecture
  /** By name, the architecture's prefix left out. */
  readonly tensors: ReadonlyMap<string, StoredTensor>
  /** Names of the weights' files, in a fixed order. */
  readonly weightFiles: readonly string[]
}

const CONFIG = 'config.json'
const INDEX = 'model.safetensors.index.json'
const SINGLE = 'model.safetensors'
const PICKLES = /\.(bin|pt|pth|ckpt|pkl)$/
/** Of trainers: optimiser, scheduler and random states are no weights. */
const NOT_WEIGHTS = /^(optimizer|scheduler|rng_state|training_args|scaler)/

/**
 * Read what a checkpoint folder says of itself, and the headers of its weights.
 *
 * @throws {AssayError} `engines/…`: the config, an unknown architecture, quantised or pickled weights, a missing shard
 */
export async function readCheckpoint(path: string): Promise<CheckpointFolder> {
  const config = CheckpointConfig.read(join(path, CONFIG))
  const architecture = architectureOf(config)
  refuseQuantised(path, config)
  const weightFiles = findWeights(path)
  const stored = (await Promise.all(weightFiles.map((name) => readSafetensors(join(path, name))))).flat()
  const { prefix } = architecture
  const bare = (name: string) =>
    prefix !== undefined && name.startsWith(prefix) ? name.slice(prefix.length) : name
  return {
    path,
    config,
    architecture,
    weightFiles,
    tensors: new Map(stored.map((tensor) => [bare(tensor.name), tensor])),
  }
}

function architectureOf(config: CheckpointConfig): Architecture {
  const [name] = config.texts('architectures') ?? []
  const found = ARCHITECTURES.find(({ names }) => name !== undefined && names.includes(name))
  if (found !== undefined) return found
  const known = ARCHITECTURES.flatMap(({ names }) => names).join(', ')
  throw raise(
    'unknown-architecture',
    `found ${JSON.stringify(name ?? config.text('model_type') ?? null)}; read are ${known}`,
    { path: config.path, field: 'architectures' },
  )
}

function refuseQuantised(path: string, config: CheckpointConfig): void {
  const quantised = config.part('quantization_config') ?? config.part('quantization')
  if (quantised !== undefined)
    throw raise('quantised-checkpoint', `it says ${methodOf(quantised)}`, { path: config.path })
  if (existsSync(join(path, 'quantize_config.json')))
    throw raise('quantised-checkpoint', 'it holds quantize_config.json (GPTQ)', { path })
}

function methodOf(quantised: CheckpointConfig): string {
  const bits = quantised.optionalCount('bits', 'w_bit')
  const method = quantised.text('quant_method', 'mode', 'quant_algo') ?? 'quantised weights'
  return bits === undefined ? method : `${method}, ${bits} bits`
}

/** @throws {AssayError} `engines/missing-shard`, `pickled-weights`, `no-weights-in-folder` */
function findWeights(path: string): string[] {
  const names = readdirSync(path).sort()
  if (names.includes(INDEX)) return requireAll(path, shardsOfIndex(join(path, INDEX)))
  if (names.includes(SINGLE)) return [SINGLE]
  const others = names.filter((name) => name.endsWith('.safetensors'))
  const shards = others.flatMap((name) => /^(.*)-\d{5}-of-(\d{5})\.safetensors$/.exec(name) ?? [])
  if (shards.length > 0) {
    const [, stem, count] = shards
    const all = Array.from(
      { length: Number(count) },
      (_, i) => `${stem}-${String(i + 1).padStart(5, '0')}-of-${count}.safetensors`,
    )
    return requireAll(path, all)
  }
  if (others.length === 1) return others
  const pickles = names.filter((name) => PICKLES.test(name) && !NOT_WEIGHTS.test(name))
  if (pickles.length > 0) throw raise('pickled-weights', `it holds ${pickles[0]}`, { path })
  throw raise(
    'no-weights-in-folder',
    others.length === 0 ? 'found config.json and no .safetensors' : `which of ${others.join(', ')} is meant?`,
    { path },
  )
}

function shardsOfIndex(path: string): string[] {
  let map: unknown
  try {
    map = (JSON.parse(readFileSync(path, 'utf8')) as { weight_map?: unknown } | null)?.weight_map
  } catch (error) {
    throw raise('bad-safetensors', messageOf(error), { path }, error)
  }
  const files = typeof map === 'object' && map !== null ? [...new Set(Object.values(map))] : []
  // A name that leads out of the folder is no shard of it.
  if (files.length === 0 || !files.every((name) => typeof name === 'string' && /^[\w.-]+$/.test(name)))
    throw raise('bad-safetensors', 'its weight_map names no files beside it', { path })
  return (files as string[]).sort()
}

function requireAll(path: string, files: readonly string[]): string[] {
  const missing = files.filter((name) => !existsSync(join(path, name)))
  if (missing.length > 0) {
    const shown = missing.slice(0, 5).map((name) => {
      const target = linkTarget(join(path, name))
      return target === undefined ? name : `${name} (a link to ${target})`
    })
    throw raise(
      'missing-shard',
      `${missing.length} of ${files.length} are not there: ${shown.join(', ')}${missing.length > 5 ? '…' : ''}`,
      { path },
    )
  }
  return [...files]
}
