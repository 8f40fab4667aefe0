import type { LogReader } from '../../../../core/index.js'
import { eachLine } from '../../../text/lines.js'
import { RowWriter } from '../../json/row-writer.js'
import { checkColumns, countsOf, type JsonRow, looksLikeLosses } from '../../json/rows.js'

const decoder = new TextDecoder('utf-8')
const OPENS = /\{|\(\[|\bdefaultdict\(/
/** `step 10 {…}` */
const STEP_BEFORE = /^[^{]*\b(?:step|iter|iteration)\b\W{0,3}(\d+)/i
const BRACKET = /[{}[\]()]/g
/** What stands in quotes holds no brackets that count. */
const QUOTED = /'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"/g
/** Behind a name: the dict below it, or a number, in the words of an array or a tensor and in quotes or without. */
const MEMBER =
  /(['"])((?:(?!\1).)+)\1\s*[:,]\s*(?:(\{)|(?:[\w.]+\()?['"]?([-+]?(?:\d+\.?\d*(?:e[-+]?\d+)?|\.\d+|nan|inf(?:inity)?))['"]?(?=\s*[,)}\]]|\s*$))|([{}])/gim
/** Lines of one dict: more are no step's. */
const MOST = 400

const WORDS: Readonly<Record<string, number>> = {
  nan: Number.NaN,
  inf: Number.POSITIVE_INFINITY,
  infinity: Number.POSITIVE_INFINITY,
}

function numberOf(text: string): number {
  const word = WORDS[text.replace(/^[-+]/, '').toLowerCase()]
  return word === undefined ? Number(text) : text.startsWith('-') ? -word : word
}

/** Numbers of a dict by their names, of the dicts in it as `outer/inner`. */
function numbersIn(text: string): JsonRow {
  const before = STEP_BEFORE.exec(text)
  const row: JsonRow = before === null ? {} : { step: Number(before[1]) }
  const path: string[] = []
  for (const [, , name, opens, value, brace] of text.matchAll(MEMBER)) {
    if (opens !== undefined) path.push(`${name}/`)
    else if (value !== undefined) row[path.join('') + name] = numberOf(value)
    else if (brace === '{') path.push('')
    else path.pop()
  }
  return row
}

/** Puts dicts together that stand on several lines. */
class Dicts {
  private open: string[] = []
  private depth = 0

  /** Take a line. @returns the row that it closes */
  take(line: string): JsonRow | undefined {
    if (this.open.length === 0 && !OPENS.test(line)) return undefined
    this.open.push(line)
    for (const [bracket] of line.replaceAll(QUOTED, '').matchAll(BRACKET))
      this.depth += '{[('.includes(bracket) ? 1 : -1
    if (this.depth > 0 && this.open.length <= MOST) return undefined
    // A dict of one line is another format's.
    const row = this.depth === 0 && this.open.length > 1 ? numbersIn(this.open.join('\n')) : {}
    this.open = []
    this.depth = 0
    return Object.keys(row).length === 0 ? undefined : row
  }
}

function sampleRows(head: Uint8Array): JsonRow[] {
  const dicts = new Dicts()
  return decoder
    .decode(head)
    .split(/\r?\n/)
    .map((line) => dicts.take(line))
    .filter((row) => row !== undefined)
}

/**
 * Python dicts (or JSON objects) printed over several lines, one a step, as `pprint` does, with words before them or not, and
 * others inside (`outer/inner`).
 */
export const printedDictsReader: LogReader = {
  format: 'printed-dicts',
  recognise({ head }, options) {
    const rows = sampleRows(head)
    return rows.length > 0 && looksLikeLosses(rows, options) ? 0.6 : 0
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
        if (row !== undefined) writer.write(row, number)
      },
      (bytes) => writer.record.atShare(bytes / (source.size ?? bytes)),
    )
    const damage = source.damage()
    if (damage !== undefined) writer.record.note('damaged', end.lines, damage)
    return writer.finish()
  },
}
