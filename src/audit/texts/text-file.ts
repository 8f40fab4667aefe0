import { openSource, parquetColumns, readParquet, readRowGroups } from '../../corpus/index.js'
import {
  archiveOf,
  asObject,
  bytesAt,
  cellsOf,
  chunksOf,
  headerRow,
  type Json,
  parseTolerantJson,
  RecordReader,
  reason,
  UnclosedQuote,
} from '../../ingest/index.js'
import type { Encoding } from '../../io/no-text.js'
import { fileError, raise } from '../errors.js'
import { decodeChunks } from './decode.js'
import { type Kind, kindOf, refuseForeign } from './kinds.js'
import { TEXT_FIELDS, textField, textOf } from './record-text.js'

const HEAD = 64 * 1024
const encoder = new TextEncoder()
/** From this share of lines that are no JSON on, a file is broken rather than one with broken lines. */
const MOST_BROKEN = 0.5

/** A document: a file, or a record of one. */
export interface TextDocument {
  /** Where it stands in its file: `:12` for line 12, `[3]` for the third row; '' for the whole file. */
  readonly place: string
  /** Its text in consecutive parts; to be read before the next document is asked for. */
  readonly parts: AsyncIterable<string> | Iterable<string>
}

/** Records that were left out for one reason. */
export interface LeftOut {
  readonly reason: string
  readonly count: number
  /** Place of the first. */
  readonly first: string
}

const NAMES: Readonly<Record<Kind, string>> = {
  text: 'text',
  markdown: 'Markdown as it stands, marks included',
  html: 'HTML by its visible text',
  jsonl: 'JSON Lines',
  json: 'JSON',
  table: 'a table',
  parquet: 'Parquet',
}

/**
 * A file of held-out text, whatever it is and whatever packs it: plain text and Markdown, HTML by what it shows, and records
 * (JSON Lines, JSON, CSV, TSV, Parquet) by the field that holds their text.
 */
export class TextFile {
  private field: string | undefined
  private records = 0
  private encoding: Encoding = 'utf-8'
  private readonly left = new Map<string, { count: number; first: string }>()

  private constructor(
    readonly path: string,
    readonly kind: Kind,
    private readonly archive: ReturnType<typeof archiveOf>,
    private readonly column: string | undefined,
    private readonly onBytes: (bytes: number) => void,
  ) {}

  /**
   * @param column  the field that holds the text of records, instead of text, content or messages
   * @param onBytes told of every stretch of unpacked bytes that was read
   * @throws audit/cannot-read, audit/not-text
   */
  static async open(
    path: string,
    column?: string,
    onBytes: (bytes: number) => void = () => {},
  ): Promise<TextFile> {
    try {
      const magic = await bytesAt(path, 0, 8)
      const archive = archiveOf(magic)
      refuseForeign(magic, path)
      let head = archive === undefined ? await bytesAt(path, 0, HEAD) : new Uint8Array(0)
      if (archive !== undefined)
        for await (const chunk of archive(path, () => {})) {
          head = chunk.slice(0, HEAD)
          break
        }
      refuseForeign(head, path)
      return new TextFile(path, kindOf(path, head), archive, column, onBytes)
    } catch (error) {
      throw error instanceof Error && 'code' in error && 'syscall' in error
        ? fileError(error, path, 'read')
        : error
    }
  }

  /** What was read, for people, once all documents were. */
  get what(): string {
    const name = NAMES[this.kind] + (this.encoding === 'utf-8' ? '' : ' in UTF-16')
    return this.field === undefined ? name : `${name}, ${this.records} records, field "${this.field}"`
  }

  /** Whether more than the plain text of the file was made of it, so that the user should be told. */
  get isConverted(): boolean {
    return this.kind !== 'text' || this.encoding !== 'utf-8'
  }

  get leftOut(): LeftOut[] {
    return [...this.left].map(([why, { count, first }]) => ({ reason: why, count, first }))
  }

  /**
   * The file's documents in order; records without text are left out and counted.
   * @throws audit/not-utf8, audit/not-text, audit/broken-text, audit/no-text-field
   */
  async *documents(): AsyncGenerator<TextDocument> {
    this.records = 0
    this.left.clear()
    switch (this.kind) {
      case 'text':
      case 'markdown':
        yield { place: '', parts: this.decoded() }
        return
      case 'html': {
        // Loaded when there is a page to read.
        const { visibleText } = await import('./html.js')
        yield { place: '', parts: [visibleText(await this.whole())] }
        return
      }
      case 'jsonl':
        yield* this.jsonLines()
        return
      case 'json':
        yield* this.jsonDocument()
        return
      case 'table':
        yield* this.table()
        return
      case 'parquet':
        yield* this.parquet()
    }
  }

  /** Unpacked bytes. */
  private async *bytes(): AsyncGenerator<Uint8Array> {
    const { path, archive } = this
    let damage: string | undefined
    const report = (text: string): void => {
      damage = text
    }
    for await (const chunk of archive === undefined ? chunksOf(path) : archive(path, report)) {
      this.onBytes(chunk.length)
      yield chunk
    }
    if (damage !== undefined) throw raise('broken-text', damage, { path })
  }

  private decoded(): AsyncGenerator<string> {
    return decodeChunks(this.bytes(), this.path, (encoding) => {
      this.encoding = encoding
    })
  }

  private async whole(): Promise<string> {
    let text = ''
    for await (const part of this.decoded()) text += part
    return text
  }

  private async *lines(): AsyncGenerator<string> {
    let held = ''
    for await (const part of this.decoded()) {
      const lines = (held + part).split('\n')
      held = lines.pop() ?? ''
      yield* lines
    }
    if (held !== '') yield held
  }

  private leave(why: string, place: string): void {
    const known = this.left.get(why)
    this.left.set(why, { count: (known?.count ?? 0) + 1, first: known?.first ?? place })
  }

  private choose(fields: readonly string[], place: string): string {
    const { path, column } = this
    const found = textField(fields, column)
    if (found !== undefined) return found
    const wanted = column ?? TEXT_FIELDS.join(', ')
    const line = /^:(\d+)$/.exec(place)?.[1]
    throw raise(
      'no-text-field',
      `found ${fields.map((f) => `"${f}"`).join(', ')}, expected ${wanted}`,
      line === undefined ? { path } : { path, line: Number(line) },
    )
  }

  private *record(row: { readonly [name: string]: Json }, place: string): Generator<TextDocument> {
    this.field ??= this.choose(Object.keys(row), place)
    const text = textOf(row[this.field])
    if (text === undefined) this.leave(`the field "${this.field}" holds no text`, place)
    else if (text === '') this.leave('the record is empty', place)
    else {
      this.records++
      yield { place, parts: [text] }
    }
  }

  private async *jsonLines(): AsyncGenerator<TextDocument> {
    let line = 0
    let broken = 0
    let firstBroken = 0
    for await (const raw of this.lines()) {
      line++
      if (raw.trim() === '') continue
      const row = objectOf(raw)
      if (row === undefined) {
        broken++
        firstBroken ||= line
        this.leave('the line is no JSON object', `:${line}`)
      } else yield* this.record(row, `:${line}`)
    }
    if (broken > MOST_BROKEN * line)
      throw raise('broken-text', `${broken} of ${line} lines are no JSON objects`, {
        path: this.path,
        line: firstBroken,
      })
  }

  /** A list of records, alone or as a member; any other JSON is text like any other. */
  private async *jsonDocument(): AsyncGenerator<TextDocument> {
    const text = await this.whole()
    // Records a line each are often called .json, too.
    const newline = text.indexOf('\n')
    if (newline > 0 && text.trimEnd().length > newline && objectOf(text.slice(0, newline)) !== undefined) {
      yield* this.jsonLines()
      return
    }
    let value: Json
    try {
      const parsed = parseTolerantJson(text)
      if (parsed.cut) throw new SyntaxError('the file ends in the middle of it')
      value = parsed.value
    } catch (error) {
      throw raise('broken-text', `it is no JSON: ${reason(error)}`, { path: this.path }, error)
    }
    const rows = rowsOf(value)
    const single = asObject(value)
    if (rows !== undefined) for (const [i, row] of rows.entries()) yield* this.record(row, `[${i + 1}]`)
    else if (single !== undefined && textField(Object.keys(single), this.column) !== undefined)
      yield* this.record(single, '')
    else yield { place: '', parts: [text] }
  }

  private async *table(): AsyncGenerator<TextDocument> {
    const { path } = this
    const found: { line: number; text: string }[] = []
    let header: ReturnType<typeof headerRow>
    let reader: RecordReader | undefined
    const rows = function* (file: TextFile): Generator<TextDocument> {
      for (const { line, text } of found.splice(0)) yield* file.tableRow(header, line, text)
    }
    try {
      for await (const part of this.decoded()) {
        if (part === '') continue
        header ??= headerRow(part)
        if (header === undefined) throw raise('broken-text', 'it has no row of column names', { path })
        reader ??= new RecordReader(header.delimiter.charCodeAt(0), (bytes, from, to, line) => {
          found.push({ line, text: Buffer.from(bytes.subarray(from, to)).toString('utf8') })
        })
        reader.add(encoder.encode(part))
        yield* rows(this)
      }
      reader?.end()
      yield* rows(this)
    } catch (error) {
      if (!(error instanceof UnclosedQuote)) throw error
      throw raise('broken-text', error.message, { path, line: error.line }, error)
    }
  }

  private *tableRow(
    header: ReturnType<typeof headerRow>,
    line: number,
    text: string,
  ): Generator<TextDocument> {
    if (header === undefined || line <= header.line || text.trim() === '') return
    const cells = cellsOf(text, header.delimiter)
    if (cells.length !== header.cells.length)
      throw raise('broken-text', `found ${cells.length} cells, expected ${header.cells.length}`, {
        path: this.path,
        line,
      })
    yield* this.record(Object.fromEntries(header.cells.map((name, i) => [name, cells[i]])), `:${line}`)
  }

  private async *parquet(): AsyncGenerator<TextDocument> {
    const { path } = this
    try {
      const source = await openSource(path)
      this.field = this.choose(await parquetColumns(source), '')
      const groups = await readRowGroups(source)
      let row = 0
      for (let group = 0; group < groups.length; group++) {
        const texts: (string | undefined)[] = []
        await readParquet(source, { column: this.field }, group, group + 1, {
          document: (bytes, begin, end) => {
            texts.push(Buffer.from(bytes.buffer, bytes.byteOffset + begin, end - begin).toString('utf8'))
          },
          skip: () => {
            texts.push(undefined)
          },
          lose: (reason, where) => {
            throw new Error(`${where}: ${reason}`)
          },
        })
        this.onBytes(groups[group].bytes)
        for (const text of texts) yield* this.record({ [this.field]: text ?? null }, `[${++row}]`)
      }
    } catch (error) {
      if (error instanceof Error && error.name === 'Error')
        throw raise('broken-text', error.message, { path }, error)
      throw error
    }
  }
}

function objectOf(text: string): { readonly [name: string]: Json } | undefined {
  try {
    const { value, cut } = parseTolerantJson(text)
    return cut ? undefined : asObject(value)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

/** The records of a JSON document: a list of objects, or the first member that is one. */
function rowsOf(value: Json): { readonly [name: string]: Json }[] | undefined {
  const list = Array.isArray(value)
    ? value
    : Object.values(asObject(value) ?? {}).find((v) => Array.isArray(v) && asObject(v[0]) !== undefined)
  if (!Array.isArray(list)) return undefined
  const rows = list.map(asObject).filter((row) => row !== undefined)
  return rows.length > 0 && rows.length === list.length ? rows : undefined
}
