/**
 * Pieces cut at random from healthy logs, as a log is that begins in the middle of its run: none of them is ill.
 * Run by itself it prints those that are called so: npx tsx bench/curve/pieces.ts
 */
import { argv } from 'node:process'
import { pathToFileURL } from 'node:url'
import { mapColumns } from '../../src/core/curve/pieces/columns.js'
import {
  createRandom,
  judgeRun,
  type RunJudgement,
  statusOfVerdict,
  type TrainingRun,
} from '../../src/core/index.js'
import { HEALTHY, type Known, ladderRuns, publicLogs } from './known.js'

/** Pieces that are cut, rows of the shortest, and the share of a log that the longest has. */
const PIECES = 400
const LEAST_ROWS = 40
const LARGEST_SHARE = 0.6

/** Rows `from` to `to` of a run, by themselves: what the log said of the whole is not known to them. */
export function piece(run: TrainingRun, from: number, to: number): TrainingRun {
  const { plannedSteps: _, ...rest } = run
  return {
    ...rest,
    id: `${run.id} rows ${from}–${to}`,
    ...mapColumns(run, (column) => column.slice(from, to)),
    nonFinite: run.nonFinite
      .filter((r) => r.toRow >= from && r.row < to)
      .map((r) => ({ ...r, row: Math.max(0, r.row - from), toRow: Math.min(to - 1, r.toRow) - from })),
    notes: [],
  }
}

/** Judgements of pieces cut at random from runs of enough losses, every run as often as any other. */
export function judgePieces(known: readonly Known[], seed: number): RunJudgement[] {
  const random = createRandom(seed)
  const runs = known
    .filter((k) => HEALTHY.has(k.expected) && k.run.prepared.restarts.length === 0)
    .map(({ name, run }) => ({ ...run.run, id: name }))
    .filter((run) => run.step.length * LARGEST_SHARE > LEAST_ROWS)
  return Array.from({ length: PIECES }, (_, i) => {
    const run = runs[i % runs.length]
    const n = run.step.length
    // Lengths by their logarithm: as many of fifty rows as of thousands.
    const span = Math.log((LARGEST_SHARE * n) / LEAST_ROWS)
    const rows = Math.floor(LEAST_ROWS * Math.exp(random.uniform() * span))
    const from = Math.floor(random.uniform() * (n - rows))
    return judgeRun(piece(run, from, from + rows))
  })
}

if (import.meta.url === pathToFileURL(argv[1] ?? '').href) {
  const pieces = judgePieces([...(await publicLogs()), ...(await ladderRuns())], 16)
  const ill = pieces.filter((p) => statusOfVerdict(p.verdict) === 'fail')
  for (const { run, verdict, verdictEvents } of ill)
    console.log(`${verdict}  ${run.id}: ${verdictEvents.find((e) => e.confidence !== 'weak')?.text}`)
  console.log(`${ill.length} of ${pieces.length} pieces called ill`)
}
