/**
 * Times the fitter against SciPy on the same fits, and a whole forecast; writes docs/validation/forecast-speed.md.
 * Both sides are counted in CPU seconds, so that other work on the machine does not decide.
 *
 *   npx tsx bench/forecast/speed.ts path/to/python   (a Python with numpy and scipy)
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  createRandom,
  DEFAULT_FORECAST_OPTIONS,
  type Design,
  type EvaluationRow,
  FORMS,
  fitForm,
  forecast,
  type ScalingForm,
} from '../../src/core/index.js'
import { levenbergMarquardt } from '../../src/core/optimise/index.js'
import { problemOf } from '../../src/core/scaling/fit-form.js'

const BENCHMARKS = 12
/** Of these, so many are fitted by SciPy too: it takes minutes for what takes seconds here. */
const SHARED = 4
const POINTS = 60
const COMPARED = ['direct-ceiling', 'params-tokens', 'params-tokens-ceiling']
const CHANCE = 0.25
const python = process.argv[2] ?? 'python3'

function formOf(id: string): ScalingForm {
  const form = FORMS.find((f) => f.id === id)
  if (form === undefined) throw new Error(`no form ${id}`)
  return form
}

/** Twelve planted benchmarks of 60 checkpoints each: −ln Q′ = A·N^(−α) + B·D^(−β) + E with 3 % noise. */
function plantedRows(): EvaluationRow[] {
  const random = createRandom(1).derive('speed')
  const law = formOf('params-tokens-ceiling')
  return Array.from({ length: BENCHMARKS }, (_, b): EvaluationRow[] => {
    const theta = [
      8.4 + random.uniform(),
      0.46 + 0.06 * random.uniform(),
      8.6 + random.uniform(),
      0.39 + 0.05 * random.uniform(),
      -1.7 + random.uniform(),
    ]
    return Array.from({ length: POINTS }, (_, i): EvaluationRow => {
      const params = 1e8 * 2 ** (i % 5)
      const tokens = params * 10 * 1.4 ** Math.floor(i / 5)
      const u = law.evaluate(theta, [Math.log(params), Math.log(tokens)], null) + 0.03 * random.normal()
      const value = CHANCE + (1 - CHANCE) * Math.exp(-Math.exp(u))
      return {
        model: `run ${i}`,
        family: null,
        params,
        tokens,
        flops: null,
        checkpoint: null,
        benchmark: `planted ${b}`,
        metric: 'acc',
        value,
        n_items: 5000,
        chance: CHANCE,
        k: null,
        loss: null,
        task_loss: null,
        subset: null,
        source: `planted:${i}`,
      }
    })
  }).flat()
}

function designOf(form: ScalingForm, rows: readonly EvaluationRow[]): Design {
  return {
    rows: rows.map((r) =>
      Float64Array.from(form.inputs, (input) =>
        Math.log(
          input === 'flops'
            ? 6 * (r.params ?? 0) * (r.tokens ?? 0)
            : input === 'params'
              ? (r.params ?? 0)
              : (r.tokens ?? 0),
        ),
      ),
    ),
    response: Float64Array.from(rows, (r) => Math.log(-Math.log((r.value - CHANCE) / (1 - CHANCE)))),
  }
}

function cpuSeconds(work: () => void): number {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1e6
}

const all = plantedRows()
const cases = Array.from({ length: SHARED }, (_, b) =>
  all.filter((r) => r.benchmark === `planted ${b}`),
).flatMap((rows) =>
  COMPARED.map((id) => {
    const form = formOf(id)
    const design = designOf(form, rows)
    return { form, design, starts: form.starts(design) }
  }),
)
const path = join(mkdtempSync(join(tmpdir(), 'assay-bench-')), 'designs.json')
writeFileSync(
  path,
  JSON.stringify(
    cases.map(({ form, design, starts }) => ({
      form: form.id,
      rows: design.rows.map((r) => [...r]),
      response: [...design.response],
      starts,
      delta: form.delta,
      lower: form.parameters.map((p) => p.lower),
      upper: form.parameters.map((p) => p.upper),
    })),
  ),
)
const scipy = JSON.parse(
  execFileSync(python, [join(import.meta.dirname, 'scipy_fit.py'), path], {
    encoding: 'utf8',
    env: { ...process.env, OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' },
    maxBuffer: 1e8,
  }),
) as { cost: number; seconds: number }[]

// One pass warms the compiler, as SciPy's first fit is left out too.
for (const { form, design } of cases) fitForm(form, design)
const plain: number[] = []
const used: number[] = []
const costs: number[] = []
for (const { form, design, starts } of cases) {
  const problem = problemOf(form, design)
  plain.push(
    cpuSeconds(() => costs.push(Math.min(...starts.map((s) => levenbergMarquardt(problem, s).cost)))),
  )
  used.push(cpuSeconds(() => fitForm(form, design)))
}

interface Tally {
  readonly id: string
  readonly ours: number
  readonly screened: number
  readonly theirs: number
  readonly worse: number
}

const tallies = COMPARED.map((id): Tally => {
  const own = cases.flatMap((c, i) => (c.form.id === id ? [i] : []))
  const total = (values: readonly number[]): number => own.reduce((sum, i) => sum + values[i], 0)
  return {
    id,
    ours: total(plain),
    screened: total(used),
    theirs: total(scipy.map((s) => s.seconds)),
    worse: own.filter((i) => costs[i] > scipy[i].cost * 1.01).length,
  }
})

const target = { params: 1.3e10, tokens: 5e11, flops: 6 * 1.3e10 * 5e11 }
function timeForecast(resamples: number): number {
  const options = {
    ...DEFAULT_FORECAST_OPTIONS,
    settings: { ...DEFAULT_FORECAST_OPTIONS.settings, resamples },
  }
  return cpuSeconds(() => forecast(all, target, options, createRandom(1)))
}
const full = timeForecast(1000)

/** Five sizes, 140 checkpoints each, seven benchmarks of the planted law with 3 % noise: 4,900 rows. */
function checkpointRows(): EvaluationRow[] {
  const random = createRandom(5).derive('checkpoints')
  const law = formOf('params-tokens-ceiling')
  return Array.from({ length: 7 }, (_, b) =>
    Array.from({ length: 5 * 140 }, (_, i): EvaluationRow => {
      const params = 1e8 * 2 ** Math.floor(i / 140)
      const tokens = (3e11 * ((i % 140) + 1)) / 140
      const theta = [8.4 + 0.1 * b, 0.46, 8.6, 0.39, -1.7]
      const u = law.evaluate(theta, [Math.log(params), Math.log(tokens)], null) + 0.03 * random.normal()
      const value = CHANCE + (1 - CHANCE) * Math.exp(-Math.exp(u))
      return {
        ...all[0],
        ...{ model: `size ${params}`, params, tokens, checkpoint: String(i % 140) },
        ...{ benchmark: `checkpoints ${b}`, value, source: `planted:${i}` },
      }
    }),
  ).flat()
}
const family = checkpointRows()
const checkpoints = cpuSeconds(() => forecast(family, target, DEFAULT_FORECAST_OPTIONS, createRandom(1)))
const direct = formOf('direct')
const closed = cpuSeconds(() => {
  const random = createRandom(2)
  for (let b = 0; b < BENCHMARKS; b++) {
    const design = designOf(
      direct,
      all.filter((r) => r.benchmark === `planted ${b}`),
    )
    for (let r = 0; r < 1000; r++)
      fitForm(direct, design, { weights: Float64Array.from(design.rows, () => random.integer(3)) })
  }
})

const sum = (pick: (t: Tally) => number): number => tallies.reduce((s, t) => s + pick(t), 0)
const line = (name: string, t: Pick<Tally, 'ours' | 'screened' | 'theirs'>): string =>
  `| ${name} | ${t.theirs.toFixed(2)} | ${t.ours.toFixed(3)} | ${(t.theirs / t.ours).toFixed(0)}× | ${t.screened.toFixed(3)} | ${(t.theirs / t.screened).toFixed(0)}× |`
const text = [
  '# Speed of the fitter',
  '',
  'Written by `npx tsx bench/forecast/speed.ts PYTHON`; every figure comes from that run, in CPU seconds.',
  '',
  `${BENCHMARKS} planted benchmarks of ${POINTS} points, ${SHARED} of them fitted by both; SciPy \`least_squares\` (trf) with Huber's loss, analytic Jacobian, the same starts and bounds, one thread. "All starts": Levenberg–Marquardt from every start to convergence. "As used": starts screened first. ${cpus()[0]?.model ?? 'unknown CPU'}, Node ${process.version}.`,
  '',
  `| form, ${SHARED} fits | SciPy, s | all starts, s | ratio | as used, s | ratio |`,
  '|---|---|---|---|---|---|',
  ...tallies.map((t) => line(t.id, t)),
  line('**together**', {
    ours: sum((t) => t.ours),
    screened: sum((t) => t.screened),
    theirs: sum((t) => t.theirs),
  }),
  '',
  `Ours ended above SciPy's cost by more than 1 % in ${sum((t) => t.worse)} of ${cases.length} fits.`,
  '',
  `A whole forecast of the ${BENCHMARKS} benchmarks (back-tests of every form, 1,000 bootstrap resamples of the four averaged forms, curves): ${full.toFixed(1)} s of CPU time on one core (bar: 60 s). 1,000 refits of the closed form on ${BENCHMARKS} benchmarks: ${closed.toFixed(2)} s (bar: 2 s). A family of five sizes with ${family.length.toLocaleString('en')} checkpoint rows on seven benchmarks, 1,000 resamples: ${checkpoints.toFixed(1)} s (bar: 20 s).`,
  '',
].join('\n')
writeFileSync(join(import.meta.dirname, '../../docs/validation/forecast-speed.md'), text)
process.stdout.write(text)
