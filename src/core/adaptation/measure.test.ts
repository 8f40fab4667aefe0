import { describe, expect, it } from 'vitest'
import { estimated } from '../../../test/estimated.js'
import type { AdaptationEvidence, AdaptationOutcome } from '../evidence/index.js'
import { measureAdaptation } from './measure.js'
import { readScores } from './trial.js'

const LEVEL = 0.95
const times = <T>(n: number, of: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => of(i))

function outcome(own: Partial<AdaptationOutcome> & { item: string }): AdaptationOutcome {
  return { task: 't', condition: 'given', k: 0, draw: 0, cluster: own.item, margin: 0, correct: 0, ...own }
}

function evidence(outcomes: readonly AdaptationOutcome[]): AdaptationEvidence {
  return {
    tasks: [{ task: 't', kind: 'labels', chance: 0.5, items: 4, draws: 2, shots: [0, 2], leftOut: [] }],
    outcomes,
    tokens: { evaluated: 0, naive: 0 },
    prefixToken: 'none',
    prefixChoice: 'auto',
  }
}

describe('readScores', () => {
  it('takes the best wrong choice, and shares a tie', () => {
    expect(readScores([-1, -3, -2], 0)).toEqual({ margin: 1, correct: 1 })
    expect(readScores([-4, -3, -2], 0)).toEqual({ margin: -2, correct: 0 })
    expect(readScores([-2, -2, -2, -5], 1)).toEqual({ margin: 0, correct: 1 / 3 })
  })
})

describe('measureAdaptation', () => {
  // Item i has the margin i without shots; two shots add 1 in draw 0 and 3 in draw 1, flipped ones take 2 away.
  const items = times(4, (i) => `i${i}`)
  const none = items.map((item, i) => outcome({ item, margin: i, correct: i > 0 ? 1 : 0 }))
  const given = items.flatMap((item, i) =>
    [0, 1].map((draw) => outcome({ item, draw, k: 2, margin: i + 1 + 2 * draw, correct: 1 })),
  )
  const flipped = given.map((o) => ({
    ...o,
    condition: 'flipped' as const,
    margin: o.margin - 2,
    correct: 0,
  }))
  const [task] = measureAdaptation(evidence([...none, ...given, ...flipped]), LEVEL).tasks

  it('means margins and accuracies over items and draws', () => {
    expect(task!.shots.map((p) => p.k)).toEqual([0, 2])
    expect(estimated(task!.shots[0]!.margin).value).toBeCloseTo(1.5)
    expect(estimated(task!.shots[0]!.accuracy).value).toBeCloseTo(0.75)
    // (0 + 1 + 2 + 3)/4 + (1 + 3)/2
    expect(estimated(task!.shots[1]!.margin).value).toBeCloseTo(3.5)
    expect(task!.controls.map((c) => [c.name, c.shots.map((p) => p.k)])).toEqual([['flipped', [2]]])
  })

  it('pairs items, so that what makes one hard cancels out, and counts draws in the interval', () => {
    const gain = estimated(task!.gain)
    expect(gain.value).toBeCloseTo(2)
    // Both draws move all items alike: means 1 and 3, variance of their mean 1, t(1) at .975 = 12.706.
    expect(gain.interval.high - gain.value).toBeCloseTo(12.706, 0)
    const worth = estimated(task!.labelsWorth)
    expect(worth.value).toBeCloseTo(2)
    // The same difference for every item and draw; nats have no smallest step that could hide between items.
    expect(worth.interval.high - worth.value).toBeCloseTo(0)
  })

  it('is not certain of pairs that are all half right: so many of others may not be', () => {
    const pairs = times(16, (i) => i).flatMap((i) =>
      [0, 1].map((side) => outcome({ item: `${i}/${side}`, cluster: `${i}`, correct: side })),
    )
    const { value, interval } = estimated(
      measureAdaptation(evidence(pairs), LEVEL).tasks[0]!.shots[0]!.accuracy,
    )
    expect(value).toBe(0.5)
    // 1 − .05^(1/16) = .171 of other pairs may have one answer more right, half of theirs: .085.
    expect(interval.high).toBeCloseTo(0.5 + (1 - 0.05 ** (1 / 16)) / 2, 10)
    expect(interval.low).toBeCloseTo(0.5 - (1 - 0.05 ** (1 / 16)) / 2, 10)
  })

  it('keeps accuracies within 0 and 1, and says why there is no interval', () => {
    for (const { accuracy } of task!.shots) {
      const { interval } = estimated(accuracy)
      expect(interval.low).toBeGreaterThanOrEqual(0)
      expect(interval.high).toBeLessThanOrEqual(1)
    }
    const [single] = measureAdaptation(evidence([outcome({ item: 'only' })]), LEVEL).tasks
    expect(single!.shots[0]!.accuracy.kind).toBe('notEstimable')
    expect(single!.gain.kind).toBe('notEstimable')
  })
})
