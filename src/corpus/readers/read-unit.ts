import { raise } from '../errors.js'
import { decompress } from './decompress.js'
import { JsonlReader } from './jsonl.js'
import { wholeLines } from './lines.js'
import { openSource } from './source.js'
import { TextReader } from './text.js'
import type { ReadOptions, Sink, Unit } from './unit.js'

/** UTF-16 read as UTF-8 holds no name at all, which would pass for a corpus that knows nothing. */
async function* refuseUtf16(blocks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let first = true
  for await (const block of blocks) {
    const mark = first ? `${block[0]} ${block[1]}` : ''
    if (mark === '255 254' || mark === '254 255')
      throw new Error('the text is UTF-16; convert it, for example: iconv -f UTF-16 -t UTF-8 IN > OUT')
    first = false
    yield block
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
  const blocks = wholeLines(unit.from === 0 ? refuseUtf16(bytes) : bytes, limit, unit.from > 0)
  if (unit.format === 'jsonl') {
    const reader = new JsonlReader(options.column, sink, unit.from, options.labels)
    for await (const block of blocks) reader.read(block)
    return
  }
  const reader = new TextReader(options.textDocument, sink)
  for await (const block of blocks) reader.read(block)
  reader.end()
}
