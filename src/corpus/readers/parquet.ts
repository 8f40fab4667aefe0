import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import {
  type AsyncBuffer,
  type Compressors,
  type FileMetaData,
  parquetMetadataAsync,
  parquetRead,
  parquetSchema,
} from 'hyparquet'
import { compressors as portable } from 'hyparquet-compressors'
import { loadZstd, unzstdPage } from '../../io/zstd.js'
import type { Source } from './source.js'
import type { Sink } from './unit.js'

const compressors: Compressors = {
  ...portable,
  ZSTD: unzstdPage,
  GZIP: (page) => gunzipSync(page),
  BROTLI: (page) => brotliDecompressSync(page),
}

/** `PAR1` at both ends and the footer's length. */
const LEAST_FILE_BYTES = 12

function toAsyncBuffer(source: Source): AsyncBuffer {
  if (source.size === null)
    throw new Error('the length of the file is not known, so its footer cannot be found')
  if (source.size < LEAST_FILE_BYTES)
    throw new Error(source.size === 0 ? 'the file is empty' : 'the file is too short for Parquet')
  const byteLength = source.size
  return {
    byteLength,
    async slice(start, end = byteLength) {
      const bytes = await source.read(start, end)
      return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer
    },
  }
}

/** Row groups of a file, each with its rows and its bytes of the text column. */
export async function readRowGroups(source: Source): Promise<{ rows: number; bytes: number }[]> {
  const metadata = await parquetMetadataAsync(toAsyncBuffer(source))
  return metadata.row_groups.map((group) => ({
    rows: Number(group.num_rows),
    bytes: Number(group.total_byte_size),
  }))
}

/** Names of a file's columns. */
export async function parquetColumns(source: Source): Promise<string[]> {
  const metadata = await parquetMetadataAsync(toAsyncBuffer(source))
  return parquetSchema(metadata).children.map((child) => child.element.name)
}

function checkColumn(metadata: FileMetaData, column: string): void {
  const { children } = parquetSchema(metadata)
  const names = children.map((child) => child.element.name)
  const found = children.find((child) => child.element.name === column)
  if (found === undefined)
    throw new Error(
      `there is no column "${column}"; the columns are ${names.map((n) => `"${n}"`).join(', ')}`,
    )
  if (
    found.children.length > 0 ||
    found.element.type !== 'BYTE_ARRAY' ||
    found.element.repetition_type === 'REPEATED'
  )
    throw new Error(`the column "${column}" holds no strings`)
}

/**
 * Documents of Parquet: the strings of one column, row groups `from…to`. The bytes are handed on as they lie in the
 * page; no string is made of them.
 */
export async function readParquet(
  source: Source,
  column: string,
  from: number,
  to: number | null,
  sink: Sink,
): Promise<void> {
  await loadZstd()
  const file = toAsyncBuffer(source)
  const metadata = await parquetMetadataAsync(file)
  checkColumn(metadata, column)
  const groups = metadata.row_groups
  let rowStart = 0
  for (const [index, group] of groups.entries()) {
    const rowEnd = rowStart + Number(group.num_rows)
    if (index >= from && (to === null || index < to) && rowEnd > rowStart) {
      await parquetRead({
        file,
        metadata,
        compressors,
        columns: [column],
        rowStart,
        rowEnd,
        utf8: false,
        parsers: { stringFromBytes: (bytes) => bytes },
        onPage: ({ columnData, rowStart: first }) => {
          for (let i = 0; i < columnData.length; i++) {
            const bytes: unknown = columnData[i]
            if (bytes instanceof Uint8Array) sink.document(bytes, 0, bytes.length)
            else sink.skip('the text is null', `row ${first + i}`)
          }
        },
      })
    }
    rowStart = rowEnd
  }
}
