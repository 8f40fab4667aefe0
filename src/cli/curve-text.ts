import type { JudgedRun, LogAnalysis, Result } from '../core/index.js'
import { forTerminal } from './output.js'
import type { Io } from './run.js'

const ID_WIDTH = 46

function number(run: JudgedRun): string {
  const { finalLoss } = run
  return finalLoss.kind === 'estimate' ? finalLoss.value.toFixed(3) : '–'
}

/** One line a run: verdict, name, steps, final loss, where it will land. */
function runLine(run: JudgedRun): string {
  const id = run.run.id.length > ID_WIDTH ? `${run.run.id.slice(0, ID_WIDTH - 1)}…` : run.run.id
  const predicted = run.predictedFinalLoss
  const lands =
    predicted.kind === 'estimate' && run.verdict === 'truncated'
      ? `  will land at ${predicted.value.toFixed(2)} [${predicted.interval.low.toFixed(2)}, ${predicted.interval.high.toFixed(2)}]`
      : ''
  return `${run.verdict.padEnd(21)}${id.padEnd(ID_WIDTH)}  step ${run.prepared.lastStep}  loss ${number(run)}${lands}`
}

const MOST_PLOTS = 2

/** On a terminal only the loss is drawn: residuals and norms stay in the report. */
function compact(result: Result): Result {
  return {
    ...result,
    sections: result.sections.map((section) => ({
      ...section,
      charts: section.charts.filter((c) => c.kind === 'lines' && c.height === 'tall').slice(0, MOST_PLOTS),
    })),
  }
}

/** A line a run when there are several, then the findings and charts. */
export function curveText(analysis: LogAnalysis, result: Result, io: Io): string {
  const lines = analysis.runs.map(runLine).join('\n')
  return `${lines}\n\n${forTerminal(compact(result), io)}`
}
