/**
 * What the residuals of near schedules tell: the multi-power law fitted to all schedules of a size but one, judged on
 * that one's end, with and without what the law missed at the ends of the schedules that were fitted, weighted by how
 * near their rates are. How wide "near" is, and how far the residuals are believed, is chosen by leaving one of the fitted
 * schedules out in turn; the judged one is never seen. Writes docs/validation/curve-near-schedules.md.
 * Run: npx tsx bench/curve/near-schedules.ts
 */
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  fitMultiPower,
  type MultiPowerFit,
  PUBLISHED,
  priorOf,
} from '../../src/core/curve/law/fit-multi-power.js'
import { courseLosses } from '../../src/core/curve/law/power-law.js'
import { judgeRun } from '../../src/core/index.js'
import { readLogs } from '../../src/ingest/index.js'

const FOLDER = join(process.env.ASSAY_DATA ?? '../shared/data', 'logs/21_schedules')
const OUT = 'docs/validation/curve-near-schedules.md'
/** Places along a run where rates are compared, and the weight of a difference in ln Σ η beside them. */
const PLACES = 50
const BY_LENGTH = 0.3
const WIDTHS = [0.05, 0.1, 0.2, 0.4]
/** Weight of "no residual" beside the weights of the schedules; the last one believes none. */
const DOUBTS = [0.2, 0.5, 1, Number.POSITIVE_INFINITY]

interface Whole {
  readonly name: string
  readonly size: string
  readonly own: ReturnType<typeof courseLosses>
  readonly rates: readonly number[]
  readonly length: number
  readonly truth: number
}

const curves: Whole[] = []
for (const file of readdirSync(FOLDER).sort()) {
  if (!file.endsWith('.csv')) continue
  const [run] = await readLogs([join(FOLDER, file)])
  const { ground, rates } = judgeRun(run)
  if (ground === undefined) continue
  const last = run.step[run.step.length - 1]
  const own = courseLosses(ground, last)
  const places = Array.from({ length: PLACES }, (_, i) => rates.rateAt((last * (i + 1)) / PLACES))
  const name = file.replace('.csv', '')
  curves.push({
    name,
    size: name.split('_')[0],
    own,
    rates: places,
    length: Math.log(own.course.total),
    truth: run.loss[run.loss.length - 1],
  })
}

const fits = new Map<string, MultiPowerFit>()
/** The law of all curves of a size but some. */
function without(...out: readonly Whole[]): MultiPowerFit {
  const { size } = out[0]
  const rest = curves.filter((c) => c.size === size && !out.includes(c))
  const key = rest.map((c) => c.name).join()
  const prior = priorOf(Object.entries(PUBLISHED).flatMap(([name, p]) => (name === size ? [] : [p])))
  const fit =
    fits.get(key) ??
    fitMultiPower(
      rest.map((c) => c.own),
      prior,
    )
  if (fit === undefined) throw new Error(`no law without ${out.map((c) => c.name).join(', ')}`)
  fits.set(key, fit)
  return fit
}

/** The law less a loss, at the end of a curve. */
const missed = (fit: MultiPowerFit, { own }: Whole, loss = own.loss[own.loss.length - 1]): number =>
  fit.lossesAt(own.course, own.sums.subarray(-1)).loss[0] - loss

function distance(a: Whole, b: Whole): number {
  const byRates = a.rates.reduce((sum, rate, i) => sum + (rate - b.rates[i]) ** 2 / PLACES, 0)
  return Math.hypot(Math.sqrt(byRates), BY_LENGTH * (a.length - b.length))
}

/** What the law of some curves is expected to miss at the end of another. */
function expected(
  of: Whole,
  fitted: readonly Whole[],
  fit: MultiPowerFit,
  width: number,
  doubt: number,
): number {
  if (doubt === Number.POSITIVE_INFINITY) return 0
  const weights = fitted.map((c) => Math.exp(-(distance(of, c) ** 2) / (2 * width ** 2)))
  const sum = weights.reduce((a, b) => a + b, doubt)
  return weights.reduce((total, weight, i) => total + (weight * missed(fit, fitted[i])) / sum, 0)
}

const mean = (errors: readonly number[]): number =>
  errors.reduce((sum, e) => sum + Math.abs(e), 0) / errors.length

const rows = curves.map((judged) => {
  const fitted = curves.filter((c) => c.size === judged.size && c !== judged)
  const choices = WIDTHS.flatMap((width) => DOUBTS.map((doubt) => ({ width, doubt }))).map(
    ({ width, doubt }) => ({
      width,
      doubt,
      error: mean(
        fitted.map((c) => {
          const fit = without(judged, c)
          return (
            missed(fit, c) -
            expected(
              c,
              fitted.filter((o) => o !== c),
              fit,
              width,
              doubt,
            )
          )
        }),
      ),
    }),
  )
  const { width, doubt } = choices.reduce((a, b) => (b.error < a.error ? b : a))
  const fit = without(judged)
  const plain = missed(fit, judged, judged.truth)
  return {
    name: judged.name,
    width,
    doubt,
    plain,
    corrected: plain - expected(judged, fitted, fit, width, doubt),
  }
})

const document = [
  '# Validation: what near schedules tell of the law’s error',
  '',
  'Written by `npx tsx bench/curve/near-schedules.ts`; curves as in [curve-schedules.md](curve-schedules.md). The multi-power law is fitted to all other schedules of the size; from its loss at the judged schedule’s end is taken what it missed at the ends of the fitted ones, weighted by a normal kernel of the distance of their rates (root mean square over the run, shares of the peak, with .3 of the difference in ln Σ η). Width and doubt (weight of “no residual”) are chosen inside the fitted schedules, one of them left out in turn. Not part of `assay curve`.',
  '',
  `Mean absolute error of ${rows.length} ends: ${mean(rows.map((r) => r.plain)).toFixed(4)} by the law alone, ${mean(rows.map((r) => r.corrected)).toFixed(4)} with the residuals of near schedules.`,
  '',
  '| judged | width | doubt | law less truth | with near residuals |',
  '|---|---|---|---|---|',
  ...rows.map(
    (r) => `| ${r.name} | ${r.width} | ${r.doubt} | ${r.plain.toFixed(4)} | ${r.corrected.toFixed(4)} |`,
  ),
  '',
]
writeFileSync(OUT, document.join('\n'))
process.stdout.write(`${document.slice(4).join('\n')}\n`)
