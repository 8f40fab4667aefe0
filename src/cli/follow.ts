import { setTimeout as sleep } from 'node:timers/promises'
import { AssayError, type LogAnalysis } from '../core/index.js'
import { raise } from './errors.js'
import { interruptSignal } from './interrupt.js'
import type { Io, Outcome } from './run.js'
import { curveExitCode } from './verdict.js'

/** A look costs at most this share of the time, however large the log. */
const BUSY_SHARE = 0.2

interface FollowOptions {
  readonly interval: number
  readonly until?: string
}

type Look = Outcome & { readonly analysis: LogAnalysis }

/** Verdicts while runs are under way: that they have not ended yet says nothing. */
function verdicts(analysis: LogAnalysis): Map<string, string> {
  return new Map(
    analysis.runs.map(
      (run) => [run.run.id, run.verdict === 'truncated' ? 'healthy so far' : run.verdict] as const,
    ),
  )
}

function isComplete(analysis: LogAnalysis): boolean {
  return analysis.runs.every(
    ({ run, prepared }) =>
      run.notes.some((n) => n.code === 'completed') ||
      (run.plannedSteps !== undefined && prepared.lastStep >= run.plannedSteps - prepared.interval),
  )
}

function announce(
  before: ReadonlyMap<string, string>,
  now: ReadonlyMap<string, string>,
  analysis: LogAnalysis,
  io: Io,
): void {
  for (const [id, verdict] of now) {
    if (before.get(id) === verdict) continue
    const run = analysis.runs.find((r) => r.run.id === id)
    const reason = run?.verdictEvents.find((e) => e.confidence !== 'weak' && e.code !== 'truncated')?.text
    io.note(
      `${new Date().toISOString().slice(11, 19)}  ${id}  step ${run?.prepared.lastStep ?? '?'}: ${before.has(id) ? `${before.get(id)} → ` : ''}${verdict}${reason === undefined ? '' : ` (${reason})`}`,
    )
  }
}

/** `waiting for run.csv: a log is empty` instead of an error: nothing is wrong yet. */
function waitingText({ title, place }: AssayError): string {
  const what = `${title[0].toLowerCase()}${title.slice(1).replace(/\.$/, '')}`
  return `waiting${place?.path === undefined ? '' : ` for ${place.path}`}: ${what}`
}

/** Ctrl-C: the last look is shown, and the exit code says that nobody waited for the end. */
function interrupted(last: Look | undefined): Outcome {
  if (last === undefined) throw raise('nothing-followed', 'no log could be read until then')
  return { ...last, exitCode: 130 }
}

/**
 * Judge again and again while logs grow, and speak up when a verdict changes. Ends when every run has reached its
 * plan, on Ctrl-C (exit code 130), or (with `--until fail`) at the first run that fails; the last look is the outcome.
 */
export async function followLogs(
  look: () => Promise<Look>,
  options: FollowOptions,
  io: Io,
): Promise<Outcome> {
  const signal = interruptSignal(() => io.note('stopping'))
  let before: ReadonlyMap<string, string> = new Map()
  let last: Look | undefined
  let waiting: string | undefined
  for (;;) {
    const started = performance.now()
    try {
      last = await look()
      waiting = undefined
    } catch (error) {
      // A log that has only just begun (or is being rotated) is no error yet.
      if (!(error instanceof AssayError) || error.kind !== 'input') throw error
      if (waiting !== error.code) io.note(waitingText(error))
      waiting = error.code
    }
    if (last !== undefined) {
      const now = verdicts(last.analysis)
      announce(before, now, last.analysis, io)
      before = now
      const failed = curveExitCode(last.analysis) === 1
      if ((failed && options.until === 'fail') || isComplete(last.analysis)) return last
    }
    if (signal.aborted) return interrupted(last)
    const spent = (performance.now() - started) / 1000
    const pause = 1000 * Math.max(options.interval, spent / BUSY_SHARE)
    await sleep(pause, undefined, { signal }).catch(() => undefined)
    if (signal.aborted) return interrupted(last)
  }
}
