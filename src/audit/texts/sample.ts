import { statSync } from 'node:fs'
import { counted, type Random, shuffled } from '../../core/index.js'
import { raise } from '../errors.js'
import type { ProgressBar } from '../gather/io.js'
import { type DomainSource, documentName } from './domains.js'
import { PassageCutter, utf8Length } from './passages.js'
import { TextFile } from './text-file.js'

/** A passage to score. The choice depends on the text and the seed alone, so every model is asked the same. */
export interface Passage {
  readonly domain: string
  readonly document: string
  readonly text: string
}

/** What was made of a file that is not plain text, for people. */
export interface TextRead {
  readonly domain: string
  readonly document: string
  readonly what: string
}

export interface Sample {
  readonly passages: readonly Passage[]
  readonly skipped: readonly { domain: string; document: string; reason: string }[]
  readonly read: readonly TextRead[]
  /** Documents of each domain, in the order of the domains. */
  readonly offered: readonly number[]
}

export interface SampleOptions {
  /** Whole documents instead of passages. */
  readonly full: boolean
  /** Documents (with `full`) or passages per domain. */
  readonly limit?: number
  /** The field that holds the text of records, instead of text, content or messages. */
  readonly column?: string
  readonly progress?: (label: string) => ProgressBar
}

/** Bytes that a default audit scores over all domains: below 60,000 tokens down to 2.5 bytes a token. */
export const DEFAULT_BYTES = 150_000
/** Bytes of one passage: long enough for context to matter, short enough for many independent ones. */
export const PASSAGE_BYTES = 2_048
/** Documents of a domain that passages are drawn from, themselves drawn from all of them. */
const MOST_KEPT = 20_000
/** Files below this are read before a bar could be seen. */
const LEAST_BYTES_SHOWN = 10_000_000

/**
 * The passages to score. A document is a file, or a record of a file of records. With `full`, whole documents. Otherwise each
 * domain gets an equal share of {@link DEFAULT_BYTES}, filled with passages of {@link PASSAGE_BYTES} in rounds over the
 * shuffled documents, one passage a document and round, so that as many independent documents as possible speak; `limit`
 * caps their number. Files are then read twice, first to count, so that none has to fit in memory.
 *
 * @throws audit/no-text when a domain has none, and what {@link TextFile} throws
 */
export async function samplePassages(
  domains: readonly DomainSource[],
  random: Random,
  options: SampleOptions,
): Promise<Sample> {
  const share = Math.floor(DEFAULT_BYTES / Math.max(1, domains.length))
  const samples: Sample[] = []
  for (const source of domains) {
    const reader = new DomainReader(source, options)
    const sample = options.full
      ? await reader.whole()
      : await reader.balanced(random.derive(source.domain), share)
    if (sample.passages.length === 0)
      throw raise(
        'no-text',
        `${source.files.length === 1 ? 'the one file' : `all ${source.files.length} files`} of domain ${source.domain} ${source.files.length === 1 ? 'is' : 'are'} empty`,
        {
          path: source.files[0] ?? source.source,
        },
      )
    samples.push(sample)
  }
  return {
    passages: samples.flatMap((s) => s.passages),
    skipped: samples.flatMap((s) => s.skipped),
    read: samples.flatMap((s) => s.read),
    offered: samples.flatMap((s) => s.offered),
  }
}

/** A document that was counted: its file, its number there, and the bytes of its passages. */
interface Counted {
  readonly path: string
  readonly index: number
  readonly place: string
  readonly sizes: readonly number[]
}

/** Reads the documents of one domain. */
class DomainReader {
  private readonly skipped: Sample['skipped'][number][] = []
  private readonly read: TextRead[] = []

  constructor(
    private readonly source: DomainSource,
    private readonly options: SampleOptions,
  ) {}

  /** Whole documents, up to the limit. */
  async whole(): Promise<Sample> {
    const { limit = Number.POSITIVE_INFINITY } = this.options
    const { domain, files } = this.source
    const passages: Passage[] = []
    let offered = 0
    await this.eachFile(files, async (file) => {
      for await (const { place, parts } of file.documents()) {
        offered++
        let text = ''
        for await (const part of parts) text += part
        if (text === '') this.skip(file.path, 'the file is empty')
        else passages.push({ domain, document: documentName(file.path) + place, text })
        if (offered === limit) return false
      }
      return true
    })
    return { passages, skipped: this.skipped, read: this.read, offered: [offered] }
  }

  async balanced(random: Random, share: number): Promise<Sample> {
    const documents: Counted[] = []
    const lots = random.derive('documents')
    let offered = 0
    let hasRecords = false
    const files = shuffled(this.source.files, random)
    await this.eachFile(files, async (file) => {
      let index = 0
      for await (const { place, parts } of file.documents()) {
        const sizes: number[] = []
        await cut(parts, (passage) => sizes.push(utf8Length(passage)))
        if (sizes.length === 0) this.skip(file.path, 'the file is empty')
        else {
          // Past the most that are kept, each document has the same chance to stand in for one of them (Vitter's algorithm R).
          const at = offered < MOST_KEPT ? offered : Math.floor(lots.uniform() * (offered + 1))
          if (at < MOST_KEPT) documents[at] = { path: file.path, index, place, sizes }
          offered++
        }
        hasRecords ||= index > 0
        index++
      }
      return true
    })
    // Files of one document each are in a random order already.
    const ordered = hasRecords ? shuffled(documents, random) : documents
    const chosen = rounds(ordered, random, share, this.options.limit)
    const texts = await this.textsOf(chosen)
    return {
      passages: chosen.map(({ counted, part }) => {
        const name = documentName(counted.path) + counted.place
        return {
          domain: this.source.domain,
          document: counted.sizes.length === 1 ? name : `${name}#${part + 1}`,
          text: texts.get(keyOf(counted, part)) ?? '',
        }
      }),
      skipped: this.skipped,
      read: this.read,
      offered: [offered],
    }
  }

  /** The texts of chosen passages: their files are read again. */
  private async textsOf(chosen: readonly Choice[]): Promise<ReadonlyMap<string, string>> {
    const wanted = new Set(chosen.map(({ counted, part }) => keyOf(counted, part)))
    const last = new Map<string, number>()
    for (const { counted } of chosen)
      last.set(counted.path, Math.max(last.get(counted.path) ?? 0, counted.index))
    const texts = new Map<string, string>()
    await this.eachOpened([...last.keys()], async (file) => {
      const { path } = file
      const end = last.get(path)
      let index = 0
      for await (const { parts } of file.documents()) {
        let part = 0
        await cut(parts, (passage) => {
          const key = `${path}\u0000${index}\u0000${part++}`
          if (wanted.has(key)) texts.set(key, passage)
        })
        if (index++ === end) break
      }
      return true
    })
    return texts
  }

  /** Each file in turn, until `use` says that it is enough; what is to be told of it is kept. */
  private async eachFile(paths: readonly string[], use: (file: TextFile) => Promise<boolean>): Promise<void> {
    await this.eachOpened(paths, async (file) => {
      const goesOn = await use(file)
      const { path } = file
      const document = documentName(path)
      if (file.isConverted) this.read.push({ domain: this.source.domain, document, what: file.what })
      for (const { reason, count, first } of file.leftOut)
        this.skip(path, count === 1 ? reason : `${reason} (${count} records, the first one here)`, first)
      return goesOn
    })
  }

  /** Each file in turn, until `use` says that it is enough; a bar shows how far large ones are. */
  private async eachOpened(
    paths: readonly string[],
    use: (file: TextFile) => Promise<boolean>,
  ): Promise<void> {
    const total = paths.reduce((sum, path) => sum + sizeOf(path), 0)
    const bar = total < LEAST_BYTES_SHOWN ? undefined : this.options.progress?.('reading')
    let done = 0
    try {
      for (const path of paths) {
        const before = done
        const size = sizeOf(path)
        const file = await TextFile.open(path, this.options.column, (bytes) => {
          // An archive unpacks to more than its size.
          done = Math.min(before + size, done + bytes)
          bar?.update(done, total, documentName(path))
        })
        if (!(await use(file))) return
        done = before + size
      }
    } finally {
      bar?.end()
    }
  }

  private skip(path: string, reason: string, place = ''): void {
    this.skipped.push({ domain: this.source.domain, document: documentName(path) + place, reason })
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0
}

async function cut(
  parts: AsyncIterable<string> | Iterable<string>,
  each: (passage: string) => void,
): Promise<void> {
  const cutter = new PassageCutter(PASSAGE_BYTES, each)
  for await (const part of parts) cutter.add(part)
  cutter.end()
}

interface Choice {
  readonly counted: Counted
  /** The passage's number in its document, from 0. */
  readonly part: number
}

const keyOf = ({ path, index }: Counted, part: number): string => `${path}\u0000${index}\u0000${part}`

/** Passages in rounds over the documents, one of each in every round, until the share of bytes or the limit is full. */
function rounds(
  documents: readonly Counted[],
  random: Random,
  share: number,
  limit = Number.POSITIVE_INFINITY,
): Choice[] {
  const chosen: Choice[] = []
  const orders = new Map<Counted, readonly number[]>()
  let bytes = 0
  for (let round = 0; ; round++) {
    const left = documents.filter((d) => d.sizes.length > round)
    if (left.length === 0) return chosen
    for (const counted of left) {
      const { path, place, sizes } = counted
      const order =
        orders.get(counted) ?? shuffled([...sizes.keys()], random.derive(documentName(path) + place))
      orders.set(counted, order)
      const part = order[round]
      if (chosen.length >= limit || (chosen.length > 0 && bytes + sizes[part] > share)) return chosen
      chosen.push({ counted, part })
      bytes += sizes[part]
    }
  }
}

/** Files of one kind that are named; more are counted. */
const NAMED = 3

/** Tell what was made of files that are not plain text. */
export function noteReading({ read }: Sample, note: (text: string) => void): void {
  for (const { domain, document, what } of read.slice(0, NAMED))
    note(`${domain}: ${document} is read as ${what}`)
  if (read.length > NAMED)
    note(
      `${counted(read.length - NAMED, 'more file is no plain text and is', 'more files are no plain text and are')} read likewise`,
    )
}
