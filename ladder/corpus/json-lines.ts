import { closeSync, openSync, readFileSync, writeSync } from 'node:fs'

/** Writes one JSON document per line, in blocks, so that the whole need not stand in memory as one string. */
export function writeJsonLines(path: string, rows: Iterable<unknown>): void {
  const file = openSync(path, 'w')
  let block = ''
  for (const row of rows) {
    block += `${JSON.stringify(row)}\n`
    if (block.length > 1 << 22) {
      writeSync(file, block)
      block = ''
    }
  }
  writeSync(file, block)
  closeSync(file)
}

/** Yields the rows of a JSONL file of up to a few hundred megabytes. */
export function* readJsonLines<T>(path: string): Generator<T> {
  const bytes = readFileSync(path)
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf(10, at)
    const stop = end < 0 ? bytes.length : end
    if (stop > at) yield JSON.parse(bytes.toString('utf8', at, stop)) as T
    at = stop + 1
  }
}
