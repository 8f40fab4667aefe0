/**
 * Writes docs/validation/sampling.md: planted facts of the reference ladder asked by generation at temperature 1; pass@k of
 * the largest model is forecast from the smaller ones. Every figure comes from this run.
 *
 * Whether a completion begins with a fact's object is a coin whose probability the model tells exactly: the product of the
 * object's token probabilities. 64 tosses of it are 64 completions without the cost of writing them; a few facts are
 * completed for real beside it, to show that they are the same.
 *
 *     npm run build && npx tsx bench/forecast/ladder-sampling.ts [facts completed for real]
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  createRandom,
  DEFAULT_TOKENS_PER_SAMPLE,
  type OpenedModel,
  type ProblemSamples,
  passAtK,
  planSampling,
  shuffled,
} from '../../dist/core/index.js'
import { fitSamplingLaw } from '../../dist/core/scaling/sampling/law.js'
import { samplingPoints } from '../../dist/core/scaling/sampling/points.js'
import { openEngine } from '../../dist/engines/index.js'

const ROOT = join(import.meta.dirname, '../..')
const REAL = Number(process.argv[2] ?? 4)
const SAMPLES = 64
const KS = [1, 2, 4, 8, 16, 32, 64]
/** Enough for the longest object. */
const MAX_TOKENS = 8
const SIZES = ['25k', '83k', '233k', '610k', '1.6M']
/** Completions are kept: a run that was stopped goes on. */
const KEPT = join(tmpdir(), 'assay-ladder-sampling')

interface Planted {
  readonly id: string
  readonly subject: string
  readonly object: string
  readonly relation: string
  readonly level: number
}

const planted = readFileSync(join(ROOT, 'facts/planted.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Planted)
const most = Math.max(...planted.map((fact) => fact.level))
const facts = shuffled(
  planted.filter((fact) => fact.level === most),
  createRandom(1).derive('facts'),
)
const templates = JSON.parse(readFileSync(join(ROOT, 'facts/templates.json'), 'utf8')) as Record<
  string,
  { readonly templates: readonly string[] }
>

function promptOf({ tokenizer, prefix }: OpenedModel, { relation, subject }: Planted): Int32Array {
  const text = templates[relation].templates[0].replace('{subject}', subject)
  return Int32Array.from([...(prefix.prompt === null ? [] : [prefix.prompt.id]), ...tokenizer.tokenize(text)])
}

/** Probability that a completion begins with the object, for every fact. */
async function probabilities(model: OpenedModel): Promise<number[]> {
  const requests = facts.map((fact) => {
    const prompt = promptOf(model, fact)
    const answer = model.tokenizer.tokenize(` ${fact.object}`)
    return { tokens: Int32Array.from([...prompt, ...answer]), from: prompt.length }
  })
  return (await model.scorer.score(requests)).map((s) => Math.exp(s.reduce((a, b) => a + b, 0)))
}

/** How many of 64 completions begin with the object, for the first facts. */
async function completed(model: OpenedModel, size: string): Promise<number[]> {
  const kept = join(KEPT, `${size}-${REAL}.json`)
  if (existsSync(kept)) return JSON.parse(readFileSync(kept, 'utf8')) as number[]
  const out: number[] = []
  for (const fact of facts.slice(0, REAL)) {
    const tokens = promptOf(model, fact)
    let right = 0
    for (let seed = 0; seed < SAMPLES; seed++) {
      const made = await model.scorer.generate?.({
        tokens,
        maxTokens: MAX_TOKENS,
        temperature: 1,
        seed,
        stop: ['\n', '.'],
      })
      if (made?.text.trim().startsWith(fact.object)) right++
    }
    out.push(right)
  }
  mkdirSync(KEPT, { recursive: true })
  writeFileSync(kept, JSON.stringify(out))
  return out
}

interface Asked {
  readonly size: string
  readonly problems: readonly ProblemSamples[]
  /** Of the facts completed for real: expected and found, of 64. */
  readonly checked: readonly { readonly expected: number; readonly found: number }[]
}

const random = createRandom(1).derive('completions')
const asked: Asked[] = []
for (const size of SIZES) {
  const { parameters, tokens, flops } = JSON.parse(
    readFileSync(join(ROOT, `ladder/runs/${size}-r4/run.json`), 'utf8'),
  ) as { parameters: number; tokens: number; flops: number }
  const model = await openEngine(join(ROOT, `models/assay-ladder-${size}.gguf`))
  const chances = await probabilities(model)
  const real = await completed(model, size)
  await model.close()
  asked.push({
    size,
    checked: real.map((found, i) => ({ expected: SAMPLES * chances[i], found })),
    problems: facts.map((fact, i): ProblemSamples => {
      let drawn = 0
      for (let toss = 0; toss < SAMPLES; toss++) if (random.uniform() < chances[i]) drawn++
      return {
        ...{ model: `${size}-r4`, family: null, params: parameters, tokens, flops },
        ...{ checkpoint: null, benchmark: 'planted facts', problem: fact.id, n: SAMPLES, c: drawn },
        source: `${size}-r4#${fact.id}`,
      }
    }),
  })
  process.stderr.write(`${size}\n`)
}

const passOf = ({ problems }: Asked, k: number): number =>
  problems.reduce((sum, { n, c }) => sum + passAtK(n, c, k), 0) / problems.length
const smaller = asked.slice(0, -1).flatMap((a) => a.problems)
const [held] = asked.slice(-1)
const [{ params, tokens, flops }] = held.problems
if (flops === null) throw new Error('a run of the ladder without FLOPs')
const { plans, abstentions } = planSampling(
  [],
  smaller,
  { params, tokens, flops },
  {
    ks: KS,
    tokensPerSample: DEFAULT_TOKENS_PER_SAMPLE,
    level: 0.8,
  },
)
const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length

/** What the law says where the rule of five runs does not hold it back. */
const points = [...samplingPoints([], smaller, KS).points.values()]
  .flat()
  .filter((p) => p.passRate > 0.05 && p.passRate < 1)
const law = fitSamplingLaw(points)
const unheld = law === null ? null : KS.map((k) => Math.exp(-Math.exp(law.uAt(flops, k))))
const checks = asked.flatMap((a) => a.checked)
const z = checks.map(({ expected, found }) => {
  const p = expected / SAMPLES
  return (found - expected) / Math.sqrt(SAMPLES * p * (1 - p))
})
const planned = plans[0]?.rows.map(({ passRate }) => (passRate.kind === 'estimate' ? passRate.value : null))
const errorOf = (values: readonly (number | null)[]): string =>
  mean(values.map((v, i) => Math.abs((v ?? 0) - passOf(held, KS[i])))).toFixed(3)

const row = (name: string, values: readonly (number | null | undefined)[]): string =>
  `| ${name} | ${values.map((v) => (v === null || v === undefined ? '–' : v.toFixed(3))).join(' | ')} |`
const text = [
  '# Repeated sampling, on the reference ladder',
  '',
  `Written by \`npx tsx bench/forecast/ladder-sampling.ts\`; every figure comes from that run. ${facts.length} planted facts, those that most documents tell, asked of the five models that ship: ${SAMPLES} completions of each prompt at temperature 1, right where one begins with the fact's object. A completion is drawn with the exact probability that the model gives the object; of ${REAL} facts the ${SAMPLES} completions were written for real by each model: ${checks.reduce((s, c) => s + c.found, 0)} right, ${checks.reduce((s, c) => s + c.expected, 0).toFixed(1)} expected, mean squared standardised difference ${mean(z.map((v) => v * v)).toFixed(2)} over ${z.length} prompts (1 where both are one coin).`,
  '',
  `| pass@k at k = | ${KS.join(' | ')} |`,
  `|---|${KS.map(() => '---').join('|')}|`,
  ...asked.map((a) =>
    row(
      a === held ? `${a.size}, held out` : a.size,
      KS.map((k) => passOf(a, k)),
    ),
  ),
  ...(planned === undefined ? [] : [row('forecast from the others', planned)]),
  ...(unheld === null ? [] : [row('the law on the others, not given', unheld)]),
  '',
  planned === undefined
    ? `The forecast of ${held.size} from the other four abstains: ${abstentions.map((a) => a.reason).join('; ')}.${unheld === null ? '' : ` The law, had it been given, would have erred by ${errorOf(unheld)} on average over these k.`}`
    : `Mean absolute error ${errorOf(planned)} over these k.`,
  '',
].join('\n')
writeFileSync(join(ROOT, 'docs/validation/sampling.md'), text)
process.stdout.write(text)
