import { judgeRun, type TrainingRun } from '../../../src/core/index.js'
import { wilson } from '../wilson.js'
import type { StressCase } from './cases.js'
import { changesOf } from './changed.js'
import { type Tails, tailsOf } from './damage.js'
import { madeUpCases } from './made-up.js'

/** How the cases of one kind fared. */
interface Fared {
  readonly kind: string
  cases: number
  agreed: number
  /** Cases whose event is named at its step, of those with one. */
  placed: number
  withEvent: number
  readonly wrong: Map<string, string[]>
}

function isPlaced(test: StressCase, events: readonly { code: string; fromStep: number }[]): boolean {
  const { event } = test
  return (
    event === undefined ||
    events.some(
      (e) => event.codes.some((c) => c === e.code) && Math.abs(e.fromStep - event.step) <= event.tolerance,
    )
  )
}

/** Judge every case; the tally by kind, in the order of the cases. */
function tally(cases: Iterable<StressCase>): Map<string, Fared> {
  const kinds = new Map<string, Fared>()
  for (const test of cases) {
    const fared = kinds.get(test.kind) ?? {
      kind: test.kind,
      cases: 0,
      agreed: 0,
      placed: 0,
      withEvent: 0,
      wrong: new Map<string, string[]>(),
    }
    kinds.set(test.kind, fared)
    const { verdict, events } = judgeRun(test.run)
    fared.cases++
    if (test.accepted.includes(verdict)) fared.agreed++
    else fared.wrong.set(verdict, [...(fared.wrong.get(verdict) ?? []), test.name])
    if (test.event === undefined) continue
    fared.withEvent++
    if (isPlaced(test, events)) fared.placed++
  }
  return kinds
}

function* changesOfAll(runs: readonly TrainingRun[], tails: Tails): Generator<StressCase> {
  for (const [i, run] of runs.entries()) yield* changesOf(run, tails, i + 1)
}

function* both(first: Iterable<StressCase>, second: Iterable<StressCase>): Generator<StressCase> {
  yield* first
  yield* second
}

function cell(fared: Fared | undefined): string {
  if (fared === undefined) return ''
  const wrong = [...fared.wrong].map(([verdict, names]) => `${verdict} ${names.length}`)
  return `${fared.agreed} of ${fared.cases}${wrong.length === 0 ? '' : ` (${wrong.join(', ')})`}`
}

function placed(...fared: readonly (Fared | undefined)[]): string {
  const sum = (of: (f: Fared) => number): number =>
    fared.reduce((total, f) => total + (f === undefined ? 0 : of(f)), 0)
  const cases = sum((f) => f.withEvent)
  return cases === 0 ? '' : `${sum((f) => f.placed)} of ${cases}`
}

function total(fared: Iterable<Fared>): string {
  let cases = 0
  let agreed = 0
  for (const f of fared) {
    cases += f.cases
    agreed += f.agreed
  }
  return cases === 0 ? '' : `${agreed} of ${cases}: ${wilson(agreed, cases)}`
}

/**
 * The stress set as lines of Markdown.
 * @param lookedAt runs on which thresholds were set
 * @param others   runs that were judged once afterwards
 * @param diverged runs whose tails are spliced into healthy ones
 */
export function stressLines(
  lookedAt: readonly TrainingRun[],
  others: readonly TrainingRun[],
  diverged: readonly TrainingRun[],
): string[] {
  const tails = tailsOf(diverged)
  const seen = tally(both(changesOfAll(lookedAt, tails), madeUpCases()))
  const unseen = tally(changesOfAll(others, tails))
  const kinds = [...new Set([...seen.keys(), ...unseen.keys()])]
  return [
    '| what was done | verdict as expected, looked at | others | step |',
    '|---|---|---|---|',
    ...kinds.map((kind) => {
      const [a, b] = [seen.get(kind), unseen.get(kind)]
      return `| ${kind} | ${cell(a)} | ${cell(b)} | ${placed(a, b)} |`
    }),
    `| **all** | ${total(seen.values())} | ${total(unseen.values())} | ${placed(...seen.values(), ...unseen.values())} |`,
  ]
}
