import { groupBy } from '../../src/core/index.js'
import { markdownTable } from './markdown-table.js'
import type { AdaptationRow } from './readme-charts.js'
import { accuracyCell, type TaskScore } from './readme-tasks.js'
import { type RunSummary, readLog } from './runs.js'

const millions = (n: number) => (n / 1e6).toFixed(3)
const loss = (value: number | null) => (value === null ? 'not finite' : value.toFixed(3))
const minutes = (seconds: number) => (seconds / 60).toFixed(1)

export function runTable(runs: readonly RunSummary[]): string {
  const head = [
    'run',
    'N without embedding, M',
    'N, M',
    'tokens D, M',
    'D/N',
    'documents',
    'FLOPs 6ND',
    '… without embedding',
    'peak rate',
    'steps',
    'training loss',
    'held-out loss',
    'bits/byte',
    'minutes',
  ]
  return markdownTable(
    head,
    runs
      .filter((run) => run.group === 'ladder' || run.group === 'seeds')
      .map((run) => [
        `\`${run.id}\``,
        millions(run.parametersWithoutEmbedding),
        millions(run.parameters),
        millions(run.tokens),
        run.tokensPerParameter.toFixed(1),
        String(run.documents),
        run.flops.toExponential(2),
        run.flopsWithoutEmbedding.toExponential(2),
        String(run.schedule.peak),
        String(run.steps),
        loss(run.finalTrainLoss),
        loss(run.heldOutLoss),
        loss(run.heldOutBitsPerByte),
        minutes(run.cpuSeconds ?? run.seconds),
      ]),
  )
}

export function faultTable(runs: readonly RunSummary[]): string {
  const twin = runs.find((run) => run.id === 'healthy-twin')
  return markdownTable(
    ['run', 'known truth', 'training loss', 'held-out loss', 'against the healthy twin', 'minutes'],
    runs
      .filter((run) => run.group === 'fault')
      .map((run) => {
        const difference =
          run.heldOutLoss === null || !twin || twin.heldOutLoss === null
            ? undefined
            : run.heldOutLoss - twin.heldOutLoss
        return [
          `\`${run.id}\``,
          run.known,
          loss(run.finalTrainLoss),
          loss(run.heldOutLoss),
          difference === undefined ? '–' : `${difference > 0 ? '+' : ''}${difference.toFixed(3)}`,
          minutes(run.cpuSeconds ?? run.seconds),
        ]
      }),
  )
}

/** A checkpoint on the way of the longest run against the finished run of about as many tokens. */
export function decayTable(runs: readonly RunSummary[], runsFolder: string): string {
  const rows: string[][] = []
  for (const long of runs.filter((run) => /-r4$/.test(run.id))) {
    const log = readLog(runsFolder, long.id).filter((row) => row.valLoss !== undefined)
    for (const ratio of [1, 2]) {
      const short = runs.find((run) => run.id === `${long.size}-r${ratio}`)
      const finished = short && readLog(runsFolder, short.id).findLast((row) => row.valLoss !== undefined)
      if (!short || !finished) continue
      const near = log.reduce((best, row) =>
        Math.abs(row.tokens - short.tokens) < Math.abs(best.tokens - short.tokens) ? row : best,
      )
      rows.push([
        `\`${long.id}\` at step ${near.step}`,
        millions(near.tokens),
        loss(near.valLoss!),
        `\`${short.id}\``,
        loss(finished.valLoss!),
        (near.valLoss! - finished.valLoss!).toFixed(3),
      ])
    }
  }
  for (const decayed of runs) {
    if (!decayed.decayFrom) continue
    const { run: id, step } = decayed.decayFrom
    // A checkpoint lies a few steps behind the last evaluation where the two do not fall together.
    const before = readLog(runsFolder, id).findLast((row) => row.step <= step && row.valLoss !== undefined)
    const after = readLog(runsFolder, decayed.id).findLast((row) => row.valLoss !== undefined)
    if (!before || !after) continue
    rows.push([
      `\`${id}\` at step ${step}${before.step === step ? '' : ` (evaluated at ${before.step})`}`,
      millions(before.tokens),
      loss(before.valLoss!),
      `\`${decayed.id}\`, ${decayed.steps} steps on`,
      loss(after.valLoss!),
      (before.valLoss! - after.valLoss!).toFixed(3),
    ])
  }
  return markdownTable(
    [
      'undecayed checkpoint',
      'tokens, M',
      'held-out loss',
      'decayed run',
      'held-out loss',
      'the decay is worth',
    ],
    rows,
  )
}

/** What `retrain_check.py --measure` writes. */
export interface Retraining {
  readonly tolerance: number
  readonly trials: readonly {
    setting: string
    finalTrainLoss: number
    heldOutLoss: number
    seconds: number
  }[]
}

export function retrainTable({ tolerance, trials }: Retraining): string {
  const rows = trials.map((trial) => [
    trial.setting,
    trial.finalTrainLoss.toFixed(5),
    trial.heldOutLoss.toFixed(5),
    trial.seconds.toFixed(0),
  ])
  return markdownTable(
    [`trial (allowed difference ${tolerance} nats/token)`, 'training loss', 'held-out loss', 'seconds'],
    rows,
  )
}

/** Mean accuracy over seeds and the lowest and highest of them. */
export function adaptationTable(rows: readonly AdaptationRow[]): string {
  const cases = [...groupBy(rows, (row) => row.n)].sort(([a], [b]) => a - b)
  const cell = (own: readonly AdaptationRow[], arm: string, split: string) => {
    const values = own.filter((row) => row.arm === arm && row.split === split).map((row) => row.accuracy)
    if (values.length === 0) return '–'
    const mean = values.reduce((a, b) => a + b, 0) / values.length
    return `${mean.toFixed(3)} (${Math.min(...values).toFixed(3)}–${Math.max(...values).toFixed(3)})`
  }
  return markdownTable(
    [
      'training examples',
      'pre-trained, in distribution',
      'scratch, in distribution',
      'pre-trained, out',
      'scratch, out',
    ],
    cases.map(([n, own]) => [
      String(n),
      cell(own, 'pretrained', 'id'),
      cell(own, 'scratch', 'id'),
      cell(own, 'pretrained', 'ood'),
      cell(own, 'scratch', 'ood'),
    ]),
  )
}

/** Accuracy of finished models on every task, chance first. */
export function taskTable(runs: readonly RunSummary[], scores: readonly TaskScore[]): string {
  const tasks = [...groupBy(scores, (score) => score.task)]
  const rows = runs.map((run) => [
    `\`${run.id}\``,
    ...tasks.map(([, own]) => {
      const score = own.find(({ model }) => model === run.id)
      return score === undefined ? '–' : accuracyCell(score)
    }),
  ])
  return markdownTable(
    ['run', ...tasks.map(([task, own]) => `${task}, n = ${own[0]!.items}`)],
    [['chance', ...tasks.map(([, own]) => own[0]!.chance.toFixed(2))], ...rows],
  )
}
