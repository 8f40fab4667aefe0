import { type EvaluationRow, groupBy, mean, sameMetric } from '../../core/index.js'
import { expandEvaluationPaths, readEvaluations, shotsNotes } from '../evaluations/index.js'
import { evaluationRow } from '../evaluations/row.js'
import type { ItemsOptions } from '../items/item-row.js'
import { pairModels } from './pair-models.js'
import { readItemSubjects, requireWishedOf, type Subject, type SubjectSource } from './read-subject.js'
import { asShares, distinctScores } from './told-scores.js'

/** A benchmark's items under the models that tell them. */
export interface TaskItems {
  readonly task: string
  readonly metric?: string
  /** Shape (items). */
  readonly names: readonly string[]
  readonly models: readonly string[]
  /** Null where a model did not answer, shape (models, items). */
  readonly scores: readonly (readonly (number | null)[])[]
}

/** Scores of models and checkpoints by task, and items where results tell them. */
export interface TaskScores {
  readonly rows: readonly EvaluationRow[]
  readonly items: readonly TaskItems[]
  readonly files: readonly string[]
  readonly notes: readonly string[]
}

/** A model's mean over its items, as a table of scores would have it. */
function meansOf({ model, rows }: Subject): EvaluationRow[] {
  return [...groupBy(rows, (row) => row.benchmark)].map(([benchmark, own]) =>
    evaluationRow({
      model,
      benchmark,
      metric: own[0].metric ?? 'accuracy',
      value: mean(own.map(({ score }) => score)),
      n_items: own.length,
      source: own[0].path,
    }),
  )
}

/**
 * Read what several models and checkpoints scored on which tasks, item by item where results tell items.
 *
 * @throws {AssayError} items/…, evaluations/…, table/… naming the file, and the rows where there are any at fault
 */
export async function readTaskScores(
  sources: readonly SubjectSource[],
  options: ItemsOptions = {},
): Promise<TaskScores> {
  const notes: string[] = []
  const subjects: Subject[] = []
  const others: string[] = []
  const files: string[] = []
  for (const source of sources) {
    const own = await readItemSubjects(source, options)
    if (own.subjects.length === 0) others.push(source.path)
    else notes.push(...own.notes)
    subjects.push(...own.subjects)
    files.push(...own.files)
  }
  const told =
    others.length === 0 ? [] : (await readEvaluations(others, { columns: options.columns ?? {} })).rows
  if (sources.length > 0) requireWishedOf([...subjects, { told, rows: [] }], options, sources[0].path)
  const { metric: wish } = options
  const wished = told.filter(({ metric }) => wish === undefined || sameMetric(metric, wish) === 'same')
  const rows = distinctScores([...asShares(wished, notes), ...subjects.flatMap(meansOf)])
  notes.push(...shotsNotes(rows))
  const tasks = new Set(subjects.flatMap((subject) => subject.rows.map((row) => row.benchmark)))
  const items = [...tasks].map((task): TaskItems => {
    const models = subjects
      .map(({ model, rows: all }) => ({ model, rows: all.filter((row) => row.benchmark === task) }))
      .filter((own) => own.rows.length > 0)
    const { names, scores, metric } = pairModels(task, models, notes)
    return {
      task,
      names,
      models: models.map(({ model }) => model),
      scores: scores.flatMap((own) => (own === undefined ? [] : [own])),
      ...(metric === undefined ? {} : { metric }),
    }
  })
  return { rows, items, notes, files: [...files, ...expandEvaluationPaths(others)] }
}
