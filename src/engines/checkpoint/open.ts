import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { basename, dirname, join, sep } from 'node:path'
import type { OpenOptions } from '../engine.js'
import { sha256OfFile } from '../gguf/evidence.js'
import { defaultCacheDir } from '../resolve/cache.js'
import { guardDisk, makeFolder, requireRoom, waitForLock } from '../resolve/cached-file.js'
import type { ResolveOptions } from '../resolve/options.js'
import type { FolderTokenizer } from '../tokenizer-json/folder.js'
import type { CheckpointConfig } from './config.js'
import { type Conversion, planConversion } from './conversion.js'
import { raise } from './errors.js'
import { type CheckpointFolder, readCheckpoint } from './folder.js'
import { readTokenizer } from './tokenizer.js'
import { writeGguf } from './write.js'

/** Counted up when a conversion comes out differently, so that no earlier one is taken for it. */
const CONVERSION = 1

/** A checkpoint folder made ready for an engine. */
export interface PreparedCheckpoint {
  /** The GGUF in the cache: weights without a tokenizer. */
  readonly gguf: string
  readonly name: string
  /** Of the hashes of config, weights and tokenizer files. */
  readonly sha256: string
  readonly tokenizer: FolderTokenizer
  readonly conversion: Conversion
  readonly config: CheckpointConfig
}

/**
 * Make a checkpoint folder a GGUF in the cache, once for the same bytes, and its tokenizer a tokenizer. The folder itself
 * is only read; its files may be links.
 *
 * @throws {AssayError} `engines/…`: what reading the folder throws; `disk-full`, `cache-unwritable`, `conversion-stopped`
 */
export async function prepareCheckpoint(
  path: string,
  options: ResolveOptions & Pick<OpenOptions, 'note'>,
  name = nameOfFolder(path),
): Promise<PreparedCheckpoint> {
  const folder = await readCheckpoint(path)
  const conversion = planConversion(folder, folder.architecture)
  const embedding = conversion.tensors.find((tensor) => tensor.name === 'token_embd.weight')!
  const tokenizer = await readTokenizer(path, embedding.shape[1]!, options.note?.bind(options))
  const sha256 = await identity(folder, tokenizer.files, options)
  const key = createHash('sha256').update(`${CONVERSION} ${sha256}`).digest('hex')
  const gguf = join(options.cacheDir ?? defaultCacheDir(), 'converted', `${key}.gguf`)
  if (!existsSync(gguf)) await once(gguf, options, () => convert(conversion, gguf, options, name))
  return { gguf, name, sha256, tokenizer, conversion, config: folder.config }
}

const converting = new Map<string, Promise<void>>()

/** Make a file once, whoever asks for it at the same time, here or in another process. */
async function once(gguf: string, { signal }: ResolveOptions, make: () => Promise<void>): Promise<void> {
  const alone = async (): Promise<void> => {
    await makeFolder(dirname(gguf))
    const release = await waitForLock(`${gguf}.lock`, () => stopIf(signal))
    try {
      if (!existsSync(gguf)) await make()
    } finally {
      await release()
    }
  }
  const running = converting.get(gguf) ?? alone().finally(() => converting.delete(gguf))
  converting.set(gguf, running)
  await running
}

/** One hash of all that decides a number, so that a copy of the folder elsewhere is the same model. */
async function identity(
  { path, weightFiles }: CheckpointFolder,
  tokenizerFiles: readonly string[],
  { signal }: ResolveOptions,
): Promise<string> {
  const hash = createHash('sha256')
  const own = ['config.json', ...weightFiles].map((name) => join(path, name))
  for (const file of [...own, ...tokenizerFiles]) {
    stopIf(signal)
    hash.update(`${basename(file)} ${await sha256OfFile(file)}\n`)
  }
  return hash.digest('hex')
}

async function convert(
  conversion: Conversion,
  gguf: string,
  options: ResolveOptions,
  name: string,
): Promise<void> {
  const part = `${gguf}.part`
  const bytes = conversion.tensors.reduce((sum, tensor) => sum + tensor.bytes, 0)
  await requireRoom(gguf, bytes)
  const bar = options.progress?.(`Converting ${name}`)
  try {
    await guardDisk(part, async () => {
      const file = await open(part, 'w')
      try {
        await writeGguf(conversion, file, {
          onProgress: (done, total) => bar?.update(done, total),
          check: () => stopIf(options.signal),
        })
        await file.sync()
      } finally {
        await file.close()
      }
      await rename(part, gguf)
    })
  } catch (error) {
    await rm(part, { force: true })
    throw error
  } finally {
    bar?.end()
  }
}

function stopIf(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw raise('conversion-stopped', 'by a signal')
}

/** The Hub's cache keeps a repository under its name and a commit; a trainer its checkpoints under the run's name. */
function nameOfFolder(path: string): string {
  const hub = /models--([^/\\]+)--([^/\\]+)[/\\]snapshots[/\\][^/\\]+$/.exec(path)
  if (hub !== null) return `${hub[1]}/${hub[2]}`
  const parts = path.split(sep)
  return /^(checkpoint|step|global_step)[-_]?\d+$/.test(basename(path))
    ? parts.slice(-2).join('/')
    : basename(path)
}
