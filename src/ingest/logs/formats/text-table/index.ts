import type { LogReader } from '../../../../core/index.js'
import { parseNumber } from '../../../text/tolerant-json.js'
import { type LineFormat, lineLogReader, sampleText } from '../../lines/line-log.js'
import { chooseColumns, type Field } from '../../names/column-names.js'
import type { ColumnName } from '../../recorder/recorder.js'
import { namesLosses } from '../../tables/table-header.js'

/** What draws a table's lines, U+2500 to U+257F, in Latin-1. */
const DRAWN = /\u00e2[\u0094\u0095][\u0080-\u00bf]/g
/** fastai 1 puts an epoch's time behind its row. */
const TIME_BEHIND = /\s+\(\d+:\d\d(?::\d\d)?\)\s*$/
const THOUSANDS = /^\d{1,3}(?:,\d{3})+$/
/** Cells of a Markdown row, of columns set apart by two blanks and more, or of single words. */
const SPLITS: readonly ((text: string) => string[])[] = [
  (text) => (text.includes('|') ? text.replace(/^\||\|$/g, '').split('|') : []),
  (text) => text.split(/\t| {2,}/),
  (text) => text.split(/\s+/),
]
const RULE = /^[\s|:+=-]+$/
const LEAST_NUMBERS = 2
const FULL_SAMPLE = 20
const LONGEST = 400

/** Columns of the table that is open: how its rows are cut, and what each cell is. */
interface Columns {
  readonly split: (text: string) => string[]
  readonly fields: readonly (Field | 'epoch' | undefined)[]
}

const cellsOf = (split: Columns['split'], text: string): string[] =>
  split(text.replaceAll(DRAWN, '|').trim()).map((cell) => cell.replaceAll(/^[\s*_`]+|[\s*_`]+$/g, ''))

function columnsIn(text: string): Columns | undefined {
  for (const split of SPLITS) {
    const names = cellsOf(split, text)
    if (!namesLosses(names) || names.some((name) => parseNumber(name) !== undefined)) continue
    const chosen = new Map([...chooseColumns(names, {})].map(([field, name]) => [name, field] as const))
    return {
      split,
      fields: names.map((name) => chosen.get(name) ?? (/^epochs?$/i.test(name) ? 'epoch' : undefined)),
    }
  }
  return undefined
}

/** The numbers of a row of the table, by column; undefined for a line that is none. */
function numbersOf({ split, fields }: Columns, text: string): (number | undefined)[] | undefined {
  const cells = cellsOf(split, text.replace(TIME_BEHIND, ''))
  const numbers = cells.map((cell) =>
    cell === '' ? undefined : parseNumber(THOUSANDS.test(cell) ? cell.replaceAll(',', '') : cell),
  )
  const isRow =
    cells.length === fields.length && numbers.filter((n) => n !== undefined).length >= LEAST_NUMBERS
  return isRow ? numbers : undefined
}

/**
 * Tables set in plain text: the cards of models (`| Training Loss | Epoch | Step | Validation Loss |`), fastai
 * (`epoch  train_loss  valid_loss  time`), and any columns under a line of names that name a loss. Without a column of
 * steps the epochs are the steps, else the rows are counted.
 */
const textTable: LineFormat = {
  format: 'text-table',
  pattern: /$^/gm,
  open(record) {
    let columns: Columns | undefined
    let rows = 0
    return {
      line(line) {
        if (line.to - line.from > LONGEST) return false
        const text = line.text()
        if (columns !== undefined && RULE.test(text.replaceAll(DRAWN, '|'))) return true
        const numbers = columns === undefined ? undefined : numbersOf(columns, text)
        if (columns === undefined || numbers === undefined) {
          const found = columnsIn(text)
          if (found !== undefined) columns = found
          return false
        }
        const { fields } = columns
        rows++
        const at = fields.includes('step') ? fields.indexOf('step') : fields.indexOf('epoch')
        const step = at < 0 ? rows : numbers[at]
        if (step === undefined) return false
        if (at < 0) record.note('no-step', line.number, 'no step column: rows are counted')
        record.row(step, line.number)
        fields.forEach((field, i) => {
          const value = numbers[i]
          if (field !== undefined && field !== 'step' && field !== 'epoch' && value !== undefined)
            record.put(field satisfies ColumnName, value)
        })
        return true
      },
    }
  },
}

export const textTableReader: LogReader = {
  ...lineLogReader(textTable),
  recognise(source) {
    let columns: Columns | undefined
    let rows = 0
    for (const text of sampleText(source).split('\n')) {
      if (text.length > LONGEST) continue
      if (columns !== undefined && numbersOf(columns, text) !== undefined) rows++
      else columns = columnsIn(text) ?? columns
    }
    return rows === 0 ? 0 : 0.5 + (0.3 * Math.min(rows, FULL_SAMPLE)) / FULL_SAMPLE
  },
}
