/**
 * Landings and references across learning-rate schedules, on curves of known truth: two sizes of one model family under
 * nine schedules each (arXiv:2503.12811, MIT). Writes docs/validation/curve-schedules.md. Run: npx tsx bench/curve/schedules.ts
 */
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { compareWithReference, degradedEvent } from '../../src/core/curve/compare/reference.js'
import { bestSchedule } from '../../src/core/curve/law/best-schedule.js'
import type { Course } from '../../src/core/curve/law/course.js'
import {
  type CourseLosses,
  fitMultiPower,
  type LawPrior,
  type MultiPowerFit,
  PUBLISHED,
  priorOf,
} from '../../src/core/curve/law/fit-multi-power.js'
import { foretell } from '../../src/core/curve/law/landing.js'
import { NearSchedules } from '../../src/core/curve/law/near-schedules.js'
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
    `| cosine, cut at 50–90 % | ${summary(trials.filter((t) => t.stage === 'cosine' && t.share <= 0.9))} |`,
    `| all, cut at 50–90 % | ${summary(trials.filter((t) => t.share <= 0.9))} |`,
    `| all | ${summary(trials)} |`,
  ]
}

interface LeftOut {
  readonly whole: Whole
  readonly fit: MultiPowerFit
  readonly losses: readonly CourseLosses[]
  readonly course: Course
  readonly byLaw: number
  /** With what the law misses at the ends of near schedules. */
  readonly end: number
  /** Mean absolute error along the curve, by the law. */
  readonly mean: number
  readonly half: number
}

/** The law fitted to some whole curves of a size, judged on another of which it has seen nothing. */
function leftOut(fitted: (whole: Whole) => readonly Whole[]): LeftOut[] {
  return curves.flatMap((whole) => {
    const from = fitted(whole)
    const { ground } = whole.judged
    if (from.length === 0 || ground === undefined) return []
    const losses = from.flatMap(({ judged, last }) =>
      judged.ground === undefined ? [] : [courseLosses(judged.ground, last, whole.judged.rates.peak)],
    )
    const fit = fitMultiPower(losses, priorFor(whole.size))
    if (fit === undefined) return []
    const own = courseLosses(ground, whole.last)
    const { loss, variance } = fit.lossesAt(own.course, own.sums)
    const n = loss.length
    const mean = loss.reduce((sum, l, i) => sum + Math.abs(l - own.loss[i]) / n, 0)
    const { residual, left } = new NearSchedules(fit, losses).at(own.course)
    const half = 1.96 * Math.hypot(Math.sqrt(variance[n - 1]), ACROSS_ERROR * left)
    const byLaw = loss[n - 1] - whole.truth
    log.push(
      `${whole.name} left out of ${from.length}: by the law ${byLaw.toFixed(4)}, with near schedules ${(byLaw + residual).toFixed(4)} ±${half.toFixed(4)}`,
    )
    return [{ whole, fit, losses, course: own.course, byLaw, end: byLaw + residual, mean, half }]
  })
}

const WIDTHS = [0.05, 0.1, 0.2, 0.4]
const DOUBTS = [0.2, 0.5, 1]

/** Error at the ends of left-out schedules by how far a schedule's residual reaches and how far it is believed. */
function reaches(found: ReturnType<typeof leftOut>): string[] {
  return WIDTHS.flatMap((width) =>
    DOUBTS.map((doubt) => {
      const errors = (size: string): string =>
        mae(
          found
            .filter((f) => f.whole.size === size)
            .map(({ byLaw, fit, losses, course }) => {
              const near = new NearSchedules(fit, losses, { width, doubt })
              return byLaw + near.at(course).residual
            }),
        )
      return `| ${width} | ${doubt} | ${errors('25M')} | ${errors('100M')} |`
    }),
  )
}

function leftOutLines(title: string, found: ReturnType<typeof leftOut>): string {
  const held = found.filter((f) => Math.abs(f.end) <= f.half).length
  return `| ${title} | ${found.length} | ${mae(found.map((f) => f.mean))} | ${mae(found.map((f) => f.byLaw))} | ${mae(found.map((f) => f.end))} | ${wilson(held, found.length)} | ${middle(found.map((f) => 2 * f.half)).toFixed(3)} |`
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

/** Runs of the authors' length; those that anneal late are what the advice is held against. */
const LENGTH = 24_000

/**
 * What is advised from the runs of up to the same length that do not anneal late, and what is expected of those that do, which
 * it is not shown: [advice, a line a kept run].
 */
function advice(size: Whole['size']): string[] {
  const [shown, kept] = [false, true].map((annealed) =>
    curves.filter((c) => c.size === size && c.last < LENGTH && FALL.test(c.kind) === annealed),
  )
  const best = bestSchedule(
    shown.map((c) => c.judged),
    priorFor(size),
  )
  const over = shown.find((c) => c.run.id === best?.over)
  const lossesOf = ({ judged, last }: Whole): CourseLosses[] =>
    judged.ground === undefined ? [] : [courseLosses(judged.ground, last)]
  const losses = shown.flatMap(lossesOf)
  const fit = fitMultiPower(losses, priorFor(size))
  if (best?.gain.kind !== 'estimate' || over === undefined || fit === undefined)
    return [`| ${size} | none | | | |`]
  const near = new NearSchedules(fit, losses)
  const row = (schedule: string, value: number, half: number, truth: string): string =>
    `| ${size} | ${schedule} | ${over.kind} | ${value.toFixed(4)} [${(value - half).toFixed(4)}, ${(value + half).toFixed(4)}] | ${truth} |`
  const told = (whole: Whole) => {
    const [{ course }] = lossesOf(whole)
    const sum = course.total
    const { residual, left } = near.at(course)
    return { course, sum, left, loss: fit.lossesAt(course, Float64Array.of(sum)).loss[0] + residual }
  }
  const own = told(over)
  const { value, interval } = best.gain
  return [
    row(`advised: ${best.schedule}`, value, interval.high - value, 'not run'),
    ...kept.map((c) => {
      const other = told(c)
      const half =
        1.96 * Math.hypot(fit.deviationOf(own, other), ACROSS_ERROR * own.left, ACROSS_ERROR * other.left)
      return row(c.kind, own.loss - other.loss, half, (over.truth - c.truth).toFixed(4))
    }),
  ]
}

const byOthers = leftOut((w) => curves.filter((c) => c.size === w.size && c !== w))
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
  '| fitted to | judged | mean absolute error along the curve | at its end, by the law | with near schedules | end in the 95 % interval | median width |',
  '|---|---|---|---|---|---|---|',
  leftOutLines('all others of the size', byOthers),
  leftOutLines(
    `the authors' three (${FITTED.join(', ')})`,
    leftOut((w) =>
      FITTED.includes(w.kind) ? [] : curves.filter((c) => c.size === w.size && FITTED.includes(c.kind)),
    ),
  ),
  '',
  'How far a schedule’s residual reaches (width) and how far it is believed (doubt): mean absolute error at the ends, fitted to all others. The shipped .1 and .2 are what either size alone would have chosen for the other.',
  '',
  '| width | doubt | 25M | 100M |',
  '|---|---|---|---|',
  ...reaches(byOthers),
  '',
  '## What would be best',
  '',
  `Told the runs of up to ${LENGTH.toLocaleString('en')} steps but those that anneal late (rows of a name), whose gains it is held against.`,
  '',
  '| size | schedule | over | expected gain, nats | gained in truth |',
  '|---|---|---|---|---|',
  ...(['25M', '100M'] as const).flatMap(advice),
  '',
  '## References',
  '',
  ...references(),
  '',
]
writeFileSync(OUT, document.join('\n'))
process.stdout.write(`${document.slice(4).join('\n')}\n`)
if (process.argv.includes('--all')) process.stdout.write(`${log.join('\n')}\n`)
