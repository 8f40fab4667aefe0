import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { messageOf } from '../../core/errors.js'
import type { TextTokenizer } from '../../core/index.js'
import type { SpecialTokens } from '../prefix-tokens.js'
import { absence, linkTarget, refusePointer } from '../stand-ins.js'
import { raise } from './errors.js'
import { readSentencePiece } from './sentencepiece.js'
import { type AddedToken, createTokenizer, type JsonTokenizer, type TokenizerFile } from './text-tokenizer.js'

/** The tokenizer of a Hugging Face folder, and what its files say of special tokens. */
export interface FolderTokenizer {
  readonly tokenizer: TextTokenizer
  /** For a reader: `BPE (tokenizer.json)`. */
  readonly name: string
  readonly special: Omit<SpecialTokens, 'vocabularySize'>
  /** Tokens that end a completion. */
  readonly ends: ReadonlySet<number>
  readonly chatTemplate: boolean
  /** Paths of the files that decide an id, for a hash. */
  readonly files: readonly string[]
}

const MODELS = ['BPE', 'Unigram']

/** Whether a folder has a tokenizer of its own. */
export function hasTokenizer(path: string): boolean {
  return ['tokenizer.json', 'tokenizer.model', 'vocab.json'].some((name) => existsSync(join(path, name)))
}

/**
 * Read the tokenizer beside a checkpoint: `tokenizer.json`, else `tokenizer.model` (SentencePiece), else `vocab.json` and
 * `merges.txt`.
 *
 * @param modelPath  where the model's config.json is, which names special tokens where the tokenizer's files do not
 * @throws {AssayError} `engines/no-tokenizer`, `unsupported-tokenizer`, `bad-tokenizer-json`
 */
export async function openTokenizerFolder(path: string, modelPath = path): Promise<FolderTokenizer> {
  const config = readJson(join(path, 'tokenizer_config.json')) ?? {}
  const { file, files } = readTokenizerFile(path, config)
  const type = file.model?.type ?? 'BPE'
  if (!MODELS.includes(type)) throw raise('unsupported-tokenizer', `found ${type}`, { path })
  // The package stands NFKC in for whatever table the file brings.
  if (JSON.stringify(file.normalizer ?? null).includes('"Precompiled"'))
    throw raise('unsupported-tokenizer', 'a normalizer of its own (Precompiled)', { path })
  let tokenizer: JsonTokenizer
  try {
    tokenizer = await createTokenizer(file)
  } catch (error) {
    throw raise('unsupported-tokenizer', messageOf(error), { path }, error)
  }
  const model = readJson(join(modelPath, 'config.json')) ?? {}
  const generation = readJson(join(modelPath, 'generation_config.json')) ?? {}
  const bos = specialToken('bos', tokenizer, config, model)
  const eos = specialToken('eos', tokenizer, config, model)
  const ends = [eos, ...idsOf(generation.eos_token_id), ...idsOf(model.eos_token_id)]
  return {
    tokenizer,
    name: `${type} (${files[0]})`,
    special: {
      bos,
      eos,
      addsBos: bos !== null && addsBos(bos, tokenizer, config),
      text: (id) => tokenizer.textOf(id),
    },
    ends: new Set(ends.filter((id) => id !== null)),
    chatTemplate: config.chat_template !== undefined || existsSync(join(path, 'chat_template.jinja')),
    files: [...files, 'tokenizer_config.json']
      .map((name) => join(path, name))
      .filter((file) => existsSync(file)),
  }
}

type Json = Readonly<Record<string, unknown>>

/** @throws {AssayError} `engines/bad-tokenizer-json` */
function readJson(path: string): Json | undefined {
  if (!existsSync(path)) return undefined
  const bytes = readFileSync(path)
  refusePointer(bytes, path)
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'))
    if (typeof value === 'object' && value !== null) return value as Json
    throw new SyntaxError('it is no object')
  } catch (error) {
    throw raise('bad-tokenizer-json', messageOf(error), { path }, error)
  }
}

function readTokenizerFile(path: string, config: Json): { file: TokenizerFile; files: string[] } {
  const has = (name: string) => existsSync(join(path, name))
  if (has('tokenizer.json')) {
    const file = readJson(join(path, 'tokenizer.json')) as TokenizerFile | undefined
    if (typeof file?.model?.vocab !== 'object')
      throw raise('bad-tokenizer-json', 'it has no model.vocab', { path: join(path, 'tokenizer.json') })
    return { file, files: ['tokenizer.json'] }
  }
  if (has('tokenizer.model')) {
    const file = readSentencePiece(join(path, 'tokenizer.model'))
    return {
      file: { ...file, added_tokens: [...(file.added_tokens ?? []), ...addedTokens(path, config)] },
      files: ['tokenizer.model', ...(has('added_tokens.json') ? ['added_tokens.json'] : [])],
    }
  }
  if (has('vocab.json') && has('merges.txt'))
    return { file: byteLevelFile(path, config), files: ['vocab.json', 'merges.txt'] }
  const link = ['tokenizer.json', 'tokenizer.model'].find(
    (name) => linkTarget(join(path, name)) !== undefined,
  )
  throw raise(
    'no-tokenizer',
    has('vocab.txt')
      ? 'found vocab.txt (WordPiece)'
      : link === undefined
        ? 'found none of tokenizer.json, tokenizer.model, vocab.json with merges.txt'
        : `${link}: ${absence(join(path, link))}`,
    { path },
  )
}

/** Tokens that were added to a vocabulary, as files before tokenizer.json name them. */
function addedTokens(path: string, config: Json): AddedToken[] {
  const decoder = Object.entries(
    (config.added_tokens_decoder ?? {}) as Record<string, Omit<AddedToken, 'id'>>,
  )
  if (decoder.length > 0) return decoder.map(([id, token]) => ({ ...token, id: Number(id) }))
  const added = readJson(join(path, 'added_tokens.json')) ?? {}
  return Object.entries(added).map(([content, id]) => ({ content, id: Number(id), special: true }))
}

/** How the tokenizers that are kept as vocab.json and merges.txt cut a text into words. */
const WORDS: Readonly<Record<string, Json>> = {
  GPT2Tokenizer: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
  Qwen2Tokenizer: {
    type: 'Sequence',
    pretokenizers: [
      {
        type: 'Split',
        pattern: {
          Regex:
            "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
        },
        behavior: 'Isolated',
        invert: false,
      },
      { type: 'ByteLevel', add_prefix_space: false, trim_offsets: false, use_regex: false },
    ],
  },
}

function byteLevelFile(path: string, config: Json): TokenizerFile {
  const name = String(config.tokenizer_class ?? 'GPT2Tokenizer').replace(/Fast$/, '')
  const words = WORDS[name]
  if (words === undefined)
    throw raise('unsupported-tokenizer', `vocab.json and merges.txt of a ${name}`, { path })
  const vocab = (readJson(join(path, 'vocab.json')) ?? {}) as Record<string, number>
  const merges = readFileSync(join(path, 'merges.txt'), 'utf8')
    .split('\n')
    .map((line) => line.replace(/\r$/, ''))
    .filter((line) => line !== '' && !line.startsWith('#version'))
  const end = '<|endoftext|>'
  const added = addedTokens(path, config)
  return {
    model: { type: 'BPE', vocab, merges },
    normalizer: name === 'Qwen2Tokenizer' ? { type: 'NFC' } : null,
    pre_tokenizer: words,
    decoder: { type: 'ByteLevel' },
    added_tokens:
      added.length > 0 || vocab[end] === undefined
        ? added
        : [{ id: vocab[end], content: end, special: true }],
  }
}

/**
 * Where the tokenizer's files name the token, or name none, that counts; else what the model's config says.
 *
 * Source: lm-evaluation-harness, HFLM.prefix_token_id, which asks the tokenizer.
 */
function specialToken(
  name: 'bos' | 'eos',
  tokenizer: JsonTokenizer,
  config: Json,
  model: Json,
): number | null {
  const named = config[`${name}_token`]
  if (named === null) return null
  const text = typeof named === 'string' ? named : (named as { content?: unknown } | undefined)?.content
  if (typeof text === 'string') return tokenizer.idOf(text) ?? null
  return idsOf(model[`${name}_token_id`]).find((id) => tokenizer.textOf(id) !== '') ?? null
}

const idsOf = (value: unknown): number[] =>
  [value].flat().filter((id): id is number => Number.isSafeInteger(id) && Number(id) >= 0)

function addsBos(bos: number, tokenizer: JsonTokenizer, { add_bos_token: stated }: Json): boolean {
  return typeof stated === 'boolean' ? stated : tokenizer.withSpecial('a')[0] === bos
}
