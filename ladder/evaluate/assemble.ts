/**
 * Tables that ship, made from the checkpoints' evaluations:
 * `evaluations.csv` (tidy, one row a model, checkpoint and task; runs that were made ill on purpose stand apart in
 * `evaluations-unhealthy.csv`, so that nobody fits a law to them), `families.csv`, `items.parquet` (one row a checkpoint and item),
 * `span-losses.parquet` (bits of every byte-aligned span of the common text, one row a checkpoint and span, in the columns
 * of `assay loss --spans` with parameters and tokens beside them).
 *
 *   npx tsx ladder/evaluate/assemble.ts
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { bestChoice, textSha256, writeFileAtomic, writeParquet } from '../../src/audit/index.js'
import { BUILD, LADDER } from '../places.js'
import { type Checkpoint, listCheckpoints } from './checkpoints.js'
import type { CheckpointEvaluation } from './evaluate.js'
import { commonText, SPAN_BYTES } from './spans.js'

const CHANCE: Readonly<Record<string, number>> = { agreement: 0.5 }
const DEFAULT_CHANCE = 0.25

interface Evaluated extends Checkpoint {
  readonly evaluation: CheckpointEvaluation
}

/** @throws {Error} when a run has no checkpoints or one was not evaluated: tables of a part would look whole */
function readEvaluated(): Evaluated[] {
  return listCheckpoints().map((checkpoint) => {
    const path = join(BUILD, 'evaluations', checkpoint.run.id, `${checkpoint.step}.json`)
    if (!existsSync(path)) throw new Error(`${path} is missing: npx tsx ladder/evaluate/evaluate.ts makes it`)
    return { ...checkpoint, evaluation: JSON.parse(readFileSync(path, 'utf8')) as CheckpointEvaluation }
  })
}

const COLUMNS = [
  'model',
  'family',
  'params',
  'tokens',
  'flops',
  'checkpoint',
  'benchmark',
  'metric',
  'value',
  'n_items',
  'chance',
  'loss',
  'task_loss',
] as const

/** A run of another seed, mix or decay is no independent one: its family is the run whose name begins its own. */
function familyRows(ids: readonly string[]): string[] {
  return ids.flatMap((id) => {
    const family = ids.find((other) => id.startsWith(`${other}-`))
    return family === undefined ? [] : [`${id},${family}`]
  })
}

/** Counted back from the end: a decay begins where another run stood, a roll-back read some tokens twice. */
const tokensAt = ({ run, step }: Checkpoint): number => run.tokens - (run.steps - step) * run.batchTokens

const checkpointName = ({ run, step }: Checkpoint): string => (step === run.steps ? 'final' : `step${step}`)

/** Tidy rows of one checkpoint: accuracy by summed log-likelihood; task loss = bits/byte of the right choices. */
function rowsOf(checkpoint: Evaluated): string[] {
  const { run, evaluation } = checkpoint
  const tokens = tokensAt(checkpoint)
  const nats = evaluation.text.reduce((sum, d) => sum + d.nats, 0)
  const scored = evaluation.text.reduce((sum, d) => sum + d.tokens, 0)
  return Object.entries(evaluation.tasks).map(([task, items]) => {
    const correct = items.filter((i) => bestChoice({ ...i, logLikelihoods: i.lls }, false) === i.gold).length
    const goldBits = items.reduce((sum, i) => sum - i.lls[i.gold] / Math.LN2, 0)
    const goldBytes = items.reduce((sum, i) => sum + i.bytes[i.gold], 0)
    const row: Record<(typeof COLUMNS)[number], string | number> = {
      model: run.id,
      family: 'assay-ladder',
      params: run.parameters,
      tokens,
      flops: 6 * run.parameters * tokens,
      checkpoint: checkpointName(checkpoint),
      benchmark: task,
      metric: 'acc',
      value: correct / items.length,
      n_items: items.length,
      chance: CHANCE[task] ?? DEFAULT_CHANCE,
      loss: (nats / scored).toFixed(5),
      task_loss: (goldBits / goldBytes).toFixed(5),
    }
    return COLUMNS.map((name) => row[name]).join(',')
  })
}

/** @returns spans that were written, all checkpoints together */
async function writeSpanLosses(all: readonly Evaluated[]): Promise<number> {
  const hash = textSha256((await commonText()).sample.passages)
  const rows = all.flatMap((entry) =>
    entry.evaluation.text.flatMap(({ domain, document, bytes, spans }) =>
      spans.map((bits, i) => ({
        entry,
        domain,
        document,
        start: i * SPAN_BYTES,
        end: Math.min(bytes, (i + 1) * SPAN_BYTES),
        bits,
      })),
    ),
  )
  await writeParquet(join(LADDER, 'span-losses.parquet'), {
    model: { type: 'VARCHAR', values: rows.map((r) => r.entry.run.id) },
    checkpoint: { type: 'VARCHAR', values: rows.map((r) => checkpointName(r.entry)) },
    params: { type: 'INTEGER', values: rows.map((r) => r.entry.run.parameters) },
    tokens: { type: 'INTEGER', values: rows.map((r) => tokensAt(r.entry)) },
    text_sha256: { type: 'VARCHAR', values: rows.map(() => hash) },
    document: { type: 'VARCHAR', values: rows.map((r) => r.document) },
    domain: { type: 'VARCHAR', values: rows.map((r) => r.domain) },
    unit: { type: 'VARCHAR', values: rows.map(() => 'chunk') },
    byte_start: { type: 'INTEGER', values: rows.map((r) => r.start) },
    byte_end: { type: 'INTEGER', values: rows.map((r) => r.end) },
    bits: { type: 'DOUBLE', values: rows.map((r) => r.bits) },
  })
  return rows.length
}

async function main(): Promise<void> {
  const all = readEvaluated()
  const refused = all.filter(({ evaluation }) => evaluation.refused !== undefined)
  const table = (part: readonly Evaluated[]): string =>
    `${COLUMNS.join(',')}\n${part.flatMap(rowsOf).join('\n')}\n`
  const unhealthy = all.filter(({ run }) => run.group === 'fault' && run.id !== 'healthy-twin')
  const healthy = all.filter((entry) => !unhealthy.includes(entry))
  writeFileAtomic(join(LADDER, 'evaluations.csv'), table(healthy))
  writeFileAtomic(join(LADDER, 'evaluations-unhealthy.csv'), table(unhealthy))
  const ids = [...new Set(all.map(({ run }) => run.id))].sort()
  writeFileAtomic(join(LADDER, 'families.csv'), `${['model,family', ...familyRows(ids)].join('\n')}\n`)
  const finals = all.filter(({ run, step }) => step === run.steps)
  const items = all.flatMap(({ run, step, evaluation }) =>
    Object.entries(evaluation.tasks).flatMap(([task, list]) =>
      list.map((item) => ({ model: run.id, step, task, item })),
    ),
  )
  await writeParquet(join(LADDER, 'items.parquet'), {
    model: { type: 'VARCHAR', values: items.map((i) => i.model) },
    step: { type: 'INTEGER', values: items.map((i) => i.step) },
    task: { type: 'VARCHAR', values: items.map((i) => i.task) },
    item: { type: 'VARCHAR', values: items.map((i) => i.item.id) },
    correct: {
      type: 'INTEGER',
      values: items.map(({ item }) =>
        Number(bestChoice({ ...item, logLikelihoods: item.lls }, false) === item.gold),
      ),
    },
    // Millinats: what is behind them is noise, and a column that ships a million times should be small.
    gold_log_likelihood: {
      type: 'DOUBLE',
      values: items.map(({ item }) => Math.round(item.lls[item.gold] * 1e3) / 1e3),
    },
    gold_bytes: { type: 'INTEGER', values: items.map(({ item }) => item.bytes[item.gold]) },
  })
  const spans = await writeSpanLosses(all)
  process.stderr.write(
    `${all.length} checkpoints, ${finals.length} finished models, ${spans} spans; no numbers for ${refused.map(({ run, step }) => `${run.id} step ${step}`).join(', ') || 'none'}\n`,
  )
}

await main()
