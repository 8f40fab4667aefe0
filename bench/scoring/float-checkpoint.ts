/**
 * Float checkpoints on one core: tokens a CPU second, a log-probability at every position, of each engine and of
 * `transformers`, in turn in one run; and how far their numbers lie apart.
 *
 *     PYTHON=… npx tsx bench/scoring/float-checkpoint.ts FOLDER [ROUNDS]
 *
 * PYTHON has torch and transformers; FOLDER as `float_checkpoint.py make` writes it.
 */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { createRandom } from '../../src/core/index.js'
import { openEngine } from '../../src/engines/index.js'

const [folder, rounds = '5'] = process.argv.slice(2)
if (folder === undefined) throw new Error('give the folder of a checkpoint')
const SEQUENCES = 2
const LENGTH = 512
const VOCABULARY = 49_152
const python = process.env.PYTHON ?? 'python3'

const random = createRandom(1)
const sequences = Array.from({ length: SEQUENCES }, () =>
  Array.from({ length: LENGTH }, () => Math.floor(random.uniform() * VOCABULARY)),
)
const scored = SEQUENCES * (LENGTH - 1)

interface Scored {
  readonly seconds: number
  readonly logProbabilities: readonly (readonly number[])[]
}

async function ours(engine: string): Promise<Scored> {
  const model = await openEngine(folder!, { engine, threads: 1 })
  try {
    await model.scorer.score([{ tokens: Int32Array.from(sequences[0]!.slice(0, 16)), from: 1 }])
    const began = process.cpuUsage()
    const scores = await model.scorer.score(
      sequences.map((ids) => ({ tokens: Int32Array.from(ids), from: 1 })),
    )
    const { user, system } = process.cpuUsage(began)
    return { seconds: (user + system) / 1e6, logProbabilities: scores.map((row) => [...row]) }
  } finally {
    await model.close()
  }
}

function theirs(dtype: string): Scored {
  const script = join(import.meta.dirname, 'float_checkpoint.py')
  const told = execFileSync(python, [script, 'score', folder!, dtype], {
    input: JSON.stringify(sequences),
    encoding: 'utf8',
    maxBuffer: 1e8,
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  return JSON.parse(told) as Scored
}

const RUNS: Readonly<Record<string, () => Scored | Promise<Scored>>> = {
  'transformers float32': () => theirs('float32'),
  'transformers bfloat16': () => theirs('bfloat16'),
  'onnx-runtime': () => ours('onnx-runtime'),
  'llama-cpp': () => ours('llama-cpp'),
}

const rates: Record<string, number[]> = {}
const found: Record<string, Scored> = {}
for (let round = 0; round < Number(rounds); round++)
  for (const [name, run] of Object.entries(RUNS)) {
    found[name] = await run()
    rates[name] = [...(rates[name] ?? []), scored / found[name].seconds]
    console.error(
      `round ${round + 1}: ${name} ${(scored / found[name].seconds).toFixed(0)} tokens a CPU second`,
    )
  }

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!
const reference = 'transformers float32'
for (const [name, all] of Object.entries(rates)) {
  const apart = found[name]!.logProbabilities.flatMap((row, i) =>
    row.map((value, j) => Math.abs(value - found[reference]!.logProbabilities[i]![j]!)),
  )
  const mean = apart.reduce((sum, value) => sum + value, 0) / apart.length
  console.log(
    `${name}: ${median(all).toFixed(0)} [${Math.min(...all).toFixed(0)}, ${Math.max(...all).toFixed(0)}] tokens a CPU second, ${(median(all) / median(rates[reference]!)).toFixed(2)} of ${reference}; apart at most ${Math.max(...apart).toExponential(1)}, mean ${mean.toExponential(1)} nats`,
  )
}
