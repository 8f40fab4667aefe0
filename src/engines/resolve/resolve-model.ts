import { existsSync, readdirSync, type Stats, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { raise } from '../errors.js'
import { absence } from '../stand-ins.js'
import { cachedFile } from './hugging-face.js'
import type { ModelLocation } from './location.js'
import type { ResolveOptions } from './options.js'
import { DEFAULT_REVISION, type ModelReference, parseReference, SHIPPED_MODEL } from './reference.js'
import { cachedRepository } from './repository.js'

/** From dist/engines/resolve and src/engines/resolve alike. */
const MODELS_FOLDER = fileURLToPath(new URL('../../../models/', import.meta.url))

/**
 * Where the model is that a reference means: a path as it is, `hf:org/repo[/file.gguf][@revision]` downloaded once
 * into the cache, `http(s)://…` a server, `assay-ladder` or nothing = the model that ships.
 *
 * @throws {AssayError} `engines/bad-reference`, `no-such-file`, `unreadable-file`, `no-reference-model`, `offline`, and those of a download
 */
export async function resolveModel(
  reference: string = SHIPPED_MODEL,
  options: ResolveOptions = {},
): Promise<ModelLocation> {
  const parsed = parseReference(reference)
  switch (parsed.kind) {
    case 'shipped':
      return { kind: 'file', path: shippedModel() }
    case 'huggingFace':
      return onHub(parsed, options)
    case 'server':
      return parsed
    case 'path':
      return onDisk(parsed.path)
  }
}

async function onHub(
  { repository, revision, file }: ModelReference & { kind: 'huggingFace' },
  options: ResolveOptions,
): Promise<ModelLocation> {
  if (file !== undefined)
    return { kind: 'file', path: await cachedFile({ repository, revision, file }, options) }
  const name = revision === DEFAULT_REVISION ? repository : `${repository}@${revision}`
  return { kind: 'folder', path: await cachedRepository({ repository, revision }, options), name }
}

function onDisk(given: string): ModelLocation {
  const path = resolve(given)
  const stats = look(path)
  if (stats === undefined) throw raise('no-such-file', absenceOf(given), { path: given })
  // Opening a pipe would wait for a writer, and no signal ends that.
  if (!stats.isDirectory() && !stats.isFile())
    throw raise('unreadable-file', 'it is not a regular file', { path: given })
  return { kind: stats.isDirectory() ? 'folder' : 'file', path }
}

/** Undefined where nothing is. What else bars a look (links in a circle, a zero byte in the name) is told. */
function look(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false })
  } catch (error) {
    if (!(error instanceof Error)) throw error
    throw raise('unreadable-file', error.message, { path }, error)
  }
}

/** `org/repo` is how the Hub's models are named elsewhere. */
function absenceOf(given: string): string {
  return /^[\w-][\w.-]*\/[\w.-]+$/.test(given) && !/\.gguf$/i.test(given)
    ? `${absence(given)}; a repository on the Hub is written hf:${given}/FILE.gguf`
    : absence(given)
}

/** The largest models/assay-ladder-*.gguf of the package. */
function shippedModel(): string {
  const names = existsSync(MODELS_FOLDER) ? readdirSync(MODELS_FOLDER) : []
  const [largest] = names
    .filter((name) => /^assay-ladder-.*\.gguf$/.test(name))
    .map((name) => join(MODELS_FOLDER, name))
    .sort((a, b) => statSync(b).size - statSync(a).size)
  if (largest === undefined)
    throw raise('no-reference-model', 'no assay-ladder-*.gguf', { path: MODELS_FOLDER })
  return largest
}
