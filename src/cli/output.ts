import { existsSync, realpathSync, statSync } from 'node:fs'
import { dirname, extname, join } from 'node:path'
import { readMethods, requireWritableFolder, writeFileAtomic } from '../audit/index.js'
import { counted, findingToJson, type Result, withoutSecrets } from '../core/index.js'
import {
  chartsToSvg,
  chartToSvg,
  renderHtml,
  renderJUnit,
  renderMarkdown,
  renderTerminal,
  resultToJson,
} from '../report/index.js'
import { raise } from './errors.js'
import type { Io, Outcome } from './run.js'

type Render = (result: Result, document: object) => string | Promise<string>

/** Every chart of a result, one below the other in the order of its sections. */
async function allCharts(result: Result): Promise<string> {
  const charts = [...result.sections].sort((a, b) => a.order - b.order).flatMap((section) => section.charts)
  if (charts.length === 0) throw raise('bad-option', 'this result has no chart to write as SVG')
  const [only] = charts
  return charts.length === 1 ? chartToSvg(only) : chartsToSvg(charts, result.title)
}

const BY_EXTENSION: Readonly<Record<string, Render>> = {
  '.html': (result) => renderHtml(result, readMethods()),
  '.md': renderMarkdown,
  '.json': (_, document) => `${JSON.stringify(document, null, 2)}\n`,
  '.xml': renderJUnit,
  '.svg': allCharts,
  '.txt': (result) => renderTerminal(result, { colour: false }),
}

function renderFor(path: string): Render {
  const render = BY_EXTENSION[extname(path).toLowerCase()]
  if (render === undefined)
    throw raise(
      'bad-option',
      `found "${path}", expected a file that ends in ${Object.keys(BY_EXTENSION).join(', ')}`,
      { field: '-o' },
    )
  return render
}

/**
 * Refuse what cannot be written before the work, not after it.
 *
 * @param reports files whose form their ending chooses
 * @param others  other files; what lies in a bucket, or ends in `/` and so is a folder, too
 */
export function checkOutputs(reports: readonly string[], others: readonly (string | undefined)[] = []): void {
  for (const path of reports) renderFor(path)
  const address = [...reports, ...others].find((path) => /^(?!s3:)[a-z][a-z0-9+.-]+:\/\//i.test(path ?? ''))
  if (address !== undefined)
    throw raise('bad-option', `found "${address}", which is an address and no file that can be written`)
  const onDisk = others.flatMap((path) => (path === undefined || path.startsWith('s3://') ? [] : [path]))
  const folderOf = (path: string): string => (path.endsWith('/') ? path : dirname(path))
  for (const folder of new Set([...reports, ...onDisk].map(folderOf))) requireWritableFolder(folder)
  for (const path of onDisk)
    if (!path.endsWith('/') && statSync(path, { throwIfNoEntry: false })?.isDirectory())
      throw raise('bad-option', `found "${path}", which is a folder and no file`)
}

/** The files that arguments and options name, `name=FILE` and globs among them. */
function filesNamed(given: unknown): string[] {
  if (Array.isArray(given)) return given.flatMap(filesNamed)
  if (typeof given !== 'string') return []
  return [...new Set([given, given.slice(given.indexOf('=') + 1)])].filter(
    (path) => existsSync(path) && statSync(path).isFile(),
  )
}

/**
 * Refuse to write over what is read: the outputs are among the values of the options, once each.
 *
 * @param given arguments, and values of options
 */
export function requireOthersThan(outputs: readonly (string | undefined)[], given: readonly unknown[]): void {
  const times = new Map<string, number>()
  for (const path of filesNamed(given).map((path) => realpathSync(path)))
    times.set(path, (times.get(path) ?? 0) + 1)
  for (const path of outputs)
    if (path !== undefined && filesNamed(path).length > 0 && (times.get(realpathSync(path)) ?? 0) > 1)
      throw raise('bad-option', `found "${path}", which is read, too: writing it would lose it`)
}

/** What a result was made from, without what may be secret in addresses. */
function fitToShow(result: Result): Result {
  const { inputs, provenance } = result
  return {
    ...result,
    inputs: inputs.map((input) => ({ ...input, path: withoutSecrets(input.path) })),
    provenance: provenance.map(({ label, value }) => ({ label, value: withoutSecrets(value) })),
  }
}

/**
 * Write a result to files, the form chosen by extension; several are allowed. What fails keeps neither the other files
 * nor the verdict back: it is told after them, and gives the exit code.
 *
 * @param document what JSON files hold; else the result alone
 */
export async function writeOutputs(
  made: Result,
  paths: readonly string[],
  io: Io,
  document?: object,
): Promise<void> {
  const written: string[] = []
  const result = fitToShow(made)
  for (const path of paths)
    try {
      writeFileAtomic(path, await renderFor(path)(result, document ?? resultToJson(result)))
      written.push(path)
    } catch (error) {
      io.failed(error)
    }
  if (written.length > 0) io.note(`Wrote ${written.join(', ')}`)
}

/** The four files that `--out DIR` receives. */
export function reportFiles(folder: string): string[] {
  return ['report.html', 'report.json', 'report.md', 'junit.xml'].map((name) => join(folder, name))
}

/** `-o` may be given several times. */
export function collect(value: string, previous: readonly string[] = []): string[] {
  return [...previous, value]
}

const MOST_COLUMNS = 100

/** Cells of a line of terminal text: the window's, up to 100. Without a window (a pipe), `COLUMNS` or 100. */
export function terminalColumns(): number {
  const told = process.stdout.columns ?? Number(process.env.COLUMNS)
  return told > 0 ? Math.min(MOST_COLUMNS, told) : MOST_COLUMNS
}

/** A result for the terminal, as wide as the window up to 100 columns. */
export function forTerminal(result: Result, io: Io): string {
  return renderTerminal(result, { colour: io.colour, columns: terminalColumns() })
}

/**
 * What every command that judges ends with: its result in the files of `-o`, and for the caller the schema, the seed, the
 * inputs and the findings, then what is the command's own. A JSON file of `-o` has all of that, and the report's other fields.
 *
 * @param files  of `-o`
 * @param text   for people, where it is not the whole result
 */
export async function outcomeOf(
  made: Result,
  io: Io,
  {
    own,
    exitCode,
    files = [],
    text,
  }: {
    readonly own: object
    readonly exitCode: Outcome['exitCode']
    readonly files?: readonly string[] | undefined
    readonly text?: string
  },
): Promise<Outcome> {
  const result = fitToShow(made)
  await writeOutputs(result, files, io, { ...resultToJson(result), ...own })
  const { schema, seed, inputs, findings } = result
  return {
    json: { schema, seed, inputs, findings: findings.map(findingToJson), ...own },
    text: text ?? forTerminal(result, io),
    exitCode,
  }
}

/** Notes that are told at once; a report has all of them. */
const MOST_NOTES = 5

/** What was left out or taken otherwise, on stderr. */
export function noteAll(notes: readonly string[], io: Pick<Io, 'note'>): void {
  for (const note of notes.slice(0, MOST_NOTES)) io.note(note)
  if (notes.length > MOST_NOTES)
    io.note(
      `and ${counted(notes.length - MOST_NOTES, 'more note, which stands', 'more notes, which stand')} in the report`,
    )
}
