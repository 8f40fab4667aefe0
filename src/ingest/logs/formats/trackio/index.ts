import type { LogReader, LogSource, TrainingRun } from '../../../../core/index.js'
import { asNumber, asObject, parseTolerantJson } from '../../../text/tolerant-json.js'
import { SQLITE, type SqliteRow, sqliteRows } from '../../binary/sqlite.js'
import { RowWriter } from '../../json/row-writer.js'
import { checkColumns, countsOf, flatten, type JsonRow } from '../../json/rows.js'

const TABLE = 'metrics'

async function bytesOf(source: LogSource): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  for await (const chunk of source.stream()) parts.push(chunk.slice())
  return Buffer.concat(parts)
}

/** A row of the table as named numbers; undefined where its JSON is broken. */
function numbersOf(row: SqliteRow): JsonRow | undefined {
  try {
    const found = asObject(parseTolerantJson(String(row.get('metrics'))).value)
    if (found === undefined) return undefined
    const numbers = Object.entries(flatten(found)).flatMap(([name, value]) => {
      const number = asNumber(value)
      return number === undefined ? [] : [[name, number] as const]
    })
    return { _step: Number(row.get('step')), ...Object.fromEntries(numbers) }
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

/**
 * trackio's databases (`~/.cache/huggingface/trackio/<project>.db`): a table `metrics` of runs, steps and JSON. Each run
 * of a project is one here. Rows name their place in the table instead of a line.
 */
export const trackioReader: LogReader = {
  format: 'trackio',
  recognise: ({ head }) =>
    head.length >= SQLITE.length && SQLITE.every((byte, i) => head[i] === byte) ? 1 : 0,
  async read(source, options): Promise<TrainingRun[]> {
    const runs = new Map<string, { line: number; row: JsonRow }[]>()
    let line = 0
    for (const row of sqliteRows(await bytesOf(source), TABLE) ?? []) {
      line++
      const numbers = numbersOf(row)
      if (numbers === undefined) continue
      const run = String(row.get('run_name') ?? '')
      const rows = runs.get(run) ?? []
      rows.push({ line, row: numbers })
      runs.set(run, rows)
    }
    return [...runs].flatMap(([name, rows]) => {
      const counts = countsOf(rows.map(({ row }) => row))
      checkColumns(counts, source, options)
      const writer = new RowWriter('trackio', source.path, counts, options)
      writer.record.startRun(name)
      for (const found of rows) writer.write(found.row, found.line)
      return writer.finish()
    })
  },
}
