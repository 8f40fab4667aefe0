/**
 * Landings and references across learning-rate schedules, on curves of known truth: two sizes of one model family under
 * nine schedules each (arXiv:2503.12811, MIT). Writes docs/validation/curve-schedules.md. Run: npx tsx bench/curve/schedules.ts
 */
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { compareWithReference, degradedEvent } from '../../src/core/curve/compare/reference.js'
import { fitMultiPower, type LawPrior, PUBLISHED, priorOf } from '../../src/core/curve/law/fit-multi-power.js'
import { foretell } from '../../src/core/curve/law/landing.js'
import { ACROSS_ERROR, courseLosses } from '../../src/core/curve/law/power-law.js'
import { analyseLogs, judgeRun, type RunJudgement, type TrainingRun } from '../../src/core/index.js'
import { readLogs } from '../../src/ingest/index.js'
import { piece } from './pieces.js'
import { wilson } from './wilson.js'

const FOLDER = join(process.env.ASSAY_DATA ?? '../shared/data', 'logs/21_schedules')
const OUT = 'docs/validation/curve-schedules.md'
const CUTS = [0.5, 0.6, 0.7, 0.8, 0.9, 0.925, 0.95, 0.975]
/** Fits to nine curves take a while. */
const JOINT_CUTS = [0.5, 0.7, 0.9]
/** The schedules that the authors fitted; the others are judged. */
const FITTED = ['cosine_24000', 'constant_24000', 'wsdcon_9']
/** Steps at which the rate begins to fall, and ends to fall where it does so at once. */
const FALL = /wsd(?:ld)?_/
const FALL_BEGINS = 20_000
const TWO_STAGE_FALLS = 8_000

interface Whole {
  readonly name: string
  readonly size: keyof typeof PUBLISHED
  readonly kind: string
  readonly run: TrainingRun
  readonly last: number
  readonly truth: number
  readonly judged: RunJudgement
}

/** The prior of a size is that of the others: what was published of a size was fitted to its curves. */
function priorFor(size: string): LawPrior {
  return priorOf(Object.entries(PUBLISHED).flatMap(([name, p]) => (name === size ? [] : [p])))
}

const files = readdirSync(FOLDER)
  .filter((f) => f.endsWith('.csv'))
  .sort()
const curves: Whole[] = []
for (const file of files) {
  const [run] = await readLogs([join(FOLDER, file)])
  const last = run.step[run.step.length - 1]
  const name = file.replace('.csv', '')
  const size = name.split('_')[0] as Whole['size']
  const kind = name.slice(size.length + 1)
  curves.push({ name, size, kind, run, last, truth: run.loss[run.loss.length - 1], judged: judgeRun(run) })
}

/** Cut at a share of its steps, with its own rates as the plan. */
function cut({ run, last }: Whole, share: number): RunJudgement {
  const rows = run.step.findLastIndex((s) => s <= share * last) + 1
  return judgeRun({ ...piece(run, 0, rows), plan: { points: { step: run.step, rate: run.learningRate } } })
}

type Stage = 'cosine' | 'constant' | 'before the fall' | 'half of the fall seen' | 'between'

function stageOf({ kind, last }: Whole, share: number): Stage {
  if (kind.startsWith('cosine')) return 'cosine'
  if (kind.startsWith('constant')) return 'constant'
  const begins = FALL.test(kind) ? FALL_BEGINS : TWO_STAGE_FALLS
  if (share * last < begins) return 'before the fall'
  return share * last >= (begins + last) / 2 ? 'half of the fall seen' : 'between'
}

interface Trial {
  readonly stage: Stage
  readonly share: number
  readonly error: number
  readonly half: number
}

const mae = (errors: readonly number[]): string =>
  (errors.reduce((sum, e) => sum + Math.abs(e), 0) / errors.length).toFixed(4)
const middle = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]

function summary(trials: readonly Trial[]): string {
  const held = trials.filter((t) => Math.abs(t.error) <= t.half).length
  return `${trials.length} | ${mae(trials.map((t) => t.error))} | ${Math.max(...trials.map((t) => Math.abs(t.error))).toFixed(4)} | ${wilson(held, trials.length)} | ${middle(trials.map((t) => 2 * t.half)).toFixed(3)}`
}

const log: string[] = []
let silent = 0
/** Landings of cut curves, by the law of the run alone or of it and of others of its size. */
function landings(cuts: readonly number[], others: (whole: Whole) => readonly Whole[]): Trial[] {
  return curves.flatMap((whole) =>
    cuts.flatMap((share): Trial[] => {
      const { ground, law, rates, prepared } = cut(whole, share)
      const beside = others(whole).flatMap(({ judged, last }) =>
        judged.ground === undefined ? [] : [courseLosses(judged.ground, last, rates.peak)],
      )
      const { landing } = foretell(ground, law, rates, prepared.lastStep, beside, priorFor(whole.size))
      const { loss } = landing
      if (loss.kind !== 'estimate') {
        silent++
        return []
      }
      const [error, half] = [loss.value - whole.truth, loss.interval.high - loss.value]
      log.push(
        `${whole.name} ${share} runs ${landing.runs} ${landing.law} ${error.toFixed(4)} ±${half.toFixed(4)} ${stageOf(whole, share)}`,
      )
      return [{ stage: stageOf(whole, share), share, error, half }]
    }),
  )
}

const HEAD = [
  '| curves | landings | mean absolute error | largest | in the 95 % interval | median width |',
  '|---|---|---|---|---|---|',
]
const STAGES: readonly Stage[] = ['cosine', 'constant', 'before the fall', 'between', 'half of the fall seen']

function landingTable(trials: readonly Trial[]): string[] {
  return [
    ...HEAD,
    ...STAGES.flatMap((stage) => {
      const some = trials.filter((t) => t.stage === stage)
      return some.length === 0 ? [] : [`| ${stage} | ${summary(some)} |`]
    }),
    `| cut at 50–90 % | ${summary(trials.filter((t) => t.share <= 0.9))} |`,
    `| all | ${summary(trials)} |`,
  ]
}

/** The law fitted to some whole curves of a size, judged on another of which it has seen nothing. */
function leftOut(
  fitted: (whole: Whole) => readonly Whole[],
): { name: string; end: number; mean: number; half: number }[] {
  return curves.flatMap((whole) => {
    const from = fitted(whole)
    const { ground } = whole.judged
    if (from.length === 0 || ground === undefined) return []
    const fit = fitMultiPower(
      from.flatMap(({ judged, last }) =>
        judged.ground === undefined ? [] : [courseLosses(judged.ground, last, whole.judged.rates.peak)],
      ),
      priorFor(whole.size),
    )
    if (fit === undefined) return []
    const own = courseLosses(ground, whole.last)
    const { loss, variance } = fit.lossesAt(own.course, own.sums)
    const n = loss.length
    const mean = loss.reduce((sum, l, i) => sum + Math.abs(l - own.loss[i]) / n, 0)
    const half = 1.96 * Math.hypot(Math.sqrt(variance[n - 1]), ACROSS_ERROR)
    return [{ name: whole.name, end: loss[n - 1] - whole.truth, mean, half }]
  })
}

function leftOutLines(title: string, found: ReturnType<typeof leftOut>): string {
  const held = found.filter((f) => Math.abs(f.end) <= f.half).length
  return `| ${title} | ${found.length} | ${mae(found.map((f) => f.mean))} | ${mae(found.map((f) => f.end))} | ${wilson(held, found.length)} |`
}

function references(): string[] {
  let held = 0
  let degraded = 0
  let untold = 0
  const widths: number[] = []
  const methods = new Map<string, [number, number]>()
  for (const a of curves)
    for (const b of curves) {
      if (a === b || a.size !== b.size) continue
      const comparison = compareWithReference(a.judged, b.judged)
      if (degradedEvent(a.judged, comparison) !== undefined) degraded++
      const { difference, method } = comparison
      if (difference.kind !== 'estimate') {
        untold++
        continue
      }
      const holds = difference.interval.low <= 0 && difference.interval.high >= 0
      if (holds) held++
      const [n, ok] = methods.get(method) ?? [0, 0]
      methods.set(method, [n + 1, ok + Number(holds)])
      widths.push(difference.interval.high - difference.interval.low)
      log.push(
        `${a.name} against ${b.name}: ${difference.value.toFixed(4)} [${difference.interval.low.toFixed(4)}, ${difference.interval.high.toFixed(4)}] ${method}${holds ? '' : ' MISSED'}`,
      )
    }
  return [
    `All ${widths.length + untold} ordered pairs of one size: ${degraded} falsely degraded; ${wilson(held, widths.length)} of the intervals hold 0; median width ${middle(widths).toFixed(3)} nats; ${untold} not comparable. By method: ${[...methods].map(([m, [n, ok]]) => `${m} ${ok} of ${n}`).join(', ')}.`,
  ]
}

const alone = curves.filter((c) => c.judged.verdict === 'healthy').length
const together = analyseLogs({ runs: curves.map((c) => c.run) }).runs.filter(
  (r) => r.verdict === 'healthy',
).length
const document = [
  '# Validation: landings and references across schedules',
  '',
  'Written by `npx tsx bench/curve/schedules.ts`. Two models (25M and 100M parameters) under nine schedules each: constant, cosine, warm-up–stable–decay (exponential and linear), two-stage; data of arXiv:2503.12811 (MIT). Each curve is cut at 50 to 97.5 % of its steps, its own rates given as the plan (`--plan`), and the last logged loss is the truth. The prior of the law is what was published of the other sizes.',
  '',
  `Verdicts: ${alone} of ${curves.length} healthy each alone, ${together} of ${curves.length} all together.`,
  '',
  '## Landing of a run alone',
  '',
  ...landingTable(landings(CUTS, () => [])),
  '',
  '## Landing of a run with the other whole schedules of its model',
  '',
  ...landingTable(
    landings(JOINT_CUTS, (whole) => curves.filter((c) => c.size === whole.size && c !== whole)),
  ),
  '',
  `${silent} landings were not told.`,
  '',
  '## The law of some schedules on one left out',
  '',
  '| fitted to | judged | mean absolute error along the curve | at its end | end in the 95 % interval |',
  '|---|---|---|---|---|',
  leftOutLines(
    'all others of the size',
    leftOut((w) => curves.filter((c) => c.size === w.size && c !== w)),
  ),
  leftOutLines(
    `the authors' three (${FITTED.join(', ')})`,
    leftOut((w) =>
      FITTED.includes(w.kind) ? [] : curves.filter((c) => c.size === w.size && FITTED.includes(c.kind)),
    ),
  ),
  '',
  '## References',
  '',
  ...references(),
  '',
]
writeFileSync(OUT, document.join('\n'))
process.stdout.write(`${document.slice(4).join('\n')}\n`)
if (process.argv.includes('--all')) process.stdout.write(`${log.join('\n')}\n`)
