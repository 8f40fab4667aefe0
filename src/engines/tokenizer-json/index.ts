import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { messageOf } from '../../core/errors.js'
import type { TextTokenizer } from '../../core/index.js'
import { refusePointer } from '../stand-ins.js'
import { raise } from './errors.js'
import { createTokenizer, type TokenizerFile } from './text-tokenizer.js'

/**
 * A `tokenizer.json` (Hugging Face tokenizers) as a tokenizer without its model: enough for `assay tokenizer`.
 *
 * @throws AssayError engines/bad-tokenizer-json when the file is not one
 */
export async function openTokenizerJson(
  path: string,
): Promise<TextTokenizer & { name: string; sha256: string }> {
  let bytes: Buffer
  try {
    bytes = readFileSync(path)
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT'
    const why = isMissing ? 'there is no such file' : 'the file cannot be read'
    throw raise('bad-tokenizer-json', why, { path }, error)
  }
  refusePointer(bytes, path)
  try {
    const file = JSON.parse(bytes.toString('utf8')) as TokenizerFile
    if (typeof file.model?.vocab !== 'object') throw new TypeError('it has no model.vocab')
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    return { name: path, sha256, ...(await createTokenizer(file)) }
  } catch (error) {
    const reason = messageOf(error)
    throw raise('bad-tokenizer-json', reason, { path }, error)
  }
}
