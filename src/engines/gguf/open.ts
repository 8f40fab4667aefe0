import type { OpenedModel } from '../../core/index.js'
import type { ModelLocation } from '../resolve/location.js'
import { describeModel, type GgufModel, sha256OfFile } from './evidence.js'
import { type GgufHeader, readGgufHeader } from './header.js'
import { refuseOtherKinds } from './kind.js'

/**
 * Read what a GGUF file says of itself and hand it to an engine.
 *
 * @throws {AssayError} `engines/…`: not a GGUF, truncated, damaged, unsupported; what `open` throws
 */
export async function openGguf(
  location: ModelLocation,
  open: (header: GgufHeader, model: GgufModel) => Promise<OpenedModel>,
): Promise<OpenedModel> {
  if (location.kind !== 'file') throw new TypeError(`a GGUF is a file, not a ${location.kind}`)
  const header = await readGgufHeader(location.path)
  refuseOtherKinds(header)
  return open(header, describeModel(header, await sha256OfFile(location.path)))
}
