import { join } from 'node:path'
import { type BenchmarkTask, type ChoicesEvidence, groupBy, itemScores } from '../../core/index.js'
import { type ItemsFile, type ItemsOptions, metricScores, SAMPLES_FORMAT } from '../../ingest/index.js'
import type { StoredEvidence } from '../store/evidence-folder.js'
import { raise } from './errors.js'
import { metricsOf } from './writers/samples.js'

/** A task's items under the first draw; items under the names of the harness's own files. */
function fileOf(
  path: string,
  about: BenchmarkTask,
  { answers, asked = [] }: ChoicesEvidence,
  options: ItemsOptions,
): ItemsFile {
  const { task, shots, filter } = about
  const named = new Map(asked.filter((own) => own.task === task).map((own) => [own.item, own]))
  const items = [
    ...groupBy(
      answers.filter((a) => a.task === task && a.draw === 0),
      (a) => a.item,
    ),
  ]
  const { metric, scores } = metricScores(
    items.map(([, own], i) => {
      const scored = itemScores(own.toSorted((a, b) => a.choice - b.choice))
      return { results: Object.fromEntries(metricsOf(about, scored)), line: i + 1 }
    }),
    options.metric,
    path,
  )
  return {
    path,
    format: SAMPLES_FORMAT,
    rows: items.map(([item, [{ cluster }]], i) => {
      const hashes = named.get(item)
      if (hashes === undefined) throw raise('unnamed-items', `of ${task}, item ${item}`, { path })
      return {
        split: task,
        item,
        key: `${hashes.document}/${hashes.target}`,
        prompt: hashes.prompt,
        asked: hashes.words,
        ...(cluster === item ? {} : { cluster }),
        metric: filter === undefined ? metric : `${metric}/${filter}`,
        shots,
        score: scores[i],
        line: i + 1,
      }
    }),
  }
}

/**
 * Benchmark answers of saved evidence item by item, so that they are compared with what lm-evaluation-harness wrote.
 *
 * @throws {AssayError} benchmarks/no-answers, benchmarks/unnamed-items; items/no-metric
 */
export function comparedItems(
  folder: string,
  { evidence }: StoredEvidence,
  options: ItemsOptions,
): ItemsFile[] {
  const { choices } = evidence
  const told = Object.keys(evidence).join(', ')
  if (choices === undefined || choices.answers.length === 0)
    throw raise('no-answers', `it holds ${told || 'nothing'}`, { path: folder })
  return choices.tasks.map((task) => fileOf(join(folder, 'manifest.json'), task, choices, options))
}
