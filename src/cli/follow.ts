import { setTimeout as sleep } from 'node:timers/promises'
import { AssayError, type LogAnalysis, statusOfVerdict } from '../core/index.js'
import { alarmOf, type Change, changeText } from './alarm.js'
import { raise } from './errors.js'
import { interruptSignal } from './interrupt.js'
import type { Io, Outcome } from './run.js'
import { curveExitCode } from './verdict.js'

/** Looks cost at most this share of a core, however large the log. */
const BUSY_SHARE = 0.3

/** What is amiss with a log that has only just begun, or is not there yet; other faults of it do not pass by waiting. */
const PASSES: ReadonlySet<string> = new Set(
  [
    'empty',
    'unreadable',
    'unknown-format',
    'no-header',
    'no-logs',
    'no-losses',
    'no-match',
    'no-column',
    'malformed',
    'damaged',
  ].map((code) => `logs/${code}`),
)

export interface FollowOptions {
  readonly interval: number
  readonly until?: string
  readonly notify?: string
  readonly onFail?: string
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

/** Verdicts that are not those of the look before, with why. */
function changes(
  before: ReadonlyMap<string, string>,
  now: ReadonlyMap<string, string>,
  { runs }: LogAnalysis,
): Change[] {
  return [...now].flatMap(([id, verdict]) => {
    const run = runs.find((r) => r.run.id === id)
    if (run === undefined || before.get(id) === verdict) return []
    const reason = run.verdictEvents.find((e) => e.confidence !== 'weak' && e.code !== 'truncated')?.text
    const was = before.get(id)
    return [
      {
        run: id,
        step: run.prepared.lastStep,
        verdict,
        ...(was === undefined ? {} : { before: was }),
        ...(reason === undefined ? {} : { reason }),
        failed: statusOfVerdict(run.verdict) === 'fail',
      },
    ]
  })
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
 * plan, when every stream among the logs has ended, on Ctrl-C (exit code 130), or (with `--until fail`) at the first run that fails; the last look is the outcome.
 */
export async function followLogs(
  look: () => Promise<Look>,
  options: FollowOptions,
  io: Pick<Io, 'note'>,
  isOver: () => boolean = () => false,
): Promise<Outcome> {
  const alarm = alarmOf(options, io.note)
  const signal = interruptSignal(() => io.note('stopping'))
  let before: ReadonlyMap<string, string> = new Map()
  let last: Look | undefined
  let waiting: string | undefined
  for (;;) {
    const started = performance.now()
    const usage = process.cpuUsage()
    // What came before the end was written is seen by this look.
    const isLast = isOver()
    try {
      last = await look()
      waiting = undefined
    } catch (error) {
      // A log that has only just begun (or is being rotated) is no error yet.
      if (!(error instanceof AssayError) || !PASSES.has(error.code)) throw error
      // … but at the end of a stream nothing more will come.
      if (isLast && last === undefined) throw error
      if (waiting !== error.code) io.note(waitingText(error))
      waiting = error.code
    }
    if (last !== undefined) {
      const now = verdicts(last.analysis)
      for (const change of changes(before, now, last.analysis)) {
        io.note(`${new Date().toISOString().slice(11, 19)}  ${changeText(change)}`)
        // A first look at a sound run is no news to those who are not watching.
        if (change.before !== undefined || change.failed) await alarm(change)
      }
      before = now
      const failed = curveExitCode(last.analysis) === 1
      if ((failed && options.until === 'fail') || isComplete(last.analysis)) return last
    }
    if (isLast && last !== undefined) return last
    if (signal.aborted) return interrupted(last)
    // Of the processor's time: on a busy machine a look lasts longer, but costs no more.
    const { user, system } = process.cpuUsage(usage)
    const spent = (user + system) / 1e6
    const passed = (performance.now() - started) / 1000
    // What is written right behind this look's reading is told by the end of the next one, which may last as long.
    const pause = 1000 * Math.max(options.interval - 2 * passed, spent / BUSY_SHARE - passed, 0)
    await sleep(pause, undefined, { signal }).catch(() => undefined)
    if (signal.aborted) return interrupted(last)
  }
}
