import { judgeRun, type TrainingRun } from '../../../src/core/index.js'
import { wilson } from '../wilson.js'
import type { StressCase } from './cases.js'
import { changesOf, tailsOf } from './changed.js'
import { madeUpCases } from './made-up.js'

/** How the cases of one kind fared. */
export interface Fared {
  readonly kind: string
  readonly accepted: readonly string[]
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
export function stress(healthy: readonly TrainingRun[], diverged: readonly TrainingRun[]): Fared[] {
  const tails = tailsOf(diverged)
  const kinds = new Map<string, Fared>()
  const judgeAll = (cases: readonly StressCase[]): void => {
    for (const test of cases) {
      const fared = kinds.get(test.kind) ?? {
        kind: test.kind,
        accepted: test.accepted,
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
  }
  healthy.forEach((run, i) => {
    judgeAll(changesOf(run, tails, i + 1))
  })
  judgeAll(madeUpCases())
  return [...kinds.values()]
}

/** The tally as lines of Markdown. */
export function stressTable(fared: readonly Fared[]): string[] {
  return [
    '| what was done | cases | verdict as expected | step named | other verdicts |',
    '|---|---|---|---|---|',
    ...fared.map(
      (f) =>
        `| ${f.kind} | ${f.cases} | ${wilson(f.agreed, f.cases)} | ${f.withEvent === 0 ? '' : `${f.placed} of ${f.withEvent}`} | ${[...f.wrong].map(([v, names]) => `${v} ${names.length}`).join(', ')} |`,
    ),
  ]
}
