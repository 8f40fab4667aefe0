/**
 * Evaluate every exported checkpoint of the ladder with Assay's own engine: each downstream task item by item, and
 * the surprisal of one common held-out text by byte-aligned spans. One JSON file a checkpoint in
 * ladder/.build/evaluations, so it can be stopped at any time and goes on where it was; `assemble.ts` makes the tables.
 *
 *   npx tsx ladder/evaluate/evaluate.ts
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { type ChoiceItem, gatherSurprisal, scoreChoices, writeFileAtomic } from '../../src/audit/index.js'
import { AssayError, createRandom, type OpenedModel } from '../../src/core/index.js'
import { openEngine } from '../../src/engines/index.js'
import { BUILD, LADDER } from '../places.js'
import { type Checkpoint, listCheckpoints } from './checkpoints.js'
import { commonText, spanBits } from './spans.js'

const OUT = join(BUILD, 'evaluations')
const SEED = 1

const rounded = (value: number): number => Math.round(value * 1e5) / 1e5

/** What one checkpoint's file holds; `assemble.ts` reads it. */
export interface CheckpointEvaluation {
  readonly run: string
  readonly step: number
  readonly text: readonly {
    domain: string
    document: string
    bytes: number
    tokens: number
    nats: number
    spans: number[]
  }[]
  /** By task, per item: log-likelihood (nats) and bytes of every choice, and which is right. */
  readonly tasks: Readonly<
    Record<string, readonly { id: string; lls: number[]; bytes: number[]; gold: number }[]>
  >
  /** Code of the error with which the engine refused the model (not-a-number weights), then nothing is scored. */
  readonly refused?: string
}

/** Bits of every span of the common text. */
async function scoreText(model: OpenedModel): Promise<CheckpointEvaluation['text']> {
  const { domains, sample } = await commonText()
  const scratch = mkdtempSync(join(tmpdir(), 'assay-ladder-'))
  try {
    const surprisal = await gatherSurprisal(model, sample, domains, undefined, {
      random: createRandom(SEED),
      resume: false,
      signal: new AbortController().signal,
      journalPath: (kind) => join(scratch, `${kind}.jsonl`),
      progress: () => ({ update() {}, end() {} }),
      note() {},
    })
    return surprisal.documents.map((d) => ({
      domain: d.domain,
      document: d.document,
      bytes: d.bytes,
      tokens: d.tokens.length,
      nats: rounded(-d.logLikelihoods.reduce((sum, v) => sum + v, 0)),
      spans: spanBits(d).map(rounded),
    }))
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

/** Score one checkpoint on the common text and on every item that `begun` does not have. */
async function evaluate(
  { run, step, gguf }: Checkpoint,
  tasks: ReadonlyMap<string, readonly ChoiceItem[]>,
  begun: CheckpointEvaluation | undefined,
): Promise<CheckpointEvaluation> {
  const model = await openEngine(gguf, { threads: 1 })
  try {
    const scored: Record<string, CheckpointEvaluation['tasks'][string]> = {}
    for (const [task, items] of tasks) {
      const known = begun?.tasks[task] ?? []
      const asked = new Set(known.map(({ id }) => id))
      const added = await scoreChoices(
        model,
        items.filter(({ id }) => !asked.has(id)),
      )
      scored[task] = [
        ...known,
        ...added.map(({ id, logLikelihoods, bytes, gold }) => ({
          id,
          lls: logLikelihoods.map(rounded),
          bytes: [...bytes],
          gold,
        })),
      ]
    }
    return {
      run: run.id,
      step,
      text: begun?.text ?? (await scoreText(model)),
      tasks: scored,
    }
  } catch (error) {
    if (!(error instanceof AssayError) || error.code !== 'engines/non-finite-logits') throw error
    return { run: run.id, step, text: [], tasks: {}, refused: error.code }
  } finally {
    await model.close()
  }
}

function readTasks(): Map<string, ChoiceItem[]> {
  const folder = join(LADDER, 'tasks', 'data')
  const tasks = new Map<string, ChoiceItem[]>()
  for (const file of readdirSync(folder)
    .filter((name) => name.endsWith('.jsonl'))
    .sort()) {
    const lines = readFileSync(join(folder, file), 'utf8').trimEnd().split('\n')
    tasks.set(
      basename(file, '.jsonl'),
      lines.map((line) => JSON.parse(line) as ChoiceItem),
    )
  }
  return tasks
}

/** Of the items, those that every checkpoint is asked; finished runs of the grid and the mixes are asked all. */
const EVERY = 4

function itemsOf(
  { run, step }: Checkpoint,
  tasks: ReadonlyMap<string, readonly ChoiceItem[]>,
): ReadonlyMap<string, readonly ChoiceItem[]> {
  if (step === run.steps && ['ladder', 'mix'].includes(run.group)) return tasks
  return new Map([...tasks].map(([task, items]) => [task, items.filter((_, i) => i % EVERY === 0)]))
}

/** Whether every item of every task was scored, or the model was refused. */
function isComplete(
  { tasks, refused }: CheckpointEvaluation,
  wanted: ReadonlyMap<string, readonly ChoiceItem[]>,
): boolean {
  if (refused !== undefined) return true
  return [...wanted].every(([task, items]) => (tasks[task]?.length ?? 0) >= items.length)
}

async function main(): Promise<void> {
  const tasks = readTasks()
  // Finished models first, the ladder's own before those that were made ill: what is stopped early is of use.
  const urgency = ({ run, step }: Checkpoint): number =>
    (run.group === 'fault' ? 2 : 0) + (step === run.steps ? 0 : 1)
  const checkpoints = listCheckpoints().sort(
    (a, b) => urgency(a) - urgency(b) || b.run.parameters - a.run.parameters,
  )
  let count = 0
  for (const checkpoint of checkpoints) {
    count++
    const { run, step } = checkpoint
    const path = join(OUT, run.id, `${step}.json`)
    const asked = itemsOf(checkpoint, tasks)
    // What was evaluated of a run that has been trained again since is of another model.
    const begun =
      existsSync(path) && statSync(path).mtimeMs > statSync(checkpoint.gguf).mtimeMs
        ? (JSON.parse(readFileSync(path, 'utf8')) as CheckpointEvaluation)
        : undefined
    if (begun !== undefined && isComplete(begun, asked)) continue
    const started = performance.now()
    writeFileAtomic(path, JSON.stringify(await evaluate(checkpoint, asked, begun)))
    const seconds = ((performance.now() - started) / 1000).toFixed(1)
    process.stderr.write(`${count}/${checkpoints.length} ${run.id} step ${step}: ${seconds} s\n`)
  }
}

await main()
