/** The ladder's ill runs, cut before and behind their fault: ill from the fault on, and not before. */
import { analyseLogs, statusOfVerdict } from '../../src/core/index.js'
import type { Known } from './known.js'
import { piece } from './pieces.js'

/** Where a fault begins, and where it can be seen at the latest; the last row at which it is still one. */
interface Fault {
  readonly from: number
  readonly seen: number
  readonly until?: number
  /** Seen beside the healthy twin alone: by itself the run only learns slowly. */
  readonly byReference?: true
}

/** ladder/train/plan.json says where each begins. */
const FAULTS: Readonly<Record<string, Fault>> = {
  // 25 batches of random tokens; the loss is within noise of the twin's again some sixty steps later.
  'ladder bad-data-burst': { from: 900, seen: 904, until: 930 },
  'ladder float16-overflow': { from: 904, seen: 906 },
  // The rate passes the twin's peak at its second step and .1 at the fourteenth: the loss turns within the warm-up.
  'ladder learning-rate-too-high': { from: 60, seen: 240 },
  'ladder no-warm-up-high-rate': { from: 1, seen: 100, byReference: true },
  // Rows: step 701 is written again in row 1001, and a tenth of the way must be done again to tell it from an overlap.
  'ladder restart-from-older': { from: 1001, seen: 1010 },
  // A tail of a tenth of the run.
  'ladder schedule-ends-early': { from: 1121, seen: 1246 },
}
const BEFORE = [0.4, 0.6, 0.8, 0.9, 0.97, 0.999]
const BEHIND = [0, 0.03, 0.1, 0.2, 0.4, 0.6, 0.8, 1]

interface Cut {
  readonly name: string
  readonly rows: number
  readonly isIll: boolean
  readonly verdict: string
}

/** Every cut of every fault with its verdict. */
export function judgeIllCuts(known: readonly Known[]): Cut[] {
  const twin = known.find((k) => k.name === 'ladder healthy-twin')?.run.run
  return known.flatMap(({ name, run: { run } }) => {
    const fault = FAULTS[name]
    if (fault === undefined || twin === undefined) return []
    const { from, seen, until = run.step.length, byReference = false } = fault
    const before = BEFORE.map((share) => Math.floor(share * (from - 1))).filter((rows) => rows >= 8)
    const behind = BEHIND.map((share) => Math.round(seen + share * (until - seen)))
    return [...before, ...behind].map((rows) => {
      const cut = piece(run, 0, rows)
      const [judged] = analyseLogs(
        byReference ? { runs: [cut, twin], reference: twin.id } : { runs: [cut] },
      ).runs
      return { name, rows, isIll: rows >= seen, verdict: judged.verdict }
    })
  })
}

export function illCutLines(known: readonly Known[]): string[] {
  const cuts = judgeIllCuts(known)
  const names = [...new Set(cuts.map((c) => c.name))]
  const list = (part: readonly Cut[]): string => part.map((c) => `${c.rows} ${c.verdict}`).join(', ')
  const isRight = (c: Cut): boolean => (statusOfVerdict(c.verdict as never) === 'fail') === c.isIll
  return [
    'Each run is cut before its fault and behind it, up to its end or to where it is over, and judged as if that were all; `ill` is a verdict with exit code 1. `no-warm-up-high-rate` learns slowly from its first step on and is held against its healthy twin (`--reference`). Of `no-warm-up` nothing is ill to be seen: it ends .006 nats from its twin, and the missing warm-up is told.',
    '',
    '| run | cut before its fault, row and verdict | behind it | right |',
    '|---|---|---|---|',
    ...names.map((name) => {
      const own = cuts.filter((c) => c.name === name)
      return `| ${name} | ${list(own.filter((c) => !c.isIll))} | ${list(own.filter((c) => c.isIll))} | ${own.filter(isRight).length} of ${own.length} |`
    }),
  ]
}
