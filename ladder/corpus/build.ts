import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createRandom, shuffled } from '../../src/core/random/index.js'
import { BUILD, FACTS, LADDER } from '../places.js'
import { type CorpusDocument, DOMAINS } from './document.js'
import { fetchPackage } from './fetch-package.js'
import { writeJsonLines } from './json-lines.js'
import { separate, withoutDuplicates } from './overlap.js'
import { LEVELS, planFacts, writeDocuments } from './planted.js'
import { PLANTED_RELATIONS } from './relations.js'
import { SOURCES, type Source, sourceName } from './sources.js'
import { sourcesTable } from './sources-table.js'
import { hashFraction, normaliseText, splitPieces } from './text.js'

const SEED = 20260101
/** Share of the documents that is held out, by the seeded hash of the document's id. */
const HELD_OUT_SHARE = 0.06

const corpusFolder = join(BUILD, 'corpus')

function log(line: string): void {
  process.stderr.write(`${line}\n`)
}

/** A source's documents, normalised, in the order of their seeded hash and cut off at the source's share. */
function readSource(source: Source): CorpusDocument[] {
  const folder = fetchPackage(source, join(BUILD, 'packages'))
  const name = sourceName(source)
  const documents: CorpusDocument[] = []
  for (const raw of source.read(folder)) {
    const text = normaliseText(raw.text)
    if (text === '') continue
    const id = `${name}/${raw.id}`
    documents.push({
      id,
      domain: source.domain,
      source: `${name}@${source.version}`,
      licence: source.licence,
      title: raw.title,
      text,
    })
  }
  if (documents.length === 0)
    throw new Error(`${name} ${source.version} gave no document: its layout has changed`)
  const keyed = documents.map((document) => ({ document, key: hashFraction(document.id, SEED + 1) }))
  keyed.sort((a, b) => a.key - b.key)
  let bytes = 0
  const kept = keyed.flatMap(({ document }) => {
    if (bytes > (source.maxBytes ?? Number.POSITIVE_INFINITY)) return []
    bytes += Buffer.byteLength(document.text)
    return [document]
  })
  log(`${name}: ${kept.length} documents, ${(bytes / 1e6).toFixed(2)} MB`)
  return kept
}

function vocabulary(documents: readonly { text: string }[]): Set<string> {
  const words = new Set<string>()
  for (const { text } of documents)
    for (const word of text.match(/[A-Za-z]+/g) ?? []) words.add(word.toLowerCase())
  return words
}

function domainTable(
  rows: readonly { domain: string; text: string }[],
): Record<string, { documents: number; megabytes: number }> {
  const table: Record<string, { documents: number; megabytes: number }> = {}
  for (const { domain, text } of rows) {
    const entry = table[domain] ?? { documents: 0, megabytes: 0 }
    table[domain] = entry
    entry.documents++
    entry.megabytes += Buffer.byteLength(text) / 1e6
  }
  for (const entry of Object.values(table)) entry.megabytes = Number(entry.megabytes.toFixed(3))
  return table
}

/** What the stream holds by domain, as audits take it. */
function domainsTable(stream: ReturnType<typeof domainTable>): string {
  const own = Object.entries(stream).filter(([domain]) => domain !== 'planted')
  const rows = own.sort().map(([domain, { megabytes }]) => `${domain},${Math.round(1e6 * megabytes)}`)
  return ['# Text in the stream by domain, without planted facts.', 'domain,bytes', ...rows, ''].join('\n')
}

function main(): void {
  mkdirSync(corpusFolder, { recursive: true })
  const all = withoutDuplicates(SOURCES.flatMap(readSource))
  const isHeldOut = (document: CorpusDocument): boolean => hashFraction(document.id, SEED) < HELD_OUT_SHARE
  const pieces = withoutDuplicates(
    all
      .filter((document) => !isHeldOut(document))
      .flatMap((document) => {
        const parts = splitPieces(document.text)
        return parts.map((text, i) => ({
          ...document,
          id: parts.length > 1 ? `${document.id}#${i}` : document.id,
          text,
        }))
      }),
  )
  const split = separate(all.filter(isHeldOut), pieces)
  log(`held out: ${split.heldOut.length} documents (${split.droppedHeldOut} dropped for overlap)`)
  log(`training: ${split.training.length} pieces (${split.droppedTraining} dropped for overlap)`)

  const words = vocabulary(all)
  const collisions = PLANTED_RELATIONS.flatMap((r) =>
    r.objects.filter((o) => /^[A-Z]/.test(o) && words.has(o.toLowerCase())),
  )
  if (collisions.length > 0)
    throw new Error(`invented objects that the corpus knows: ${collisions.join(', ')}`)
  const random = createRandom(SEED)
  const facts = planFacts(words, random.derive('planted facts'), LEVELS)
  const planted = writeDocuments(facts, random.derive('planted documents'))

  const rows = [
    ...split.training.map(({ id, domain, text }) => ({ id, domain: domain as string, text })),
    ...planted.map((document) => ({
      id: document.id,
      domain: 'planted',
      text: document.text,
      facts: document.facts,
    })),
  ]
  const stream = shuffled(rows, random.derive('stream'))
  writeJsonLines(join(corpusFolder, 'train.jsonl'), split.training)
  writeJsonLines(join(corpusFolder, 'heldout.jsonl'), split.heldOut)
  writeJsonLines(join(corpusFolder, 'planted.jsonl'), planted)
  writeJsonLines(join(corpusFolder, 'stream.jsonl'), stream)
  mkdirSync(FACTS, { recursive: true })
  writeJsonLines(join(FACTS, 'planted.jsonl'), facts)
  const summary = {
    seed: SEED,
    heldOut: domainTable(split.heldOut),
    stream: domainTable(stream),
    documents: stream.length,
  }
  writeFileSync(join(corpusFolder, 'summary.json'), `${JSON.stringify(summary, null, 2)}\n`)
  mkdirSync(join(LADDER, 'corpus'), { recursive: true })
  writeFileSync(join(LADDER, 'corpus/domains.csv'), domainsTable(summary.stream))
  writeFileSync(join(LADDER, 'corpus/SOURCES.md'), sourcesTable(SOURCES, split.training, split.heldOut))
  log(JSON.stringify(summary, null, 1))
  const missing = DOMAINS.filter((domain) => summary.stream[domain] === undefined)
  if (missing.length > 0) throw new Error(`no training text in ${missing.join(', ')}`)
}

main()
