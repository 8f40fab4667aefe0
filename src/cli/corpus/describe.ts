import { counted } from '../../core/text/counted.js'
import {
  type CountRow,
  inOrder,
  type Lost,
  mostEmpty,
  mostLeftOut,
  type Skipped,
} from '../../corpus/index.js'
import { formatBytes, oneLine } from '../../report/index.js'

const MAX_LISTED = 10

/** A number with its thousands parted. */
export function format(value: number): string {
  return value.toLocaleString('en-US')
}

/** Fields of the JSON document: what was left out, and what was read in another way than one would think. */
export function skippedFields(skips: readonly Skipped[]): { skipped: Skipped[]; remarks?: Skipped[] } {
  const all = inOrder(skips)
  const remarks = all.filter(({ kept }) => kept === true)
  const skipped = all.filter(({ kept }) => kept !== true)
  return { skipped, ...(remarks.length === 0 ? {} : { remarks }) }
}

function listed(
  head: string,
  entries: readonly Skipped[],
  end: (what: string, one: boolean) => string,
): string[] {
  if (entries.length === 0) return []
  const lines = entries.slice(0, MAX_LISTED).map(({ path, reason, documents, where }) => {
    const what =
      documents === null ? (where === 'the file' ? 'it' : 'the rest') : counted(documents, 'document')
    return `  ${oneLine(path)} (${where}): ${oneLine(reason)}; ${end(what, documents === null || documents === 1)}`
  })
  const more = entries.length - lines.length
  return [head, ...lines, ...(more > 0 ? [`  and ${more} more; see --json`] : [])]
}

export function skippedLines(all: readonly Skipped[]): string[] {
  const { skipped, remarks = [] } = skippedFields(all)
  return [
    ...listed('Skipped:', skipped, (what, one) => `${what} ${one ? 'is' : 'are'} left out`),
    ...listed('Read, but look:', remarks, (what) => what),
  ]
}

/** What was read of a corpus, and what was not. */
interface Reading {
  /** null where nobody counts them. */
  readonly documents: number | null
  readonly skipped: readonly Skipped[]
  readonly lost: Lost | null
}

/** What a count prints for people. */
export interface Summary extends Reading {
  /** The first line: how much was counted, by what. */
  readonly head: string
  readonly rows: readonly CountRow[]
  readonly within: number | null
  readonly out: string | undefined
}

const leftOut = ({ documents, skipped }: Reading): number =>
  documents === null ? 0 : mostLeftOut(documents, skipped)

/** Exit code of a pass: 2 where damaged files keep back a part of the corpus, or most documents are left out: counts are then too low. */
export function exitCodeOf(reading: Reading): 0 | 2 {
  return reading.lost === null && leftOut(reading) === 0 ? 0 : 2
}

/** The field `lost` of the JSON document, where files are damaged. */
export function lostFields(corpus: Pick<Reading, 'lost'> | null): { lost: Lost } | Record<string, never> {
  return corpus === null || corpus.lost === null ? {} : { lost: corpus.lost }
}

/** Why a pass ends with 2, and what to do. */
export function missingLines(reading: Reading): string[] {
  const left = leftOut(reading)
  const most =
    left === 0
      ? []
      : [
          `More than half of the documents are left out (${format(left)} of ${format(left + (reading.documents ?? 0))}): name the field of the text with --columns text=NAME, or the --format; counts are of the rest (exit 2)`,
        ]
  return [...lostLines(reading.lost), ...most, ...emptyLines(reading)]
}

/** Said of a corpus most of whose documents are empty. */
function emptyLines({ documents, skipped }: Reading): string[] {
  const empty = documents === null ? 0 : mostEmpty(documents, skipped)
  return empty === 0
    ? []
    : [
        `More than half of the documents are empty (${format(empty)} of ${format(documents ?? 0)}): if the text is in another field, name it with --columns text=NAME`,
      ]
}

function lostLines(lost: Lost | null): string[] {
  if (lost === null) return []
  const { documents, unknown } = lost
  const known = documents > 0 ? [counted(documents, 'document')] : []
  const more =
    unknown > 0
      ? [`an unknown number${known.length > 0 ? '' : ' of documents'} in ${counted(unknown, 'file')}`]
      : []
  return [
    `Not read, since files are damaged: ${[...known, ...more].join(' and ')}; counts are of the rest (exit 2)`,
  ]
}

/** How many facts the corpus names at all. */
export function seenLine(rows: readonly CountRow[], within: number | null): string {
  const seen = (column: 'n_s' | 'n_o' | 'n_so'): string =>
    `${format(rows.filter((row) => row[column] > 0).length)} of ${format(rows.length)}`
  const window = within === null ? 'in one document' : `at most ${within} words apart`
  return `Facts whose subject occurs: ${seen('n_s')}; object: ${seen('n_o')}; both ${window}: ${seen('n_so')}`
}

export function describeCount({ head, rows, within, out, ...reading }: Summary): string {
  const lines = [head, seenLine(rows, within), ...skippedLines(reading.skipped), ...missingLines(reading)]
  if (out !== undefined) return [...lines, `Counts: ${oneLine(out)}`].join('\n')
  const top = [...rows].sort((a, b) => b.n_so - a.n_so).slice(0, MAX_LISTED)
  const table = top.map(
    (r) => `  ${r.n_s}\t${r.n_o}\t${r.n_so}\t${oneLine(`${r.subject} | ${r.relation} | ${r.object}`)}`,
  )
  return [
    ...lines,
    'Most frequent pairs (n_s, n_o, n_so); all with --out counts.parquet or .tsv:',
    ...table,
  ].join('\n')
}

/** `192,850 documents, 46.7 MB of text`. */
export function amountWords(documents: number, bytes: number): string {
  return `${counted(documents, 'document')}, ${formatBytes(bytes)} of text`
}

/** `192,850 documents, 46.7 MB of text in 2.1 s (…)`; times below a tenth of a second are not told apart. */
export function headLine(documents: number, bytes: number, seconds: number, how: string): string {
  return `${amountWords(documents, bytes)} in ${seconds.toFixed(1)} s (${how})`
}
