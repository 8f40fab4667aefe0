import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readParquet } from '../../src/audit/index.js'
import { type Chart, groupBy, type Series, sum, wilsonInterval } from '../../src/core/index.js'
import { type RunSummary, readTable } from './runs.js'

/** A row of `evaluations.csv` that the page needs. */
export interface TaskScore {
  readonly model: string
  readonly task: string
  readonly accuracy: number
  readonly items: number
  readonly chance: number
  /** As many items that stand and fall alone would tell as much: templates of one fact do so together. */
  readonly alone: number
}

/** Items of equal variance that stand alone and give the mean the variance that clusters give it; at most all. */
function itemsAlone(answers: readonly { readonly cluster: string; readonly correct: number }[]): number {
  const n = answers.length
  const mean = sum(answers.map(({ correct }) => correct)) / n
  const clusters = [...groupBy(answers, ({ cluster }) => cluster).values()]
  const squares = sum(clusters.map((own) => sum(own.map(({ correct }) => correct - mean)) ** 2))
  const variance = (squares * clusters.length) / (clusters.length - 1) / n ** 2
  return variance > 0 ? Math.min(n, (mean * (1 - mean)) / variance) : clusters.length
}

/** Scores of finished models. */
export async function readScores(ladder: string, runs: readonly RunSummary[]): Promise<TaskScore[]> {
  const facts = factOfItem(join(ladder, 'tasks', 'data'))
  const steps = new Map(runs.map((run) => [run.id, run.steps]))
  const columns = await readParquet(join(ladder, 'items.parquet'), [
    'model',
    'step',
    'task',
    'item',
    'correct',
  ])
  const answers = columns.item!.flatMap((item, i) => {
    const [model, task] = [String(columns.model![i]), String(columns.task![i])]
    const cluster = facts.get(String(item)) ?? String(item)
    if (Number(columns.step![i]) !== steps.get(model)) return []
    return [{ key: `${model} ${task}`, cluster, correct: Number(columns.correct![i]) }]
  })
  const byScore = groupBy(answers, ({ key }) => key)
  return readTable(join(ladder, 'evaluations.csv'))
    .filter((row) => row.checkpoint === 'final')
    .map((row) => ({
      model: row.model ?? '',
      task: row.benchmark ?? '',
      accuracy: Number(row.value),
      items: Number(row.n_items),
      chance: Number(row.chance),
      alone: itemsAlone(byScore.get(`${row.model} ${row.benchmark}`) ?? []),
    }))
}

/** Accuracy with Wilson's 95 % interval, of as many items as its clusters are worth. */
export function accuracyCell({ accuracy, alone }: TaskScore): string {
  const { low, high } = wilsonInterval(accuracy * alone, alone, 0.95)
  return `${accuracy.toFixed(3)} (${low.toFixed(3)}–${high.toFixed(3)})`
}

/** Questions about planted facts, each with the documents that state its fact in what the run consumed. */
interface Asked {
  readonly model: string
  readonly stated: number
  readonly correct: number
}

function factOfItem(tasks: string): Map<string, string> {
  const facts = new Map<string, string>()
  for (const name of ['planted-facts', 'planted-facts-unseen'])
    for (const line of readFileSync(join(tasks, `${name}.jsonl`), 'utf8')
      .trimEnd()
      .split('\n')) {
      const { id, meta } = JSON.parse(line) as { id: string; meta: { fact_id: string } }
      facts.set(id, meta.fact_id)
    }
  return facts
}

async function readAsked(ladder: string, runs: readonly RunSummary[]): Promise<Asked[]> {
  const facts = factOfItem(join(ladder, 'tasks', 'data'))
  const counts = await readParquet(join(ladder, 'counts', 'planted.parquet'), ['model', 'fact_id', 'n_so'])
  const stated = new Map(
    counts.model!.map((model, i) => [`${model} ${counts.fact_id![i]}`, Number(counts.n_so![i])]),
  )
  const items = await readParquet(join(ladder, 'items.parquet'), ['model', 'step', 'item', 'correct'])
  const steps = new Map(runs.map((run) => [run.id, run.steps]))
  return items.item!.flatMap((item, i) => {
    const model = String(items.model![i])
    const fact = facts.get(String(item))
    if (fact === undefined || Number(items.step![i]) !== steps.get(model)) return []
    const n = stated.get(`assay-${model}-${steps.get(model)} ${fact}`)
    return n === undefined ? [] : [{ model, stated: n, correct: Number(items.correct![i]) }]
  })
}

/** Lower ends of the bands; facts that no document states are drawn at ½, since a log axis has no 0. */
const BANDS = [0, 1, 2, 4, 8, 16, 32, 64, 128]
const PLACE_OF_NONE = 0.5
/** Fewer questions than this make a point that is mostly noise. */
const LEAST_ASKED = 40

/** Accuracy on planted facts by the documents that state them, a line a run. */
export async function retentionByFrequency(ladder: string, runs: readonly RunSummary[]): Promise<Chart> {
  const asked = await readAsked(ladder, runs)
  const bandOf = (stated: number): number => BANDS.findLast((low) => low <= stated) ?? 0
  return {
    kind: 'lines',
    caption: 'What a model retains rises with the documents that state it (chance .25; at ½: stated nowhere)',
    x: { label: 'documents that state the fact', scale: 'log' },
    y: { label: 'accuracy, 4 choices', domain: [0, 1] },
    series: runs.map(({ id }): Series => {
      const bands = [
        ...groupBy(
          asked.filter((a) => a.model === id),
          (a) => bandOf(a.stated),
        ),
      ]
        .filter(([, own]) => own.length >= LEAST_ASKED)
        .sort(([a], [b]) => a - b)
      return {
        name: id,
        style: 'line',
        x: bands.map(([, own]) => own.reduce((sum, a) => sum + a.stated, 0) / own.length || PLACE_OF_NONE),
        y: bands.map(([, own]) => own.reduce((sum, a) => sum + a.correct, 0) / own.length),
      }
    }),
  }
}
