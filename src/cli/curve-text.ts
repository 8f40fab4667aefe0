import type { Estimate, JudgedRun, LogAnalysis, Result } from '../core/index.js'
import { counted } from '../core/index.js'
import { oneLine } from '../report/index.js'
import { forTerminal, terminalColumns } from './output.js'
import type { Io } from './run.js'

const WIDEST_ID = 46
const NARROWEST_ID = 16
const VERDICT_WIDTH = 21

function number(run: JudgedRun): string {
  const { finalLoss, curve } = run
  if (finalLoss.kind === 'estimate') return finalLoss.value.toFixed(3)
  const last = curve.value.at(-1)
  return last === undefined ? '–' : `${last.toFixed(3)} (the last one)`
}

function range(loss: Estimate): string {
  return loss.kind === 'estimate'
    ? `${loss.value.toFixed(2)} [${loss.interval.low.toFixed(2)}, ${loss.interval.high.toFixed(2)}]`
    : ''
}

/** What stands behind a run's name: steps and final loss, and where it will land when it has not ended. */
function figures(run: JudgedRun): string {
  const { loss, step } = run.landing
  const lands =
    loss.kind === 'estimate' && step > run.prepared.lastStep ? `  will land at ${range(loss)}` : ''
  return `step ${run.prepared.lastStep}  loss ${number(run)}${lands}`
}

/** One line a run, names cut in their middle where the line would be too wide. */
function runLines(runs: readonly JudgedRun[], columns: number): string[] {
  const widest = Math.max(...runs.map((r) => figures(r).length))
  const room = Math.max(NARROWEST_ID, Math.min(WIDEST_ID, columns - VERDICT_WIDTH - widest - 2))
  const names = runs.map((r) => oneLine(r.run.id))
  const width = Math.min(room, Math.max(...names.map((name) => name.length)))
  const name = (id: string): string => {
    if (id.length <= width) return id.padEnd(width)
    const head = Math.ceil((width - 1) / 2)
    return `${id.slice(0, head)}…${id.slice(id.length - (width - 1 - head))}`
  }
  return runs.map((run, i) => `${run.verdict.padEnd(VERDICT_WIDTH)}${name(names[i])}  ${figures(run)}`)
}

function score(estimate: Estimate): string {
  if (estimate.kind === 'notEstimable') return `– (${estimate.reason})`
  const { value, interval, n } = estimate
  const percent = (x: number): string => (100 * x).toFixed(3)
  return `${percent(value)} % [${percent(interval.low)}, ${percent(interval.high)}] of ${n.toLocaleString('en-US')}`
}

/** The scores of one run; of several the report has a table. */
function scoreLines(runs: readonly JudgedRun[], columns: number): string[] {
  if (runs.length !== 1) return []
  const { loss, lossRobust, gradNorm, clipped } = runs[0].scores
  if ([loss, gradNorm, clipped].every((e) => e.kind === 'notEstimable')) return []
  const lines = [
    'Spike score (OLMo 2: 7 SD or more from the mean of the 1,000 before), share',
    `  loss                 ${score(loss)}`,
    `  loss, median and MAD ${score(lossRobust)}`,
    `  gradient norm        ${score(gradNorm)}`,
    `  norms ZClip clips    ${score(clipped)}`,
  ]
  return ['', ...lines.map((line) => (line.length > columns ? `${line.slice(0, columns - 1)}…` : line))]
}

const MOST_PLOTS = 2

/** On a terminal only the loss is drawn: residuals and norms stay in the report, and so does what was not logged. */
function compact(result: Result): Result {
  return {
    ...result,
    sections: result.sections
      .filter((section) => section.charts.length + section.tables.length > 0)
      .map((section) => ({
        ...section,
        charts: section.charts.filter((c) => c.kind === 'lines' && c.height === 'tall').slice(0, MOST_PLOTS),
      })),
  }
}

/** How many findings the report has beyond those that the terminal shows. */
const SHOWN_FINDINGS = 3

function moreLine(result: Result): string[] {
  const more = result.findings.length - SHOWN_FINDINGS
  return more > 0 ? ['', `${counted(more, 'more finding')}: -o report.html, or --json`] : []
}

/** The schedule that the law of all runs prefers, in a line. */
function bestLines({ best }: LogAnalysis): string[] {
  if (best === undefined || best.gain.kind === 'notEstimable') return []
  const { steps, schedule, gain, over } = best
  const [by, low, high] = [gain.value, gain.interval.low, gain.interval.high].map((v) => v.toFixed(3))
  return [
    `best schedule for ${steps} steps: ${schedule}, ${by} [${low}, ${high}] below that of ${oneLine(over)}, as the law has it`,
  ]
}

/** A line a run, then the findings and charts, then the scores. */
export function curveText(analysis: LogAnalysis, result: Result, io: Io): string {
  const { runs } = analysis
  const columns = terminalColumns()
  return [
    ...runLines(runs, columns),
    ...bestLines(analysis),
    '',
    forTerminal(compact(result), io).trimEnd(),
    ...scoreLines(runs, columns),
    ...moreLine(result),
    '',
  ].join('\n')
}
