import type { TextTokenizer } from '../../core/index.js'
import { withSplits } from './splits.js'
import { byteLevelBytes, sentencePieceBytes } from './token-bytes.js'
import { createUnigram, type UnigramModel } from './unigram.js'

/** The part of Hugging Face's tokenizer that is used here; the package's own types do not resolve under nodenext. */
interface HuggingFaceTokenizer {
  encode(text: string, options: { add_special_tokens: boolean }): { ids: number[] }
  /** Words to pieces, and their ids. */
  model: ((words: readonly string[]) => string[]) & {
    readonly tokens_to_ids: ReadonlyMap<string, number>
    readonly unk_token_id?: number
  }
}

/** A token outside the model's vocabulary, or one with a part of its own in it. */
export interface AddedToken {
  readonly id: number
  readonly content: string
  readonly special: boolean
  readonly normalized?: boolean
  readonly lstrip?: boolean
  readonly rstrip?: boolean
  readonly single_word?: boolean
}

/** A tokenizer.json, as far as it is looked into. */
export interface TokenizerFile {
  readonly model: {
    readonly type?: string
    readonly vocab: Readonly<Record<string, number>> | readonly (readonly [string, number])[]
    readonly merges?: readonly (string | readonly [string, string])[]
    readonly unk_token?: string | null
    readonly unk_id?: number | null
    readonly byte_fallback?: boolean
    readonly single?: boolean
  }
  readonly added_tokens?: readonly AddedToken[]
  readonly normalizer?: unknown
  readonly pre_tokenizer?: unknown
  readonly post_processor?: unknown
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

/** Parts that a file may leave out and the package wants to see. */
const NOTHING = { normalizer: null, pre_tokenizer: null, post_processor: null, decoder: null }

/** A tokenizer that can also say what its own file does: tokens by their text, and what it puts around a text. */
export interface JsonTokenizer extends TextTokenizer {
  idOf(text: string): number | undefined
  textOf(id: number): string
  /** Ids of a text with the special tokens that the file's post-processor adds. */
  withSpecial(text: string): readonly number[]
}

/**
 * What a tokenizer.json says, as a tokenizer of ordinary text: what looks like a special token stays text.
 *
 * @throws {Error} where the file asks for something that the package does not know
 */
export async function createTokenizer(file: TokenizerFile): Promise<JsonTokenizer> {
  const { Tokenizer } = (await import('@huggingface/tokenizers')) as unknown as {
    Tokenizer: new (file: object, config: object) => HuggingFaceTokenizer
  }
  const added = file.added_tokens ?? []
  const make = (tokens: readonly AddedToken[]) => {
    const made = new Tokenizer(
      { ...NOTHING, ...file, pre_tokenizer: withSplits(file.pre_tokenizer), added_tokens: tokens },
      {},
    )
    const { tokens_to_ids, unk_token_id } = made.model
    if (file.model.type === 'Unigram')
      made.model = Object.assign(createUnigram(file.model as UnigramModel), { tokens_to_ids, unk_token_id })
    return made
  }
  const ordinary = make(added.filter((t) => !t.special))
  const texts = tokenTexts(file)
  const ids = new Map(Array.from(texts, ([id, text]) => [text, id]))
  const byteLevel = JSON.stringify([file.pre_tokenizer, file.decoder]).includes('"ByteLevel"')
  const special = new Set(added.filter((t) => t.special).map((t) => t.id))
  const unknown = file.model.unk_id ?? ids.get(file.model.unk_token ?? '')
  return {
    vocabularySize: [...texts.keys()].reduce((most, id) => Math.max(most, id), -1) + 1,
    tokenize: (text) =>
      text === ''
        ? new Int32Array(0)
        : Int32Array.from(ordinary.encode(text, { add_special_tokens: false }).ids),
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
    idOf: (text) => ids.get(text),
    textOf: (id) => texts.get(id) ?? '',
    withSpecial: (text) => make(added).encode(text, { add_special_tokens: true }).ids,
  }
}
