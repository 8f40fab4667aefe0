import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { globSync } from 'tinyglobby'
import { describe, expect, it } from 'vitest'
import { type Estimate, type TaskSignal, taskSignals } from '../../src/core/index.js'
import { readEvaluations } from '../../src/ingest/index.js'

/*
 * Signal and Noise (arXiv:2508.13144), as its code computes it (snr/metrics.py): signal = max |m_j − m_k| / mean m,
 * noise = SD/mean of the last checkpoints, decision accuracy = share of pairs that small and large models order alike. Here it is
 * written out once more on the rows of the files, apart from what it is compared with.
 */

const PUBLISHED = join(import.meta.dirname, 'data')
const RUNS = join(process.env.ASSAY_DATA ?? '../shared/data', 'scaling/olmo-ladder/ladder-runs')

interface Row {
  readonly model: string
  readonly family: string
  readonly params: number
  readonly checkpoint: string
  readonly task: string
  readonly value: number
}

function rowsOf(name: string): Row[] {
  const [head, ...lines] = gunzipSync(readFileSync(join(PUBLISHED, `${name}.csv.gz`)))
    .toString()
    .trim()
    .split('\n')
    .map((line) => line.split(','))
  const at = (column: string): number => head.indexOf(column)
  return lines.map((cells) => ({
    model: cells[at('model')],
    family: cells[at('family')],
    params: Number(cells[at('params')]),
    checkpoint: cells[at('checkpoint')],
    task: cells[at('benchmark')],
    value: Number(cells[at('value')]),
  }))
}

const estimated = (e: Estimate | undefined): number => (e?.kind === 'estimate' ? e.value : Number.NaN)
const meanOf = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length

function spread(values: readonly number[]): number {
  const centre = meanOf(values)
  return Math.sqrt(values.reduce((sum, v) => sum + (v - centre) ** 2, 0) / (values.length - 1)) / centre
}

/** Share of pairs of recipes that each smaller size orders as the largest common one does. */
function decisions(
  scoreOf: (recipe: string, size: number) => number | undefined,
  recipes: readonly string[],
  sizes: readonly number[],
) {
  let pairs = 0
  let agreed = 0
  for (const [i, a] of recipes.entries())
    for (const b of recipes.slice(i + 1)) {
      const both = sizes.filter((size) => scoreOf(a, size) !== undefined && scoreOf(b, size) !== undefined)
      const order = (size: number): number => Math.sign((scoreOf(a, size) ?? 0) - (scoreOf(b, size) ?? 0))
      const target = Math.max(...both)
      for (const size of both.filter((s) => s < target)) {
        pairs++
        // The code's `>` takes a tie for "not better"; a tie agrees by half here.
        agreed += (1 + order(size) * order(target)) / 2
      }
    }
  return { pairs, share: agreed / pairs }
}

const named = (signals: readonly TaskSignal[], task: string, metric: RegExp): TaskSignal | undefined =>
  signals.find((s) => s.task === task && metric.test(s.metric))

describe('Signal and Noise', () => {
  it('Pythia: signal, noise, their ratio and decision accuracy of every task', async () => {
    const rows = rowsOf('pythia')
    const { rows: read } = await readEvaluations([join(PUBLISHED, 'pythia.csv.gz')])
    const signals = taskSignals(read)
    const tasks = [...new Set(rows.map(({ task }) => task))]
    expect(tasks).toHaveLength(8)
    const stepOf = ({ checkpoint }: Row): number =>
      checkpoint === 'final' ? Number.POSITIVE_INFINITY : Number(checkpoint.slice(4))
    for (const task of tasks) {
      const own = rows.filter((row) => row.task === task)
      const models = [...new Set(own.map(({ model }) => model))]
      const curves = models.map((model) =>
        own
          .filter((row) => row.model === model)
          .sort((x, y) => stepOf(x) - stepOf(y))
          .map(({ value }) => value),
      )
      const finals = curves.map((curve) => curve[curve.length - 1])
      const signal = (Math.max(...finals) - Math.min(...finals)) / meanOf(finals)
      const noise = Math.sqrt(meanOf(curves.map((curve) => spread(curve.slice(-5)) ** 2)))
      const ends = own.filter(({ checkpoint }) => checkpoint === 'final')
      const { pairs, share } = decisions(
        (recipe, size) => ends.find((row) => row.family === recipe && row.params === size)?.value,
        ['pythia', 'pythia-deduped'],
        [...new Set(ends.map(({ params }) => params))],
      )
      // Seven sizes have both, the largest of them is what the others are held against.
      expect(pairs).toBe(6)
      const found = named(signals, task, /^acc/)
      expect(estimated(found?.signal)).toBeCloseTo(signal, 12)
      expect(estimated(found?.noise)).toBeCloseTo(noise, 12)
      expect(estimated(found?.snr)).toBeCloseTo(signal / noise, 9)
      expect(estimated(found?.decisionAccuracy)).toBeCloseTo(share, 12)
    }
  })

  it('the OLMo ladder: decision accuracy over tokens per parameter, of accuracies and losses', async () => {
    const rows = rowsOf('olmo-ladder').filter(({ model }) => /^(?:190M|370M|760M|1B)-/.test(model))
    const { rows: read } = await readEvaluations([join(PUBLISHED, 'olmo-ladder.csv.gz')])
    const signals = taskSignals(read)
    for (const task of new Set(rows.map((row) => row.task))) {
      const { pairs, share } = decisions(
        (recipe, size) =>
          rows.find((row) => row.task === task && row.model.endsWith(`-${recipe}`) && row.params === size)
            ?.value,
        ['1xC', '2xC', '5xC', '10xC'],
        [...new Set(rows.map(({ params }) => params))],
      )
      expect(pairs).toBe(18)
      const found = named(signals, task, /^acc/)
      expect(estimated(found?.decisionAccuracy), task).toBeCloseTo(share, 12)
      expect(found?.decisions.map((d) => d.pairs)).toEqual([6, 6, 6])
      // No checkpoints: nothing to hold the signal against.
      expect(found?.snr).toMatchObject({ kind: 'notEstimable' })
    }
  })

  it.skipIf(!existsSync(RUNS))(
    'the OLMo ladder: signal over noise of its runs (skipped when ../shared/data is absent)',
    async () => {
      const paths = globSync('{190M,370M}-{1,2,5,10}xC.csv', { cwd: RUNS }).map((name) => join(RUNS, name))
      expect(paths).toHaveLength(8)
      const { rows: read } = await readEvaluations(paths)
      const signals = taskSignals(read)
      const column = 'eval/downstream/hellaswag_val_rc_5shot_len_norm'
      const curves = paths.map((path) => {
        const [head, ...lines] = readFileSync(path, 'utf8')
          .trim()
          .split('\n')
          .map((line) => line.split(','))
        return lines.map((cells) => Number(cells[head.indexOf(column)]))
      })
      const finals = curves.map((curve) => curve[curve.length - 1])
      const signal = (Math.max(...finals) - Math.min(...finals)) / meanOf(finals)
      const noise = Math.sqrt(meanOf(curves.map((curve) => spread(curve.slice(-5)) ** 2)))
      const found = named(signals, 'hellaswag', /^acc_len_norm$/)
      expect(estimated(found?.snr)).toBeCloseTo(signal / noise, 9)
    },
  )
})
