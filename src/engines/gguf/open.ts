import type { OpenedModel } from '../../core/index.js'
import type { PreparedCheckpoint } from '../checkpoint/open.js'
import type { OpenOptions } from '../engine.js'
import type { ModelLocation } from '../resolve/location.js'
import type { ResolveOptions } from '../resolve/options.js'
import type { FolderTokenizer } from '../tokenizer-json/folder.js'
import { describeModel, type GgufModel, sha256OfFile } from './evidence.js'
import { type GgufHeader, readGgufHeader } from './header.js'
import { refuseOtherKinds } from './kind.js'

/** A GGUF that was read and checked. */
export interface GgufFile {
  readonly header: GgufHeader
  readonly model: GgufModel
  /** Where the tokenizer is not the file's own. */
  readonly text?: FolderTokenizer
  /** What it was made from, where it was. */
  readonly checkpoint?: Pick<PreparedCheckpoint, 'conversion' | 'config'>
}

/**
 * Read what a GGUF file says of itself and hand it to an engine; a checkpoint folder is made one first.
 *
 * @throws {AssayError} `engines/…`: not a GGUF, truncated, damaged, unsupported; what a checkpoint folder throws; what
 *   `open` throws
 */
export async function openGguf(
  location: ModelLocation,
  options: ResolveOptions & Pick<OpenOptions, 'note'>,
  open: (file: GgufFile) => Promise<OpenedModel>,
): Promise<OpenedModel> {
  if (location.kind === 'folder') return open(await convertedCheckpoint(location, options))
  if (location.kind !== 'file') throw new TypeError(`a GGUF is a file or a folder, not a ${location.kind}`)
  const header = await readGgufHeader(location.path)
  refuseOtherKinds(header)
  return open({ header, model: describeModel(header, await sha256OfFile(location.path)) })
}

async function convertedCheckpoint(
  location: ModelLocation & { kind: 'folder' },
  options: ResolveOptions & Pick<OpenOptions, 'note'>,
): Promise<GgufFile> {
  const { prepareCheckpoint } = await import('../checkpoint/open.js')
  const { gguf, name, sha256, tokenizer, ...checkpoint } = await prepareCheckpoint(
    location.path,
    options,
    location.name,
  )
  const header = await readGgufHeader(gguf)
  const described = describeModel(header, sha256)
  return {
    header,
    model: {
      ...described,
      name,
      kind: 'checkpoint folder',
      tokenizer: tokenizer.name,
      chatTemplate: tokenizer.chatTemplate,
    },
    text: tokenizer,
    checkpoint,
  }
}
