import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { instancesOf } from '../../core/index.js'
import { loadTasks } from './index.js'

/** Made-up rows of every task, and what lm-evaluation-harness 0.4.13 asks of them by its own files (bench/scoring/harness_requests.py). */
const TASKS = JSON.parse(readFileSync(new URL('harness/requests.json', import.meta.url), 'utf8')) as Record<
  string,
  {
    rows: Record<string, object[]>
    requests: Record<
      string,
      Record<string, [doc: number, context: string, asked: string | { until: string[] }][]>
    >
  }
>

describe('tasks that ship ask what lm-evaluation-harness asks by its own files', () => {
  it.each(Object.entries(TASKS))('%s, without and with two examples', async (name, { rows, requests }) => {
    const folder = mkdtempSync(join(tmpdir(), 'assay-harness-'))
    const data = Object.fromEntries(
      Object.entries(rows).map(([split, own]) => {
        const path = join(folder, `${split}.jsonl`)
        writeFileSync(path, own.map((row) => JSON.stringify(row)).join('\n'))
        return [split, path]
      }),
    )
    const tasks = await loadTasks(name, { data })
    expect(tasks.map((task) => task.name).sort()).toEqual(Object.keys(requests).sort())
    for (const task of tasks)
      for (const [shots, theirs] of Object.entries(requests[task.name]!)) {
        const ours = instancesOf(task, { shots: Number(shots) }).flatMap(
          ({ document, requests, generation }) =>
            generation === undefined
              ? requests.map(({ context, continuation }) => [document.index, context, continuation])
              : [[document.index, generation.context, generation.until]],
        )
        expect(ours).toEqual(
          theirs.map(([doc, context, asked]) => [
            doc,
            context,
            typeof asked === 'string' ? asked : asked.until,
          ]),
        )
      }
  })
})
