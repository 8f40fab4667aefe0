import type { LogReader } from '../../../../core/index.js'
import { asObject, type Json, parseTolerantJson } from '../../../text/tolerant-json.js'
import { RowWriter } from '../../json/row-writer.js'
import { checkColumns, countsOf, flatten, type JsonRow, looksLikeLosses } from '../../json/rows.js'
import { readText, withPlace } from '../../source/whole-text.js'

const decoder = new TextDecoder('utf-8')

/** One JSON array of objects (`[{step, loss}, …]`), also under a member such as `history` or `logs`. */
export const jsonTableReader: LogReader = {
  format: 'json-table',
  recognise(source, options) {
    const text = decoder.decode(source.head).trimStart()
    if (!text.startsWith('[') && !/^\{\s*"\w+"\s*:\s*\[\s*\{/.test(text)) return 0
    try {
      const rows = rowsOf(parseTolerantJson(text).value)
      return rows.length > 0 && looksLikeLosses(rows, options) ? 0.7 : 0
    } catch {
      return 0
    }
  },
  async read(source, options) {
    const text = await readText(source)
    const { value, cut } = withPlace(source.path, () => parseTolerantJson(text))
    const rows = rowsOf(value)
    const counts = countsOf(rows)
    checkColumns(counts, source, options)
    const writer = new RowWriter('json-table', source.path, counts, options)
    rows.forEach((row, i) => {
      writer.write(row, i + 1)
    })
    if (cut) writer.record.note('cut-file', rows.length, `${source.path} stops before its JSON ends`)
    return writer.finish()
  },
}

function rowsOf(value: Json): JsonRow[] {
  const list = Array.isArray(value)
    ? value
    : Object.values(asObject(value) ?? {}).find((v) => Array.isArray(v))
  return (Array.isArray(list) ? list : []).flatMap((raw) => {
    const row = asObject(raw)
    return row === undefined ? [] : [flatten(row)]
  })
}
