import {
  groupBy,
  splitWords,
  type TextTokenizer,
  type TokenizedText,
  type TokenizerEvidence,
  tokenizeContinuation,
} from '../../core/index.js'
import { raise } from '../errors.js'
import { readBytes } from '../store/files.js'
import { decodeText } from '../texts/decode.js'
import type { ParallelSource } from '../texts/domains.js'
import type { Passage } from '../texts/sample.js'
import type { GatherIo } from './io.js'

/** Bytes of a block: some hundred tokens, so that neighbours are nearly independent. */
const BLOCK_BYTES = 2000
/** A short text is cut finer, down to this many bytes, so that it too has blocks to draw intervals from. */
const LEAST_BLOCK_BYTES = 100
const BLOCKS_WANTED = 16

/** Consecutive blocks of a text, cut before a space between two words, where no tokenizer joins. */
function cutIntoBlocks(text: string, bytes: number): string[] {
  const blocks: string[] = []
  let start = 0
  for (const { index } of text.matchAll(/(?<=\S) (?=\S)/gu)) {
    if (Buffer.byteLength(text.slice(start, index), 'utf8') < bytes) continue
    blocks.push(text.slice(start, index))
    start = index
  }
  blocks.push(text.slice(start))
  return blocks
}

/** The passages of one domain as blocks of about the same size. */
export function blocksOfText(passages: readonly string[]): string[] {
  const total = passages.reduce((n, text) => n + Buffer.byteLength(text, 'utf8'), 0)
  const bytes = Math.min(BLOCK_BYTES, Math.max(LEAST_BLOCK_BYTES, total / BLOCKS_WANTED))
  return passages.flatMap((text) => cutIntoBlocks(text, bytes))
}

/** Cut the units of one text and count; words are tokenized with the space before them, as in running text. */
export function tokenizeText(
  tokenizer: TextTokenizer,
  name: string,
  pieces: readonly string[],
  language?: string,
): TokenizedText {
  const counts = new Map<number, number>()
  const column = (): Int32Array => new Int32Array(pieces.length)
  const units = {
    bytes: column(),
    words: column(),
    tokens: column(),
    continuedWords: column(),
    fallbackTokens: column(),
  }
  pieces.forEach((piece, i) => {
    const ids = tokenizer.tokenize(piece)
    const words = splitWords(piece)
    units.bytes[i] = Buffer.byteLength(piece, 'utf8')
    units.words[i] = words.length
    units.tokens[i] = ids.length
    for (const word of words)
      if (tokenizeContinuation(tokenizer, ` ${word}`).length > 1) units.continuedWords[i]++
    for (const id of ids) {
      counts.set(id, (counts.get(id) ?? 0) + 1)
      const kind = tokenizer.tokenKind(id)
      if (kind === 'byte' || kind === 'unknown') units.fallbackTokens[i]++
    }
  })
  const sorted = [...counts].sort((a, b) => a[0] - b[0])
  return {
    name,
    ...(language === undefined ? {} : { language }),
    units,
    counts: { ids: Int32Array.from(sorted, ([id]) => id), counts: Int32Array.from(sorted, ([, n]) => n) },
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** Decode every ordinary token and encode it again: what does not come back can never be produced from text. */
function inspectVocabulary(tokenizer: TextTokenizer, io: GatherIo): TokenizerEvidence['vocabulary'] {
  const unreachable: number[] = []
  const partialUtf8: number[] = []
  let special = 0
  const size = tokenizer.vocabularySize
  for (let id = 0; id < size; id++) {
    if ((id & 1023) === 0 && io.signal.aborted)
      throw raise('interrupted', 'stopped while reading the vocabulary')
    if (tokenizer.tokenKind(id) !== 'ordinary') {
      special++
      continue
    }
    let text: string
    try {
      text = utf8.decode(tokenizer.tokenBytes(id))
    } catch {
      partialUtf8.push(id)
      continue
    }
    const back = tokenizeContinuation(tokenizer, text)
    if (back.length !== 1 || back[0] !== id) unreachable.push(id)
  }
  return {
    size,
    unreachable: Int32Array.from(unreachable),
    partialUtf8: Int32Array.from(partialUtf8),
    special,
  }
}

/** Lines of a parallel file; blank ones are kept, since line i of every language says the same. */
function readLines(file: string): string[] {
  return decodeText(readBytes(file), file).replace(/\n$/, '').split('\n')
}

/** Token counts of every domain's passages and of every language's parallel lines, and the vocabulary's state. */
export async function gatherTokenizer(
  tokenizer: TextTokenizer,
  passages: readonly Passage[],
  parallel: readonly ParallelSource[],
  io: GatherIo,
): Promise<TokenizerEvidence> {
  const domains = [...groupBy(passages, (p) => p.domain)]
  const progress = io.progress('tokenizer')
  const texts: TokenizedText[] = []
  const total = domains.length + parallel.length + 1
  try {
    const step = async (): Promise<void> => {
      progress.update(texts.length, total)
      // Let Ctrl-C in: tokenizing does not yield by itself.
      await new Promise(setImmediate)
      if (io.signal.aborted) throw raise('interrupted', 'stopped while tokenizing')
    }
    for (const [domain, own] of domains) {
      texts.push(tokenizeText(tokenizer, domain, blocksOfText(own.map((p) => p.text))))
      await step()
    }
    for (const { language, code, file } of parallel) {
      texts.push(tokenizeText(tokenizer, language, readLines(file), code))
      await step()
    }
    return { texts, vocabulary: inspectVocabulary(tokenizer, io) }
  } finally {
    progress.end()
  }
}
