import { statSync } from 'node:fs'
import {
  AssayError,
  counted,
  type EvaluationRow,
  groupBy,
  isLowerBetter,
  placeInRun,
} from '../../core/index.js'
import { lightevalBenchmark } from '../evaluations/formats/lighteval/index.js'
import { expandEvaluationPaths, readEvaluations } from '../evaluations/index.js'
import { SAMPLES_FORMAT } from '../items/formats/lm-eval-samples/index.js'
import type { ItemsOptions } from '../items/item-row.js'
import { refuse } from '../items/offences.js'
import { offendingScores, type PlacedRow, repeatedItems } from '../items/pairing.js'
import { expandItemPaths, type ItemsFile, readItemsIfAny } from '../items/read-items.js'
import { meanOfRepeats, requireWished } from '../items/scores.js'
import { taskBeside } from './task-beside.js'
import { asShares, distinctScores } from './told-scores.js'

/** Results as they were named on the command line. */
export interface SubjectSource {
  /** What to call the model; otherwise what tells its path from the others'. */
  readonly name: string
  readonly path: string
  /** What stands there item by item, where it is read already. */
  readonly items?: readonly ItemsFile[]
}

/** One item as a model answered it, with its benchmark and the tool that wrote it. */
export interface SubjectRow extends PlacedRow {
  readonly benchmark: string
  readonly format: string
}

/** One model's results. */
export interface Subject {
  readonly model: string
  readonly rows: readonly SubjectRow[]
  /** Scores that are told without items. */
  readonly told: readonly EvaluationRow[]
  /** Training-set sizes that the rows are means over, ascending; none where they tell none. */
  readonly sizes: readonly number[]
  /** Seeds that they are means over. */
  readonly seeds: number
}

/** What a path holds: one model or several, and what was left out of it. */
export interface ReadSubjects {
  readonly subjects: readonly Subject[]
  readonly files: readonly string[]
  readonly notes: readonly string[]
}

/** The benchmark of rows that name none. */
export const UNNAMED = 'items'
/** What keeps one file of a folder from being results, not the folder. */
const LEFT_OUT = new Set(['items/no-metric', 'table/empty', 'table/missing-column'])

/** Where `assay choices --draws` writes the samples of further draws. */
const OTHER_DRAW = /[/\\]draw-\d+[/\\][^/\\]*$/

/** `lighteval|arc:easy|0` and `inspect_evals/arc_easy` are the `arc_easy` of other tools. */
function benchmarkName(split: string, format: string): string {
  if (format === 'lighteval details') return lightevalBenchmark(split)
  return format === 'Inspect log' ? (split.split('/').at(-1) ?? split) : split
}

/** Files of a path that hold results item by item. */
async function itemFiles(path: string, options: ItemsOptions, notes: string[]): Promise<ItemsFile[]> {
  const found: ItemsFile[] = []
  const all = expandItemPaths([path])
  const folder = statSync(path).isDirectory()
  const files = folder ? all.filter((file) => !OTHER_DRAW.test(file)) : all
  if (files.length < all.length && files.length > 0)
    notes.push(`${path}: the first draw of examples is compared, others (draw-1, …) are left out`)
  for (const file of files.length > 0 ? files : all)
    try {
      const read = await readItemsIfAny(file, options)
      if (read !== null) found.push(read)
    } catch (error) {
      if (!folder || !(error instanceof AssayError) || !LEFT_OUT.has(error.code)) throw error
      notes.push(`${file} is left out: ${error.message}`)
    }
  return found
}

/** @throws items/no-metric where no results are in the metric, or have the filter, that was asked for */
export function requireWishedOf(
  subjects: readonly Pick<Subject, 'rows' | 'told'>[],
  options: ItemsOptions,
  path: string,
): void {
  const all = subjects.flatMap(({ rows, told }) => [...rows, ...told])
  requireWished(
    options,
    all.map(({ metric }) => metric),
    subjects.some(({ rows }) => rows.some(({ format }) => format === SAMPLES_FORMAT)),
    path,
  )
}

/** Training sizes and seeds are repeated answers to one item, whose mean counts. */
function overRepeats(rows: readonly SubjectRow[]): SubjectRow[] {
  if (rows.every((row) => row.seed === undefined && row.n === undefined)) return [...rows]
  return [...groupBy(rows, (row) => `${row.benchmark}\u0000${row.item}`).values()].map(meanOfRepeats)
}

function subjectsOfItems(name: string, files: readonly ItemsFile[]): Subject[] {
  const rows = files.flatMap((file) => {
    const { path, format, rows: own } = file
    const untold = own.some(({ split }) => split === undefined) ? (taskBeside(file) ?? UNNAMED) : UNNAMED
    return own.map(
      (row): SubjectRow => ({
        ...row,
        path,
        format,
        benchmark: row.split === undefined ? untold : benchmarkName(row.split, format),
      }),
    )
  })
  const models = groupBy(rows, (row) => row.model ?? name)
  return [...models].map(([model, own]) => {
    refuse('percent', offendingScores(own))
    refuse(
      'repeated',
      repeatedItems(
        own,
        (row) => `${row.benchmark}\u0000${row.n ?? ''}\u0000${row.seed ?? ''}`,
        (row) => `${model}, ${row.benchmark}`,
      ),
    )
    return {
      model,
      rows: overRepeats(own),
      told: [],
      sizes: [...new Set(own.flatMap((row) => row.n ?? []))].sort((x, y) => x - y),
      seeds: new Set(own.flatMap((row) => row.seed ?? [])).size,
    }
  })
}

/** Scores without items: of each model the last checkpoint. */
function subjectsOfScores(name: string, all: readonly EvaluationRow[], notes: string[]): Subject[] {
  const accuracies = all.filter(({ metric }) => !isLowerBetter(metric))
  refuse(
    'percent',
    accuracies
      .filter(({ value }) => value < 0 || value > 100)
      .map((row) => ({ place: { path: row.source }, message: `found ${row.value}` })),
  )
  const rows = asShares(accuracies, notes)
  const models = groupBy(rows, (row) => row.model)
  return [...models].map(([model, own]) => {
    const last = own.reduce((best, row) => (placeInRun(row) > placeInRun(best) ? row : best))
    const told = own.filter((row) => row.checkpoint === last.checkpoint)
    if (told.length < own.length)
      notes.push(
        `of ${model} the last checkpoint (${last.checkpoint ?? 'final'}) is compared; ${counted(own.length - told.length, 'score of others is', 'scores of others are')} left out`,
      )
    return {
      model: models.size === 1 ? name : model,
      rows: [],
      told: distinctScores(told),
      sizes: [],
      seeds: 0,
    }
  })
}

/**
 * The results at a path that are told item by item; none where no file tells them.
 *
 * @throws {AssayError} items/…, table/… naming the file, and the rows where there are any at fault
 */
export async function readItemSubjects(
  { name, path, items: given }: SubjectSource,
  options: ItemsOptions,
): Promise<ReadSubjects> {
  const notes: string[] = []
  const items = given ?? (await itemFiles(path, options, notes))
  return {
    subjects: subjectsOfItems(name, items),
    files: [...new Set(items.map((file) => file.path))],
    notes,
  }
}

/**
 * The results at a path: item by item where any file tells them so, else scores alone.
 *
 * @throws {AssayError} items/…, evaluations/…, table/… naming the file, and the rows where there are any at fault
 */
export async function readSubjects(source: SubjectSource, options: ItemsOptions): Promise<ReadSubjects> {
  const items = await readItemSubjects(source, options)
  if (items.subjects.length > 0) return items
  const { name, path } = source
  const { rows } = await readEvaluations([path], { columns: options.columns ?? {} })
  const notes: string[] = []
  return { subjects: subjectsOfScores(name, rows, notes), files: expandEvaluationPaths([path]), notes }
}
