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

describe('a spike', () => {
  /** Flat at 3.8, up at row 29 by a height, and from there down to where it stays. */
  const rowsOf = (height: number, end: number, rows: number): [number, string][] =>
    stepsFrom(0, 1, rows).map((step, i) => [
      step,
      (i < 29 ? 3.8 + 1.2 * 0.7 ** i : end + height * 0.85 ** (i - 29)).toFixed(4),
    ])

  it.each([
    { height: 3, end: 4.2, rows: 70 },
    { height: 2, end: 4.22, rows: 120 },
    { height: 5, end: 4.25, rows: 300 },
  ])(
    'that never came back ($height nats, $rows rows) is named once, and as that',
    async ({ height, end, rows }) => {
      const [run] = await judgeFiles([`lost-${rows}.csv`, csv('step,loss', rowsOf(height, end, rows))])
      expect(run.verdict).toBe('spiked-not-recovered')
      const peak = run.events.filter((e) => e.fromStep <= 29 && e.toStep >= 29)
      expect(peak.map((e) => e.code)).toEqual(['not-recovered'])
      // Its height stands in the sentence: 3.8 and what the end keeps of it.
      expect(peak[0].text).toContain(`up to ${(end + height).toFixed(2)} at step 29`)
    },
  )

  it.each([
    { gap: 28, interval: 1 },
    { gap: 300, interval: 10 },
    { gap: 90, interval: 4 },
  ])('behind a gap of $gap steps came back somewhere in it', async ({ gap, interval }) => {
    const table = stepsFrom(0, interval, 80).flatMap((step, i): [number, string][] => {
      const loss = 3 + 2 * 0.9 ** i
      if (i < 40) return [[step, loss.toFixed(4)]]
      // Three losses high, then no row for a while.
      return i < 43 ? [[step, '6.0000']] : [[step + gap, loss.toFixed(4)]]
    })
    const [run] = await judgeFiles([`gap-${gap}.csv`, csv('step,loss', table)])
    const [spike] = run.events.filter((e) => e.code === 'spike' || e.code === 'slow-recovery')
    // High from step 40·interval to 42·interval, back at 43·interval + gap.
    expect(spike.text).toContain(`back within ${2 * interval + 1} to ${3 * interval + gap} steps`)
    expect(spike.code).toBe('spike')
  })

  it.each([1, 4, 12])('is never called lost beside a code that means back (%i high rows)', async (high) => {
    const table = stepsFrom(0, 5, 150).map((step, i) => [
      step,
      (i >= 90 && i < 90 + high ? 7 : 3 + 2 * 0.95 ** i).toFixed(4),
    ])
    const [run] = await judgeFiles([`back-${high}.csv`, csv('step,loss', table)])
    const spikes = run.events.filter((e) => e.code === 'spike' || e.code === 'slow-recovery')
    expect(spikes).toHaveLength(1)
    expect(spikes[0].text).toMatch(/back/)
    expect(run.events.every((e) => !e.text.includes('never back'))).toBe(true)
  })
})
