import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import {
  type AsyncBuffer,
  type Compressors,
  type FileMetaData,
  parquetMetadataAsync,
  parquetRead,
  parquetReadObjects,
  parquetSchema,
  type SchemaTree,
} from 'hyparquet'
import { compressors as portable } from 'hyparquet-compressors'
import { AssayError, messageOf } from '../../core/errors.js'
import { loadZstd, unzstdPage } from '../../io/zstd.js'
import { JOINED } from './jsonl.js'
import { follow, labelAt, waysTo } from './nested.js'
import type { Source } from './source.js'
import { Enough, type Labels, type Sink } from './unit.js'

const compressors: Compressors = {
  ...portable,
  ZSTD: unzstdPage,
  GZIP: (page) => gunzipSync(page),
  BROTLI: (page) => brotliDecompressSync(page),
}

const parsers = { stringFromBytes: (bytes: Uint8Array): Uint8Array => bytes }
const LINE_BREAK = Buffer.from('\n')

/** `PAR1` at both ends and the footer's length. */
const LEAST_FILE_BYTES = 12

/** The file as its reader wants it; one that can only be read from its beginning is held in memory. */
async function toAsyncBuffer(source: Source): Promise<AsyncBuffer> {
  const held = source.hasRanges && source.size !== null ? undefined : await readWhole(source)
  const byteLength = held?.length ?? source.size ?? 0
  if (byteLength < LEAST_FILE_BYTES)
    throw new Error(byteLength === 0 ? 'the file is empty' : 'the file is too short for Parquet')
  return {
    byteLength,
    async slice(start, end = byteLength) {
      const bytes = held?.subarray(start, end) ?? (await source.read(start, end))
      return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer
    },
  }
}

async function readWhole(source: Source): Promise<Uint8Array> {
  const blocks: Uint8Array[] = []
  for await (const block of source.stream(0)) blocks.push(block)
  return Buffer.concat(blocks)
}

/** Row groups of a file, each with its rows and its bytes of the text column. */
export async function readRowGroups(source: Source): Promise<{ rows: number; bytes: number }[]> {
  const metadata = await parquetMetadataAsync(await toAsyncBuffer(source))
  return metadata.row_groups.map((group) => ({
    rows: Number(group.num_rows),
    bytes: Number(group.total_byte_size),
  }))
}

/** Names of a file's columns. */
export async function parquetColumns(source: Source): Promise<string[]> {
  const metadata = await parquetMetadataAsync(await toAsyncBuffer(source))
  return parquetSchema(metadata).children.map((child) => child.element.name)
}

/** A column of values at the end of a way through structs; the levels by which Parquet writes lists have no name. */
interface Leaf {
  readonly way: readonly string[]
  readonly isText: boolean
  /** Neither in a list nor in a struct: its values come page by page. */
  readonly isFlat: boolean
}

function leavesOf({ children, element }: SchemaTree, way: readonly string[], isTop = true): Leaf[] {
  const isFlat = isTop && children.length === 0 && element.repetition_type !== 'REPEATED'
  if (children.length === 0) return [{ way, isText: element.type === 'BYTE_ARRAY', isFlat }]
  const level = children[0]!
  if (element.converted_type === 'LIST')
    return leavesOf(level.children.length === 1 ? level.children[0]! : level, way, false)
  return children.flatMap((child) => leavesOf(child, [...way, child.element.name], false))
}

const nameOf = ({ way }: Leaf): string => way.join('.')

function findColumn(metadata: FileMetaData, column: string): Leaf {
  const leaves = parquetSchema(metadata).children.flatMap((top) => leavesOf(top, [top.element.name]))
  const list = (some: readonly Leaf[]): string => some.map((leaf) => `"${nameOf(leaf)}"`).join(', ')
  const found = leaves.find((leaf) => nameOf(leaf) === column)
  const inside = leaves.filter((leaf) => leaf.way[0] === column)
  if (found === undefined && inside.length > 0)
    throw new Error(`the column "${column}" is a struct; name a field of it: ${list(inside)}`)
  if (found === undefined) throw new Error(`there is no column "${column}"; the columns are ${list(leaves)}`)
  if (!found.isText) throw new Error(`the column "${column}" holds no strings`)
  return found
}

/** The strings of a nested value as one text, joined by line breaks; undefined where there is none. */
function joinTexts(value: unknown, way: readonly string[], joins: () => void): Uint8Array | undefined {
  const parts = follow(value, way).filter((part) => part instanceof Uint8Array)
  if (parts.length < 2) return parts[0]
  joins()
  return Buffer.concat(parts.flatMap((part, i) => (i === 0 ? [part] : [LINE_BREAK, part])))
}

/**
 * Documents of Parquet: the strings of one column, row groups `from…to`. The bytes of a column that is not nested are
 * handed on as they lie in the page; no string is made of them. A row group that breaks is left where it breaks, and the
 * next one is read: the footer tells how many rows were lost.
 */
export async function readParquet(
  source: Source,
  { column, labels = [] }: { readonly column: string; readonly labels?: readonly string[] },
  from: number,
  to: number | null,
  sink: Sink,
): Promise<void> {
  await loadZstd()
  const file = await toAsyncBuffer(source)
  const metadata = await parquetMetadataAsync(file)
  const { way, isFlat } = findColumn(metadata, column)
  const [top, ...below] = way as [string, ...string[]]
  const tops = parquetSchema(metadata).children.map((child) => child.element.name)
  const labelTops = tops.filter((name) =>
    labels.some((label) => label === name || label.startsWith(`${name}.`)),
  )
  const groups = metadata.row_groups
  let rowStart = 0
  for (const [index, group] of groups.entries()) {
    const rowEnd = rowStart + Number(group.num_rows)
    if (index >= from && (to === null || index < to) && rowEnd > rowStart) {
      let row = rowStart
      let told: readonly Labels[] = []
      let untold: string | undefined
      const give = (value: unknown): void => {
        if (untold !== undefined) sink.remark?.(untold, `row group ${index}`)
        const bytes = isFlat ? value : joinTexts(value, below, () => sink.remark?.(JOINED, `row ${row}`))
        if (bytes instanceof Uint8Array)
          sink.document(bytes, 0, bytes.length, told[row - rowStart] ?? labels.map(() => ''))
        else sink.skip('the text is null', `row ${row}`)
        row++
      }
      const options = { file, metadata, compressors, columns: [top], rowStart, rowEnd, utf8: false, parsers }
      if (labelTops.length > 0)
        try {
          const rows = await parquetReadObjects({ ...options, columns: labelTops })
          told = rows.map((found) => labels.map((label) => labelAt(found, waysTo(label))))
        } catch (error) {
          if (error instanceof AssayError) throw error
          untold = `its ${labelTops.join(', ')} cannot be read: ${messageOf(error)}`
        }
      let fault = 'it holds fewer rows than the footer says'
      try {
        if (isFlat)
          await parquetRead({
            ...options,
            onPage({ columnData }) {
              for (let i = 0; i < columnData.length; i++) give(columnData[i])
            },
          })
        else for (const found of await parquetReadObjects(options)) give(found[top])
      } catch (error) {
        if (error instanceof AssayError || error instanceof Enough) throw error
        fault = messageOf(error)
      }
      if (row < rowEnd) sink.lose(fault, `row group ${index}, rows ${row} to ${rowEnd - 1}`, rowEnd - row)
    }
    rowStart = rowEnd
  }
}
