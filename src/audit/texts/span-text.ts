import { createRandom, groupBy, type SalienceFile, type Span, textsOfSpans } from '../../core/index.js'
import { raise } from '../errors.js'
import { sha256 } from '../store/files.js'
import { type DomainSource, documentName } from './domains.js'
import { passagesOf, utf8Length } from './passages.js'
import { PASSAGE_BYTES, type Passage, samplePassages } from './sample.js'

/** The text of passages as one hash: losses of other passages, or of these in other places, never agree. */
export function textSha256(passages: readonly Passage[]): string {
  return sha256(JSON.stringify(passages.map(({ domain, document, text }) => [domain, document, text])))
}

/** The spans of one document, in the order of its text. */
export interface DocumentSpans {
  readonly domain: string
  readonly document: string
  /** Ends in bytes, shape (spans). */
  readonly ends: readonly number[]
  /** Where each span stands among all spans, shape (spans). */
  readonly places: readonly number[]
}

/** Spans document by document; undefined where a span tells no bytes, or leaves some of its document out. */
export function documentsOf(spans: readonly Span[]): DocumentSpans[] | undefined {
  const groups = groupBy([...spans.keys()], (u) => JSON.stringify([spans[u].domain, spans[u].document]))
  const documents = [...groups.values()].map((places): DocumentSpans => {
    const { domain, document } = spans[places[0]]
    return { domain, document, places, ends: places.map((u) => spans[u].bytes?.end ?? Number.NaN) }
  })
  const whole = documents.every(({ places, ends }) =>
    places.every((u, i) => spans[u].bytes?.start === (i === 0 ? 0 : ends[i - 1])),
  )
  return whole ? documents : undefined
}

/**
 * The passages that spans were cut from, found by domain and name: whole documents, or passages of them (`name#2`) as a
 * sample cuts them.
 *
 * @returns the passages in the order of the spans, or in words what is lacking
 */
export async function findPassages(
  { spans, textSha256: hash }: Pick<SalienceFile, 'spans' | 'textSha256'>,
  domains: readonly DomainSource[],
): Promise<Passage[] | string> {
  const documents = documentsOf(spans)
  if (documents === undefined)
    return 'the losses do not tell the bytes of their spans, so no text can be held against them'
  const texts = new Map<string, string>()
  const keyOf = (domain: string, document: string): string => JSON.stringify([domain, document])
  for (const source of domains) {
    const names = documents.filter((d) => d.domain === source.domain).map((d) => d.document)
    const files = source.files.filter((file) => names.some((name) => name.startsWith(documentName(file))))
    if (files.length === 0) continue
    const { passages } = await samplePassages([{ ...source, files }], createRandom(0), { full: true })
    for (const { domain, document, text } of passages) texts.set(keyOf(domain, document), text)
  }
  const found: Passage[] = []
  for (const { domain, document, ends } of documents) {
    const [, whole = document, part] = /^(.*)#(\d+)$/.exec(document) ?? []
    const text =
      texts.get(keyOf(domain, document)) ??
      passagesOf(texts.get(keyOf(domain, whole)) ?? '', PASSAGE_BYTES)[Number(part) - 1]
    if (text === undefined) return `${document} (domain ${domain}) is not among the texts`
    if (utf8Length(text) !== ends.at(-1))
      return `${document} (domain ${domain}) has ${utf8Length(text)} bytes, expected ${ends.at(-1)}`
    found.push({ domain, document, text })
  }
  if (hash !== null && textSha256(found) !== hash)
    return 'the texts are as long as those of the losses and not the same (text_sha256)'
  return found
}

/** @throws {AssayError} audit/other-text, with what is lacking */
export async function requirePassages(
  losses: Pick<SalienceFile, 'spans' | 'textSha256'>,
  domains: readonly DomainSource[],
  path: string,
): Promise<Passage[]> {
  const found = await findPassages(losses, domains)
  if (typeof found === 'string') throw raise('other-text', found, { path })
  return found
}

/**
 * What stands in each span, for people.
 *
 * @param passages as `findPassages` gave them for these spans
 * @returns shape (spans)
 */
export function textsOfPassages(spans: readonly Span[], passages: readonly Passage[]): string[] {
  const texts = new Array<string>(spans.length).fill('')
  documentsOf(spans)?.forEach(({ ends, places }, d) => {
    textsOfSpans(passages[d].text, ends).forEach((text, i) => {
      texts[places[i]] = text
    })
  })
  return texts
}
