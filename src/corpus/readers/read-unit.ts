import { raise } from '../errors.js'
import { decompress } from './decompress.js'
import { JsonlReader } from './jsonl.js'
import { wholeLines } from './lines.js'
import { openSource } from './source.js'
import { TextReader } from './text.js'
import type { ReadOptions, Sink, Unit } from './unit.js'

/** Hand every document of a unit to the sink; throws where the file breaks, after the documents before the break. */
export async function readUnit(unit: Unit, options: ReadOptions, sink: Sink): Promise<void> {
  const source = await openSource(unit.path)
  if (source.version !== unit.version)
    throw raise('unreadable', 'the file has changed since the count began', { path: unit.path })
  if (unit.format === 'parquet') {
    // Loaded when first needed: threads start faster without it.
    const { readParquet } = await import('./parquet.js')
    return readParquet(source, options.column, unit.from, unit.to, sink)
  }
  // One byte earlier tells whether a line begins exactly here.
  const start = Math.max(0, unit.from - 1)
  const limit = unit.to === null ? Number.POSITIVE_INFINITY : unit.to - start
  const blocks = wholeLines(decompress(source.stream(start), unit.compression), limit, unit.from > 0)
  if (unit.format === 'jsonl') {
    const reader = new JsonlReader(options.column, sink, unit.from)
    for await (const block of blocks) reader.read(block)
    return
  }
  const reader = new TextReader(options.textDocument, sink)
  for await (const block of blocks) reader.read(block)
  reader.end()
}
