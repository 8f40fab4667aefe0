import { raise } from '../errors.js'
import type { GgufHeader } from './header.js'

/** Architectures of llama.cpp that read a text from both sides, whatever `attention.causal` says. */
const ENCODERS = new Set([
  'bert',
  'eurobert',
  'gemma-embedding',
  'jina-bert-v2',
  'jina-bert-v3',
  'modern-bert',
  'neo-bert',
  'nomic-bert',
  'nomic-bert-moe',
  't5encoder',
])

/**
 * Refuse GGUF files that are something else than a model that predicts text from left to right.
 *
 * @throws {AssayError} `engines/lora-adapter`, `vision-projector`, `encoder-only`, `no-weights`
 */
export function refuseOtherKinds({ path, metadata, tensors }: GgufHeader): void {
  const field = (key: string, name: Parameters<typeof raise>[0]) =>
    raise(name, `the file says ${JSON.stringify(metadata.get(key))}`, { path, field: key })
  const architecture = metadata.get('general.architecture')
  const type = metadata.get('general.type')
  if (type === 'adapter' || metadata.has('adapter.type'))
    throw field(type === 'adapter' ? 'general.type' : 'adapter.type', 'lora-adapter')
  if (type === 'mmproj' || architecture === 'clip')
    throw field(type === 'mmproj' ? 'general.type' : 'general.architecture', 'vision-projector')
  if (typeof architecture === 'string' && ENCODERS.has(architecture))
    throw field('general.architecture', 'encoder-only')
  const causal = `${architecture}.attention.causal`
  if (metadata.get(causal) === false) throw field(causal, 'encoder-only')
  if (tensors.length === 0) throw raise('no-weights', 'it has no tensor', { path })
}
