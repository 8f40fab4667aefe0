import { HEAD_BYTES, whyNoText } from '../../io/no-text.js'
import { raise } from '../errors.js'
import { decompress } from './decompress.js'
import { isJsonArray, JsonlReader, recordsOnLines } from './jsonl.js'
import { wholeLines } from './lines.js'
import { openSource } from './source.js'
import { TextReader } from './text.js'
import type { Format, ReadOptions, Sink, Unit } from './unit.js'

/** What a file that is no text holds would pass for a corpus that knows nothing. @throws {Error} saying what it is */
export function requireText(head: Uint8Array, format: Format): void {
  const why =
    whyNoText(head) ??
    (format === 'jsonl' && isJsonArray(head)
      ? "it is one JSON array, not JSON Lines; convert it, for example: jq -c '.[]' IN > OUT"
      : undefined)
  if (why !== undefined) throw new Error(why)
}

/** The blocks of a file, once its first bytes are found to be text. */
async function* textAlone(blocks: AsyncIterable<Uint8Array>, format: Format): AsyncGenerator<Uint8Array> {
  let head: Uint8Array | undefined = new Uint8Array(0)
  try {
    for await (const block of blocks) {
      if (head === undefined) {
        yield block
        continue
      }
      // A copy, since a block is read into again.
      const bytes: Uint8Array = Buffer.concat([head, block])
      if (bytes.length < HEAD_BYTES) head = bytes
      else {
        head = undefined
        requireText(bytes, format)
        yield bytes
      }
    }
  } finally {
    // A short file, or one that breaks here.
    if (head !== undefined && head.length > 0) {
      requireText(head, format)
      yield head
    }
  }
}

/** Hand every document of a unit to the sink; throws where the file breaks, after the documents before the break. */
export async function readUnit(unit: Unit, options: ReadOptions, sink: Sink): Promise<void> {
  const source = await openSource(unit.address ?? unit.path)
  if (source.version !== unit.version)
    throw raise('unreadable', 'the file has changed since the count began', { path: unit.path })
  if (unit.format === 'parquet') {
    // Loaded when first needed: threads start faster without it.
    const { readParquet } = await import('./parquet.js')
    return readParquet(source, options, unit.from, unit.to, sink)
  }
  // One byte earlier tells whether a line begins exactly here.
  const start = Math.max(0, unit.from - 1)
  const limit = unit.to === null ? Number.POSITIVE_INFINITY : unit.to - start
  const bytes = decompress(
    () => source.stream(start),
    unit.compression,
    (what) => sink.lose(what, 'the end', null),
  )
  const text = unit.from === 0 ? textAlone(bytes, unit.format) : bytes
  const lines = unit.from === 0 && unit.format === 'jsonl' ? recordsOnLines(text) : text
  const blocks = wholeLines(lines, limit, unit.from > 0)
  if (unit.format === 'jsonl') {
    const reader = new JsonlReader(options.column, sink, unit.from, options.labels)
    for await (const block of blocks) reader.read(block)
    return
  }
  const reader = new TextReader(options.textDocument, sink)
  for await (const block of blocks) reader.read(block)
  reader.end()
}
