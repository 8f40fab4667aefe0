/**
 * Benchmark requests and scores beside lm-evaluation-harness 0.4.13 with `transformers` in float32, on the same YAML
 * (bench/scoring/parity) and the same rows: texts, tokens and row hashes must be equal, log-likelihoods and answers agree.
 *
 *   PYTHON=… npx tsx bench/scoring/parity.ts MODEL-FOLDER [--shots 0,5] [--limit 500] [--tasks arc_easy,piqa,…] [--texts]
 *
 * ASSAY_DATA holds tasks/ (default ../shared/data). PYTHON has `lm-eval==0.4.13 transformers torch accelerate`, for instance
 * `python3 -m venv v && v/bin/pip install lm-eval==0.4.13 transformers torch accelerate`. `--texts` leaves the scores out;
 * `--shared` has `transformers` evaluate a context that several choices share once, on the harness's tokens.
 * `--keep DIR` keeps what the harness gave, a file a number of shots, and reads it there the next time.
 * `--prefix-token none` where `transformers` puts nothing in front although the folder says so (models/assay-ladder-25k).
 * A GGUF's weights as a folder that both sides read: bench/scoring/dequantise.py.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { PairEncoder } from '../../src/audit/benchmarks/encode-pair.js'
import { gatherChoices, openModel, planAudit, planBenchmark } from '../../src/audit/index.js'
import {
  type BenchmarkAnswer,
  createRandom,
  groupBy,
  type OpenedModel,
  type PrefixChoice,
  type TaskInstance,
} from '../../src/core/index.js'
import { loadTasks } from '../../src/ingest/index.js'

const HERE = import.meta.dirname
const ROWS = resolve(process.env.ASSAY_DATA ?? join(HERE, '../../../shared/data'), 'tasks')

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    shots: { type: 'string', default: '0,5' },
    limit: { type: 'string', default: '500' },
    tasks: { type: 'string', default: 'arc_easy,piqa,hellaswag,openbookqa,lambada' },
    texts: { type: 'boolean', default: false },
    shared: { type: 'boolean', default: false },
    keep: { type: 'string' },
    'prefix-token': { type: 'string', default: 'auto' },
  },
})
const [given] = positionals
if (given === undefined) throw new Error('which model? npx tsx bench/scoring/parity.ts MODEL-FOLDER')
const folder = resolve(given)

/** A request as the harness made it. */
interface Theirs {
  readonly task: string
  readonly doc_id: number
  readonly choice: number
  readonly doc_hash: string
  readonly context: string
  readonly continuation: string
  readonly tokens: readonly [readonly number[], readonly number[]]
  readonly logprob?: number
  readonly greedy?: boolean
}

/** What the harness asks and gives, by {@link keyOf}. */
function harness(shots: number, yamls: readonly string[], folderOfResults: string): Map<string, Theirs> {
  const out = join(folderOfResults, `${shots}.jsonl`)
  if (!existsSync(out)) {
    const score = values.texts ? 'texts' : values.shared ? 'shared' : 'harness'
    const args = [`${out}.part`, folder, values.limit, String(shots), score, ...yamls]
    execFileSync(process.env.PYTHON ?? 'python3', [join(HERE, 'parity.py'), ...args], {
      cwd: ROWS,
      stdio: ['ignore', 'ignore', 'ignore'],
      env: { ...process.env, HF_HUB_OFFLINE: '1' },
    })
    renameSync(`${out}.part`, out)
  }
  const rows = readFileSync(out, 'utf8').trim().split('\n')
  return new Map(
    rows.map((row) => JSON.parse(row) as Theirs).map((row) => [keyOf(row.task, row.doc_id, row.choice), row]),
  )
}

const keyOf = (task: string, row: number | string, choice: number): string => `${task}/${row}/${choice}`

const equal = (ids: Int32Array, others: readonly number[]): boolean =>
  ids.length === others.length && ids.every((id, i) => id === others[i])

/** How many requests are equal in text, row hash and tokens. */
function compareRequests(
  task: string,
  instances: readonly TaskInstance[],
  theirs: Map<string, Theirs>,
  model: OpenedModel,
) {
  const encoder = new PairEncoder(model)
  const counts = { requests: 0, text: 0, hash: 0, tokens: 0 }
  for (const { document, requests } of instances)
    requests.forEach(({ context, continuation }, choice) => {
      counts.requests++
      const other = theirs.get(keyOf(task, document.index, choice))
      if (other === undefined) return
      if (other.context === context && other.continuation === continuation) counts.text++
      if (other.doc_hash === document.hash) counts.hash++
      const pair = encoder.pair(context, continuation)
      if (equal(pair.context, other.tokens[0]) && equal(pair.continuation, other.tokens[1])) counts.tokens++
    })
  return counts
}

/** Largest and mean difference of log-likelihoods, and rows of which both choose the same. */
function compareScores(task: string, answers: readonly BenchmarkAnswer[], theirs: Map<string, Theirs>) {
  const items = groupBy(answers, ({ item }) => item)
  let [worst, sum, scored, same, right, theirRight, rows, answered] = [0, 0, 0, 0, 0, 0, 0, 0]
  for (const [item, own] of items) {
    const other = own.map(({ choice }) => theirs.get(keyOf(task, item, choice)))
    if (other.some((one) => one?.logprob === undefined)) continue
    rows++
    const differences = own.map(({ logLikelihood }, i) =>
      Math.abs((logLikelihood ?? Number.NaN) - other[i]!.logprob!),
    )
    worst = Math.max(worst, ...differences)
    sum += differences.reduce((total, d) => total + d, 0)
    scored += differences.length
    // Of one continuation the answer is whether it is the greedy one; an engine need not tell.
    const best = (scores: readonly number[]): number => scores.indexOf(Math.max(...scores))
    const single = own.length === 1
    const mine = single ? (own[0]!.greedy ?? -1) : best(own.map(({ logLikelihood }) => logLikelihood!))
    const yours = single ? Number(other[0]!.greedy) : best(other.map((one) => one!.logprob!))
    if (mine === -1) continue
    answered++
    if (mine === yours) same++
    if (single ? mine === 1 : own[mine]?.gold === 1) right++
    if (single ? yours === 1 : own[yours]?.gold === 1) theirRight++
  }
  return { rows, worst, mean: sum / scored, same, right, theirRight, answered }
}

const quiet = { update: () => {}, end: () => {} }

async function main(): Promise<void> {
  const names = values.tasks.split(',')
  const yamls = names.map((name) => join(HERE, 'parity', `${name}.yaml`))
  const signal = new AbortController().signal
  const start = process.cwd()
  process.chdir(ROWS)
  const model = await openModel(
    planAudit(folder, { seed: 1, domains: [], prefixToken: values['prefix-token'] as PrefixChoice }),
    {
      offline: true,
      packBranches: true,
      progress: () => quiet,
      note: () => {},
      signal,
    },
  )
  const scratch = mkdtempSync(join(tmpdir(), 'assay-parity-'))
  const kept = resolve(start, values.keep ?? scratch)
  mkdirSync(kept, { recursive: true })
  console.log(
    '| task | shots | requests | same text | same rows | same tokens | rows scored | largest, nats | mean, nats | same answer | right, here and there |\n|---|---|---|---|---|---|---|---|---|---|---|',
  )
  try {
    for (const shots of values.shots.split(',').map(Number)) {
      const theirs = harness(shots, yamls, kept)
      for (const [i, name] of names.entries()) {
        const [task] = await loadTasks(yamls[i]!)
        const plan = planBenchmark(task!, {
          shots,
          limit: Number(values.limit),
          draws: 1,
          templates: 1,
          sameShots: false,
          unconditioned: false,
        })
        const { requests, text, hash, tokens } = compareRequests(
          task!.name,
          plan.draws[0]!.instances,
          theirs,
          model,
        )
        const cells = [name, shots, requests, text, hash, tokens]
        if (!values.texts) {
          const { answers } = await gatherChoices(model, [plan], {
            random: createRandom(1),
            resume: false,
            signal,
            asked: { seed: 1 },
            journalPath: () => join(scratch, `${name}-${shots}.jsonl`),
            progress: () => quiet,
            note: () => {},
          })
          const s = compareScores(task!.name, answers, theirs)
          cells.push(
            s.rows,
            s.worst.toExponential(1),
            s.mean.toExponential(1),
            `${s.same} of ${s.answered}`,
            `${s.right}, ${s.theirRight}`,
          )
        } else cells.push('', '', '', '', '')
        console.log(`| ${cells.join(' | ')} |`)
      }
    }
  } finally {
    await model.close()
    rmSync(scratch, { recursive: true, force: true })
  }
}

await main()
