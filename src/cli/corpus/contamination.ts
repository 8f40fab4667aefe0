import { readFileSync, statSync } from 'node:fs'
import {
  defaultTexts,
  expandFiles,
  hashInputs,
  parseDomains,
  samplePassages,
  writeFileAtomic,
  writeParquet,
} from '../../audit/index.js'
import { createRandom, groupBy } from '../../core/index.js'
import { counted } from '../../core/text/counted.js'
import { tsvCell } from '../../core/text/tsv.js'
import {
  type ItemsFound,
  type ItemVerdict,
  isPartFolder,
  lookForItems,
  mergeItemsFound,
  OVERLAP_LIMITS,
  type Shard,
  type Sought,
  type SoughtItem,
} from '../../corpus/index.js'
import { distinctFiles, readSoughtItems } from '../../ingest/index.js'
import { oneLine } from '../../report/index.js'
import { raise } from '../errors.js'
import type { Io, Outcome } from '../run.js'
import {
  amountWords,
  exitCodeOf,
  format,
  lostFields,
  missingLines,
  skippedFields,
  skippedLines,
} from './describe.js'
import { abortOnInterrupt } from './interrupt.js'
import { namedCorpora, type ReadingOptions } from './options.js'

export const CONTAMINATION_SCHEMA = 'assay/corpus-contamination@1'

/** Options of `assay corpus contamination` as the command line gives them. */
export interface ContaminationOptions extends ReadingOptions {
  readonly items?: readonly string[]
  readonly texts?: readonly string[]
  readonly out?: string
  readonly parts?: string
  readonly shard?: Shard
}

const MOST_LISTED = 10
const COLUMNS = ['item_id', 'task', 'overlap', 'longest', 'document', 'clean', 'ngram13'] as const
/** Refuse what contradicts itself before anything is read. */
export function checkContamination(inputs: readonly string[], options: ContaminationOptions): void {
  const { items, texts, out, parts, shard, resume, checkpoint } = options
  if (items === undefined && texts === undefined)
    throw raise(
      'bad-option',
      'nothing is looked for: name benchmark items with --items, held-out text with --texts',
    )
  if (inputs.length === 0 && parts === undefined)
    throw raise('bad-option', 'no corpus is named: pass files, folders, globs, s3:// or https:// addresses')
  if (inputs.length > 0 && parts !== undefined)
    throw raise('bad-option', '--parts adds up what shards found: it takes no corpus')
  if (out?.endsWith('/') === true && shard === undefined)
    throw raise('bad-option', `found --out ${out}: a folder takes the part of a --shard`)
  if (shard !== undefined && (out === undefined || !isPartFolder(out)))
    throw raise(
      'bad-option',
      'what stands in a part of the corpus tells of no item that it is clean: give --out FOLDER/ for the part of each --shard, then add them up with --parts FOLDER/',
      { field: '--shard' },
    )
  if (out !== undefined && !out.endsWith('/') && !/\.(parquet|csv|tsv)$/.test(out))
    throw raise('bad-option', `found --out ${out}, expected a name that ends in .parquet, .csv or .tsv`)
  if (resume === true && out === undefined && checkpoint === undefined)
    throw raise(
      'bad-option',
      '--resume needs --out or --checkpoint, which name the folder of finished shards',
    )
}

/** Held-out texts, a whole document an item, under the names that `assay loss` gives them. */
async function readTexts(globs: readonly string[], seed: number): Promise<SoughtItem[]> {
  const { passages } = await samplePassages(parseDomains(globs), createRandom(seed), { full: true })
  return passages.map(({ domain, document, text }) => ({
    id: document,
    task: domain,
    text,
    choices: [],
    gold: null,
  }))
}

/** The texts that ship, those of no particular matter first, then a declaration in each other language: what is common in them is common. */
export function commonTexts(): string[] {
  const { domains, parallel } = defaultTexts()
  return [
    domains.flatMap(({ files }) => files),
    ...parallel.filter(({ code }) => code !== 'en').map(({ file }) => [file]),
  ].map((files) => files.map((path) => readFileSync(path, 'utf8')).join('\n'))
}

async function readSought(
  options: ContaminationOptions,
  seed: number,
): Promise<Sought & { paths: string[]; notes: string[] }> {
  const { text: _, ...columns } = options.columns
  const globs = options.items ?? []
  const missing = globs.find((glob) => expandFiles([glob]).length === 0)
  if (missing !== undefined)
    throw raise(
      'bad-option',
      statSync(missing, { throwIfNoEntry: false })?.isDirectory() === false
        ? `${missing} is a pipe or device, and items are read more than once: write them to a file`
        : `no file matches ${missing}`,
      { field: '--items' },
    )
  const { files: paths, notes } = distinctFiles(globs.flatMap((glob) => expandFiles([glob])).sort())
  const items = (await Promise.all(paths.map((path) => readSoughtItems(path, columns)))).flat()
  const texts = options.texts === undefined ? [] : await readTexts(options.texts, seed)
  return {
    items: [...items, ...texts],
    background: commonTexts(),
    notes,
    paths: [...paths, ...parseDomains(options.texts ?? []).flatMap(({ files }) => files)],
  }
}

/** A cell as RFC 4180 has it; unknown is an empty one. */
function csvCell(value: string | number | boolean | null): string {
  const text = value === null ? '' : String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

async function writeRows(path: string, rows: readonly ItemVerdict[]): Promise<void> {
  if (path.endsWith('.parquet')) {
    const texts = (name: 'item_id' | 'task' | 'document') =>
      ({ type: 'VARCHAR', values: rows.map((row) => row[name]) }) as const
    const flags = (name: 'clean' | 'ngram13') =>
      ({ type: 'BOOLEAN', values: rows.map((row) => row[name]) }) as const
    return writeParquet(path, {
      item_id: texts('item_id'),
      task: texts('task'),
      overlap: { type: 'DOUBLE', values: rows.map(({ overlap }) => overlap) },
      longest: { type: 'INTEGER', values: rows.map(({ longest }) => longest) },
      document: texts('document'),
      clean: flags('clean'),
      ngram13: flags('ngram13'),
    })
  }
  const [cell, delimiter] = path.endsWith('.csv') ? [csvCell, ','] : [tsvCell, '\t']
  const lines = rows.map((row) => COLUMNS.map((name) => cell(row[name])).join(delimiter))
  writeFileAtomic(path, `${[COLUMNS.join(delimiter), ...lines].join('\n')}\n`)
}

interface TaskCount {
  readonly task: string
  readonly items: number
  readonly contaminated: number
  /** Too short to decide. */
  readonly unknown: number
  /** What plain 13-grams find, of the items that have one. */
  readonly ngram13: number
}

function countTasks(rows: readonly ItemVerdict[]): TaskCount[] {
  return [...groupBy(rows, ({ task }) => task)].map(([task, own]) => ({
    task,
    items: own.length,
    contaminated: own.filter(({ clean }) => clean === false).length,
    unknown: own.filter(({ clean }) => clean === null).length,
    ngram13: own.filter((row) => row.ngram13 === true).length,
  }))
}

function describe(
  found: ItemsFound,
  seconds: number,
  { out, shard }: Pick<ContaminationOptions, 'out' | 'shard'>,
): string {
  const { rows, documents, bytes, skipped } = found
  const tasks = countTasks(rows)
  const contaminated = rows.filter(({ clean }) => clean === false)
  const unknown = rows.filter(({ clean }) => clean === null).length
  const worst = [...contaminated].sort((a, b) => (b.overlap ?? 0) - (a.overlap ?? 0)).slice(0, MOST_LISTED)
  return [
    `${shard === undefined ? '' : `Shard ${shard.index} of ${shard.of}, from 0: `}${format(contaminated.length)} of ${counted(rows.length, 'item')} ${contaminated.length === 1 || rows.length === 1 ? 'stands' : 'stand'} in the corpus (${amountWords(documents, bytes)}, ${seconds.toFixed(1)} s); ${format(unknown)} cannot be decided (too short, found in part, or not found where ${shard === undefined ? 'much' : 'the rest'} of the corpus was not read)`,
    ...tasks.map(
      (t) =>
        `  ${oneLine(t.task)}: ${format(t.contaminated)} of ${format(t.items)}${t.unknown > 0 ? `, ${format(t.unknown)} unknown` : ''}; plain 13-grams find ${format(t.ngram13)}`,
    ),
    ...(worst.length === 0
      ? []
      : [
          `Most of them (overlap, longest run in words, where); an item stands there from an overlap of ${OVERLAP_LIMITS.long} in one place on, a short one from ${OVERLAP_LIMITS.short}, one of a script without spaces from ${OVERLAP_LIMITS.unspaced}:`,
        ]),
    ...worst.map(
      (r) => `  ${r.overlap?.toFixed(2)}\t${r.longest}\t${oneLine(`${r.task} ${r.item_id}: ${r.document}`)}`,
    ),
    ...skippedLines(skipped),
    ...missingLines(found),
    ...(out === undefined
      ? []
      : [oneLine(shard === undefined ? `Table: ${out}` : `Part: ${out}; --parts ${out} adds them up`)]),
  ].join('\n')
}

/** `assay corpus contamination`: read the items, look for them, write the table. */
export async function runContamination(
  inputs: readonly string[],
  options: ContaminationOptions,
  io: Io,
): Promise<Outcome> {
  checkContamination(inputs, options)
  const { out, shard, checkpoint } = options
  const { paths, notes, ...sought } = await readSought(options, io.seed)
  for (const note of notes) io.note(note)
  const started = performance.now()
  const progress = io.progress('looking')
  const { signal, release } = abortOnInterrupt(io)
  const isPart = out !== undefined && isPartFolder(out)
  const beside =
    out === undefined || (isPart && out.startsWith('s3://'))
      ? null
      : isPart
        ? `${out}checkpoint-${shard?.index ?? 0}`
        : `${out}.parts`
  try {
    const found =
      options.parts !== undefined
        ? await mergeItemsFound(options.parts, sought)
        : await lookForItems(
            sought,
            {
              column: options.columns.text ?? 'text',
              textDocument: options.sampleBy,
              format: options.format,
            },
            {
              inputs: namedCorpora(inputs).map(({ input }) => input),
              threads: options.threads ?? null,
              strict: options.strict === true,
              shard: shard ?? null,
              checkpoint: checkpoint ?? beside,
              resume: options.resume === true,
              partFolder: isPart ? out : null,
            },
            { signal, progress: (done, total) => progress.update(done, total) },
          )
    for (const note of found.notes) io.note(note)
    if (out !== undefined && !isPart) await writeRows(out, found.rows)
    found.finish()
    const seconds = (performance.now() - started) / 1000
    const { rows, documents, bytes, skipped, files } = found
    return {
      json: {
        schema: CONTAMINATION_SCHEMA,
        seed: io.seed,
        inputs: hashInputs(paths),
        findings: [],
        items: rows.length,
        contaminated: rows.filter(({ clean }) => clean === false).length,
        unknown: rows.filter(({ clean }) => clean === null).length,
        tasks: countTasks(rows),
        documents,
        bytes,
        files,
        ...skippedFields(skipped),
        ...lostFields(found),
        seconds,
        shard: shard ?? null,
        ...(out === undefined ? { rows } : { out }),
      },
      text: describe(found, seconds, options),
      exitCode: isPart ? 0 : exitCodeOf(found),
    }
  } finally {
    release()
    progress.end()
  }
}
