import { stringify } from 'yaml'
import type { HarnessOutput } from './harness.js'

const DATASET = /^(?:https:\/\/huggingface\.co\/datasets\/|hf:)([\w.-]+\/[\w.-]+)/

/** Name of the data set on the Hub that a task's items come from; undefined where they come from elsewhere. */
export function datasetOf(source: string | null): string | undefined {
  return source === null ? undefined : DATASET.exec(source)?.[1]
}

/**
 * What a model's repository keeps in `.eval_results/*.yaml`; undefined where no task comes from a data set on the Hub, or
 * none was scored whole.
 *
 * Source: huggingface/hub-docs, eval_results.yaml, whose reader (huggingface_hub/_eval_results.py) requires a task's id.
 */
export function evalResultsYaml({ measured, date }: HarnessOutput): string | undefined {
  const rows = measured.flatMap(({ about, main, task }) => {
    const id = datasetOf(about.source)
    // A part of a benchmark is no result of it.
    if (id === undefined || main.estimate.kind === 'notEstimable' || about.items < about.documents) return []
    return [{ dataset: { id, task_id: task }, value: main.estimate.value, date: date.toISOString() }]
  })
  return rows.length === 0 ? undefined : stringify(rows)
}
