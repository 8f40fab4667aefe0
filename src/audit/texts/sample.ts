import { type Random, shuffled } from '../../core/index.js'
import { raise } from '../errors.js'
import { readBytes } from '../store/files.js'
import { decodeText } from './decode.js'
import { type DomainSource, documentName } from './domains.js'

/** A passage to score. The choice depends on the text and the seed alone, so every model is asked the same. */
export interface Passage {
  readonly domain: string
  readonly document: string
  readonly text: string
}

export interface Sample {
  readonly passages: readonly Passage[]
  readonly skipped: readonly { domain: string; document: string; reason: string }[]
}

/** Bytes that a default audit scores over all domains: below 60,000 tokens down to 2.5 bytes a token. */
export const DEFAULT_BYTES = 150_000
/** Bytes of one passage: long enough for context to matter, short enough for many independent ones. */
export const PASSAGE_BYTES = 2_048

const utf8Length = (text: string): number => Buffer.byteLength(text, 'utf8')

/** Cut text at line ends into passages of at most `limit` bytes; a longer line is cut at a character. */
export function passagesOf(text: string, limit: number): string[] {
  const passages: string[] = []
  let current = ''
  let bytes = 0
  const flush = (): void => {
    if (current !== '') passages.push(current)
    current = ''
    bytes = 0
  }
  for (const line of text.match(/[^\n]*\n|[^\n]+$/g) ?? []) {
    const length = utf8Length(line)
    if (bytes + length > limit) flush()
    if (length <= limit) {
      current += line
      bytes += length
      continue
    }
    for (const char of line) {
      const size = utf8Length(char)
      if (bytes + size > limit) flush()
      current += char
      bytes += size
    }
  }
  flush()
  return passages
}

/**
 * The passages to score. With `full`, whole files. Otherwise each domain gets an equal share of
 * {@link DEFAULT_BYTES}, filled with passages of {@link PASSAGE_BYTES} in rounds over the shuffled files, one
 * passage a file and round, so that as many independent documents as possible speak; `limit` caps their number.
 */
export function samplePassages(
  domains: readonly DomainSource[],
  random: Random,
  options: { full: boolean; limit?: number },
): Sample {
  const passages: Passage[] = []
  const skipped: Sample['skipped'][number][] = []
  const share = Math.floor(DEFAULT_BYTES / Math.max(1, domains.length))
  for (const source of domains) {
    const own = random.derive(source.domain)
    const before = passages.length
    if (options.full) {
      for (const path of source.files.slice(0, options.limit)) {
        const text = readText(path)
        if (text === '') skipped.push(empty(source.domain, path))
        else passages.push({ domain: source.domain, document: documentName(path), text })
      }
    } else {
      const files = shuffled(source.files, own).map((path) => {
        const text = readText(path)
        if (text === '') skipped.push(empty(source.domain, path))
        return {
          path,
          passages: shuffled(numbered(passagesOf(text, PASSAGE_BYTES)), own.derive(documentName(path))),
        }
      })
      passages.push(...rounds(source.domain, files, share, options.limit))
    }
    if (passages.length === before)
      throw raise('no-text', `all ${source.files.length} files of domain ${source.domain} are empty`, {
        path: source.files[0] ?? source.source,
      })
  }
  return { passages, skipped }
}

const numbered = (texts: readonly string[]): { part: number; text: string }[] =>
  texts.map((text, i) => ({ part: i + 1, text }))

function readText(path: string): string {
  return decodeText(readBytes(path), path)
}

function empty(domain: string, path: string): Sample['skipped'][number] {
  return { domain, document: documentName(path), reason: 'the file is empty' }
}

function rounds(
  domain: string,
  files: readonly { path: string; passages: { part: number; text: string }[] }[],
  share: number,
  limit = Number.POSITIVE_INFINITY,
): Passage[] {
  const chosen: Passage[] = []
  let bytes = 0
  for (let round = 0; ; round++) {
    const left = files.filter((f) => f.passages.length > round)
    if (left.length === 0) return chosen
    for (const { path, passages } of left) {
      const { part, text } = passages[round]
      const size = utf8Length(text)
      if (chosen.length >= limit || (chosen.length > 0 && bytes + size > share)) return chosen
      const document = passages.length === 1 ? documentName(path) : `${documentName(path)}#${part}`
      chosen.push({ domain, document, text })
      bytes += size
    }
  }
}
