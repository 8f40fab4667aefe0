/**
 * Benchmarks beside lm-evaluation-harness: the same YAML, items, model and threads in turn, then request by request.
 *
 *   npx tsx bench/choices/run.ts MODEL --items DIR [--python PYTHON --folder FOLDER] [--tasks arc_easy,…] [--shots 0,5]
 *     [--limit 100] [--threads 2] [--dtype float32] [--batch 8]
 *
 * DIR holds the items as `query, choices, gold` (`arc_easy.jsonl`, …; LAMBADA `context, continuation`), tasks/ the YAMLs that
 * both sides read. PYTHON has lm_eval 0.4.13, torch and transformers; FOLDER is MODEL as a checkpoint folder for them (a GGUF is
 * made one by bench/scoring/dequantise.py). Besides: three-token continuations a second behind one prompt.
 * CPU seconds stand beside the clock, which a busy machine disturbs more; loading the model is left out on both sides.
 */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { planBenchmark } from '../../src/audit/benchmarks/plan.js'
import { type HarnessSample, harnessSamples } from '../../src/audit/benchmarks/writers/samples.js'
import { gatherChoices } from '../../src/audit/index.js'
import { createRandom, type OpenedModel } from '../../src/core/index.js'
import { openEngine } from '../../src/engines/index.js'
import { loadTasks } from '../../src/ingest/index.js'

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    items: { type: 'string' },
    python: { type: 'string' },
    folder: { type: 'string' },
    tasks: { type: 'string', default: 'arc_easy,openbook_qa,piqa,hellaswag_1000,lambada_openai' },
    shots: { type: 'string', default: '0,5' },
    limit: { type: 'string', default: '100' },
    threads: { type: 'string', default: '2' },
    dtype: { type: 'string', default: 'float32' },
    batch: { type: 'string', default: '8' },
  },
})
const [reference] = positionals
if (reference === undefined || options.items === undefined)
  throw new Error('which model and items? npx tsx bench/choices/run.ts MODEL --items DIR')
const limit = Number(options.limit)
const threads = Number(options.threads)
const work = mkdtempSync(join(tmpdir(), 'assay-bench-choices-'))
cpSync(join(import.meta.dirname, 'tasks'), work, { recursive: true })
symlinkSync(resolve(options.items), join(work, 'data'))

/** Seconds by the clock and of processors that some work takes. */
async function timed<T>(run: () => Promise<T>): Promise<{ value: T; wall: number; cpu: number }> {
  const cpu = process.cpuUsage()
  const start = performance.now()
  const value = await run()
  const { user, system } = process.cpuUsage(cpu)
  return { value, wall: (performance.now() - start) / 1e3, cpu: (user + system) / 1e6 }
}

/** Continuations of three tokens behind one prompt of 64, a second. */
async function continuations(model: OpenedModel): Promise<void> {
  const text = readFileSync(new URL('../../texts/parallel/en.txt', import.meta.url), 'utf8')
  const tokens = model.tokenizer.tokenize(text)
  const prompt = tokens.subarray(0, 64)
  const requests = Array.from({ length: 500 }, (_, i) => ({
    tokens: Int32Array.of(...prompt, ...tokens.subarray(64 + 3 * i, 67 + 3 * i)),
    from: prompt.length,
  }))
  await model.scorer.score(requests.slice(0, 20))
  const { wall, cpu } = await timed(() => model.scorer.score(requests))
  console.log(
    `three-token continuations behind one prompt: ${(500 / wall).toFixed(0)}/s by the clock, ${((500 * threads) / cpu).toFixed(0)}/s were all ${threads} threads ours`,
  )
}

async function ours(model: OpenedModel, task: string, shots: number) {
  const [loaded] = await loadTasks(join(work, `${task}.yaml`))
  if (loaded === undefined) throw new Error(`no task in ${task}.yaml`)
  const plan = planBenchmark(loaded, {
    draws: 1,
    templates: 1,
    sameShots: false,
    unconditioned: false,
    shots,
    limit,
  })
  const silent = { update() {}, end() {} }
  const io = {
    random: createRandom(1),
    resume: false,
    signal: new AbortController().signal,
    journalPath: () => join(work, 'journal'),
    progress: () => silent,
    note() {},
  }
  const { value, wall, cpu } = await timed(() => gatherChoices(model, [plan], io))
  return { samples: harnessSamples(plan, 0, value.answers), tokens: value.tokens, wall, cpu }
}

function theirs(python: string, folder: string, task: string, shots: number) {
  const out = mkdtempSync(join(work, 'peer-'))
  const { status, stderr } = spawnSync(
    python,
    [
      join(import.meta.dirname, 'peer.py'),
      work,
      `peer_${task}`,
      folder,
      options.dtype,
      options.batch,
      String(shots),
      String(limit),
      out,
    ],
    {
      encoding: 'utf8',
      env: { ...process.env, OMP_NUM_THREADS: String(threads), HF_HUB_OFFLINE: '1' },
      maxBuffer: 1 << 28,
    },
  )
  if (status !== 0) throw new Error(stderr.slice(-2000))
  const [name] = readdirSync(out)
  return JSON.parse(readFileSync(join(out, name!), 'utf8')) as {
    samples: HarnessSample[]
    wall: number
    cpu: number
  }
}

const number = (response: unknown): number => Number((response as unknown[])[0])

/** The choice that is likeliest in sum; of one continuation, whether each of its tokens is. */
function answerOf({ filtered_resps: responses }: HarnessSample): string {
  if (responses.length === 1) return String((responses[0] as unknown[])[1])
  const sums = responses.map(number)
  return String(sums.indexOf(Math.max(...sums)))
}

/** Requests alike, the furthest log-likelihood, and the same answer. */
function compare(a: readonly HarnessSample[], b: readonly HarnessSample[]): string {
  let same = 0
  let answers = 0
  let worst = 0
  a.forEach((own, i) => {
    const other = b[i]
    if (other === undefined) return
    const pairs = (s: HarnessSample) =>
      JSON.stringify(Object.values(s.arguments).map((pair) => Object.values(pair)))
    if (pairs(own) === pairs(other)) same++
    own.filtered_resps.forEach((r, k) => {
      worst = Math.max(worst, Math.abs(number(r) - number(other.filtered_resps[k])))
    })
    if (answerOf(own) === answerOf(other)) answers++
  })
  return `${same}/${b.length} items with the same requests, furthest log-likelihood ${worst.toExponential(1)} nats, ${answers} with the same answer`
}

const model = await openEngine(reference, { threads, packBranches: true })
console.log(
  `${basename(reference)}, ${threads} threads, ${limit} items a task; load ${loadavg()[0]?.toFixed(1)}`,
)
await continuations(model)
for (const task of options.tasks.split(','))
  for (const shots of options.shots.split(',').map(Number)) {
    const own = await ours(model, task, shots)
    const { evaluated, naive, trie } = own.tokens
    console.log(
      `${task}, ${shots} shots: ${(limit / own.wall).toFixed(2)} items/s (${(own.cpu / limit).toFixed(3)} CPU s an item); ${evaluated} tokens = ${(evaluated / trie).toFixed(4)} of the trie, ${(naive / evaluated).toFixed(1)} times fewer than each answer by itself`,
    )
    if (options.python === undefined || options.folder === undefined) continue
    const peer = theirs(options.python, resolve(options.folder), task, shots)
    console.log(
      `   lm-evaluation-harness, ${options.dtype}, batch ${options.batch}: ${(limit / peer.wall).toFixed(2)} items/s (${(peer.cpu / limit).toFixed(3)} CPU s): ${(peer.wall / own.wall).toFixed(1)} times by the clock, ${(peer.cpu / own.cpu).toFixed(1)} by CPU; ${compare(own.samples, peer.samples)}`,
    )
  }
await model.close()
