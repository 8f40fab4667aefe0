import {
  groupBy,
  splitWords,
  type TextTokenizer,
  type TokenizedText,
  type TokenizerEvidence,
} from '../../core/index.js'
import { raise } from '../errors.js'
import { readBytes } from '../store/files.js'
import { decodeText } from '../texts/decode.js'
import type { ParallelSource } from '../texts/domains.js'
import type { Passage } from '../texts/sample.js'
import type { GatherIo } from './io.js'

/** Cut one text and count; words are tokenized with the space before them, as they stand in running text. */
export function tokenizeText(
  tokenizer: TextTokenizer,
  name: string,
  pieces: readonly string[],
  language?: string,
): TokenizedText {
  const counts = new Map<number, number>()
  let tokens = 0
  let fallbackTokens = 0
  let bytes = 0
  let words = 0
  let continuedWords = 0
  const pieceTokens = new Int32Array(pieces.length)
  pieces.forEach((piece, i) => {
    const ids = tokenizer.tokenize(piece)
    pieceTokens[i] = ids.length
    tokens += ids.length
    bytes += Buffer.byteLength(piece, 'utf8')
    for (const id of ids) {
      counts.set(id, (counts.get(id) ?? 0) + 1)
      const kind = tokenizer.tokenKind(id)
      if (kind === 'byte' || kind === 'unknown') fallbackTokens++
    }
    for (const word of splitWords(piece)) {
      words++
      if (tokenizer.tokenize(` ${word}`).length > 1) continuedWords++
    }
  })
  const sorted = [...counts].sort((a, b) => a[0] - b[0])
  return {
    name,
    ...(language === undefined ? {} : { language, lineTokens: pieceTokens }),
    bytes,
    words,
    tokens,
    continuedWords,
    fallbackTokens,
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
    const back = tokenizer.tokenize(text)
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
      texts.push(
        tokenizeText(
          tokenizer,
          domain,
          own.map((p) => p.text),
        ),
      )
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
