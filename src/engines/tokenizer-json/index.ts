import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { TextTokenizer } from '../../core/index.js'
import { raise } from './errors.js'
import { byteLevelBytes, sentencePieceBytes } from './token-bytes.js'

/** The part of Hugging Face's tokenizer that is used here; the package's own types do not resolve under nodenext. */
interface HuggingFaceTokenizer {
  encode(text: string, options: { add_special_tokens: boolean }): { ids: number[] }
}

interface TokenizerFile {
  readonly model: {
    readonly type?: string
    readonly vocab: Readonly<Record<string, number>> | readonly (readonly [string, number])[]
    readonly unk_token?: string | null
    readonly unk_id?: number | null
  }
  readonly added_tokens?: readonly { id: number; content: string; special: boolean }[]
  readonly pre_tokenizer?: unknown
  readonly decoder?: unknown
}

/** Token text by id: from the vocabulary (a map, or SentencePiece's list of pairs), then the added tokens. */
function tokenTexts({ model, added_tokens = [] }: TokenizerFile): Map<number, string> {
  const texts = new Map<number, string>()
  if (Array.isArray(model.vocab))
    for (const [id, [text]] of (model.vocab as [string, number][]).entries()) texts.set(id, text)
  else for (const [text, id] of Object.entries(model.vocab)) texts.set(Number(id), text)
  for (const { id, content } of added_tokens) texts.set(id, content)
  return texts
}

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
    throw raise('bad-tokenizer-json', 'the file cannot be read', { path }, error)
  }
  let file: TokenizerFile
  let tokenizer: HuggingFaceTokenizer
  try {
    file = JSON.parse(bytes.toString('utf8')) as TokenizerFile
    if (typeof file.model?.vocab !== 'object') throw new TypeError('it has no model.vocab')
    const { Tokenizer } = (await import('@huggingface/tokenizers')) as unknown as {
      Tokenizer: new (file: object, config: object) => HuggingFaceTokenizer
    }
    tokenizer = new Tokenizer(file, {})
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw raise('bad-tokenizer-json', reason, { path }, error)
  }
  const texts = tokenTexts(file)
  const byteLevel = JSON.stringify([file.pre_tokenizer, file.decoder]).includes('"ByteLevel"')
  const special = new Set((file.added_tokens ?? []).filter((t) => t.special).map((t) => t.id))
  const unknown = file.model.unk_id ?? [...texts].find(([, text]) => text === file.model.unk_token)?.[0]
  const size = Math.max(-1, ...texts.keys()) + 1
  return {
    name: path,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    vocabularySize: size,
    tokenize: (text) =>
      text === ''
        ? new Int32Array(0)
        : Int32Array.from(tokenizer.encode(text, { add_special_tokens: false }).ids),
    tokenBytes: (id) => {
      const text = texts.get(id)
      if (text === undefined || special.has(id)) return new Uint8Array(0)
      return byteLevel ? byteLevelBytes(text) : sentencePieceBytes(text)
    },
    tokenKind: (id) => {
      const text = texts.get(id)
      if (text === undefined) return 'unused'
      if (id === unknown) return 'unknown'
      if (special.has(id)) return 'control'
      return !byteLevel && /^<0x[0-9A-Fa-f]{2}>$/.test(text) ? 'byte' : 'ordinary'
    },
  }
}
