/**
 * Kinds of logs that were judged wrongly when they were first seen, each with three variants made here: what is
 * expected follows from how the variant is made.
 */
import { describe, expect, it } from 'vitest'
import { analyseLogs, createRandom, type JudgedRun, statusOfVerdict } from '../../src/core/index.js'
import { readLogs } from '../../src/ingest/index.js'
import { scratch } from './files.js'

const file = scratch()

async function judgeFiles(
  ...files: readonly (readonly [name: string, content: string])[]
): Promise<JudgedRun[]> {
  const paths = files.map(([name, content]) => file(name, content))
  return [...analyseLogs({ runs: await readLogs(paths, { columns: {} }) }).runs]
}

const csv = (columns: string, rows: readonly (readonly (number | string)[])[]): string =>
  [columns, ...rows.map((row) => row.join(','))].join('\n')

/** Steps from `first` on, `every` apart. */
const stepsFrom = (first: number, every: number, rows: number): number[] =>
  Array.from({ length: rows }, (_, i) => first + i * every)

describe('a log that begins in the middle of its run', () => {
  it.each([
    { first: 10_000, every: 50, rows: 40, seed: 1 },
    { first: 3_000, every: 1, rows: 60, seed: 2 },
    { first: 250_000, every: 100, rows: 900, seed: 3 },
  ])('from step $first on is not stuck, whatever its level', async ({ first, every, rows, seed }) => {
    const random = createRandom(seed)
    // From 6.1 on by a hundredth of a nat in all: far too slow for the start of training.
    const table = stepsFrom(first, every, rows).map((step, i) => [
      step,
      (6.1 - (0.01 * i) / rows + 0.06 * random.normal()).toFixed(4),
    ])
    const [run] = await judgeFiles([`middle-${seed}.csv`, csv('step,loss', table)])
    expect(run.events.map((e) => e.code)).not.toContain('stuck')
    expect(statusOfVerdict(run.verdict)).not.toBe('fail')
  })

  it('is still stuck when it begins at its start', async () => {
    const random = createRandom(4)
    const table = stepsFrom(0, 50, 60).map((step) => [step, (6.1 + 0.06 * random.normal()).toFixed(4)])
    const [run] = await judgeFiles(['start.csv', csv('step,loss', table)])
    expect(run.verdict).toBe('stuck')
  })
})

describe('fifty steps of a run that goes on falling', () => {
  it.each([5, 6, 7])('whose losses wander (seed %i) are not degraded', async (seed) => {
    const random = createRandom(seed)
    let wandering = 0
    const table = stepsFrom(800, 1, 50).map((step, i) => {
      // A memory of .9 and a deviation of .1: .1·√(1 − .9²) a step.
      wandering = 0.9 * wandering + 0.0436 * random.normal()
      return [step, (4.45 - 0.001 * i + wandering).toFixed(2)]
    })
    const [run] = await judgeFiles([`fifty-${seed}.csv`, csv('step,loss', table)])
    expect(statusOfVerdict(run.verdict)).not.toBe('fail')
  })
})
