import type { LogReader } from '../../../../core/index.js'
import { eachLine } from '../../../text/lines.js'
import type { Json } from '../../../text/tolerant-json.js'
import { RowWriter } from '../../json/row-writer.js'
import { checkColumns, countsOf, type JsonRow, looksLikeLosses } from '../../json/rows.js'

const decoder = new TextDecoder('utf-8')
const MEMBER = /^['"]([^'"]+)['"]: *(.+?),?$/
/** Members of one dict: more are no step's. */
const MOST = 400

/** A number as Python prints it, in an array's or a tensor's words or without; else the text. */
function memberOf(text: string): Json {
  const bare = /^(?:[\w.]+\()?([-+\d.eE]+|nan|-?inf)(?:,.*)?\)?$/i.exec(text.replace(/^['"]|['"]$/g, ''))
  if (bare === null) return text
  const word = bare[1].toLowerCase()
  if (word === 'nan') return Number.NaN
  if (word.endsWith('inf')) return word.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  return Number(bare[1])
}

/** Puts dicts together whose members stand on lines of their own. */
class Dicts {
  private row: JsonRow | undefined
  private members = 0

  /** Take a line. @returns the row that it closes */
  take(line: string): JsonRow | undefined {
    let text = line.trim()
    if (text.startsWith('{')) {
      this.row = {}
      this.members = 0
      text = text.slice(1).trim()
    }
    const { row } = this
    if (row === undefined) return undefined
    const closes = text.endsWith('}')
    const member = MEMBER.exec(closes ? text.slice(0, -1).trim() : text)
    if (member !== null) row[member[1]] = memberOf(member[2])
    else if (text !== '' && text !== '}') this.row = undefined
    if (++this.members > MOST) this.row = undefined
    if (!closes || this.row === undefined) return undefined
    this.row = undefined
    return row
  }
}

function sampleRows(head: Uint8Array): JsonRow[] {
  const dicts = new Dicts()
  return (
    decoder
      .decode(head)
      .split(/\r?\n/)
      .map((line) => dicts.take(line))
      .filter((row) => row !== undefined)
      // A dict of one line is another format's.
      .filter((row) => Object.keys(row).length > 1)
  )
}

/** Python dicts (or JSON objects) printed over several lines, one a step, as `pprint` does. */
export const printedDictsReader: LogReader = {
  format: 'printed-dicts',
  recognise({ head }, options) {
    const rows = sampleRows(head)
    const hasStep = rows.some((row) => 'step' in row) || Object.keys(options.columns).length > 0
    return rows.length > 0 && hasStep && looksLikeLosses(rows, options) ? 0.6 : 0
  },
  async read(source, options) {
    const counts = countsOf(sampleRows(source.head))
    checkColumns(counts, source, options)
    const writer = new RowWriter('printed-dicts', source.path, counts, options)
    const dicts = new Dicts()
    const end = await eachLine(
      source.stream(),
      (bytes, from, to, number) => {
        const row = dicts.take(decoder.decode(bytes.subarray(from, to)))
        if (row === undefined) return
        for (const [name, value] of Object.entries(row)) if (typeof value !== 'number') delete row[name]
        writer.write(row, number)
      },
      (bytes) => writer.record.atShare(bytes / (source.size ?? bytes)),
    )
    const damage = source.damage()
    if (damage !== undefined) writer.record.note('damaged', end.lines, damage)
    return writer.finish()
  },
}
