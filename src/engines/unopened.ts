import { existsSync, readdirSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { AssayError } from '../core/index.js'
import { counted } from '../core/index.js'
import { raise } from './errors.js'
import { type ModelLocation, nameOf } from './resolve/location.js'
import { hubFile } from './resolve/reference.js'

/** What lies at a place that no engine opens, and what to do about it. */
export function unopened(location: ModelLocation): AssayError {
  const place = { path: nameOf(location) }
  switch (location.kind) {
    case 'server':
      return raise('server', `this file is written ${hubFile(location.url)}`, place)
    case 'folder':
      return unopenedFolder(location.path)
    case 'file':
      return raise('no-engine', partOfFolder(location.path) ?? 'found a file of another kind', place)
  }
}

/** A file of a checkpoint stands for the folder that it lies in. */
function partOfFolder(path: string): string | undefined {
  if (!/\.(json|safetensors)$/i.test(path)) return undefined
  const folder = dirname(path)
  if (existsSync(join(folder, 'config.json')))
    return `found a file of a checkpoint; give the folder that it lies in: ${folder}`
  return /\.safetensors$/i.test(path)
    ? 'found weights without the config.json that belongs beside them'
    : undefined
}

function unopenedFolder(path: string): AssayError {
  const has = (name: string) => existsSync(join(path, name))
  if (has('adapter_config.json')) return raise('lora-adapter', 'it holds adapter_config.json', { path })
  const names = readdirSync(path)
  const checkpoints = names.filter((name) => has(join(name, 'config.json')))
  if (checkpoints.length > 0)
    return raise(
      'no-engine',
      `found a folder of ${counted(checkpoints.length, 'checkpoint')}: give one, such as ${join(basename(path), checkpoints.sort()[0]!)}, or audit all: assay audit ${basename(path)} --every-checkpoint`,
      { path },
    )
  const models = names.filter((name) => /\.gguf$/i.test(name))
  return raise(
    'no-engine',
    models.length === 0
      ? 'found a folder without a .gguf file or a config.json'
      : `found a folder; of its .gguf files give one, such as ${join(basename(path), models.sort()[0]!)}`,
    { path },
  )
}
