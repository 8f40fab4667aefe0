import { describe, expect, it } from 'vitest'
import { createRandom } from '../random/index.js'
import { meanDrawer } from './draws.js'
import { type Group, gainDesign, groupOf, type Outcome } from './outcomes.js'

const ITEMS = 50

/** Items of both arms at one size; scores by arm and seed, the same for every item. */
function armsOf(scores: Readonly<Record<Outcome['arm'], Readonly<Record<string, number>>>>): Outcome[] {
  return (['pretrained', 'scratch'] as const).flatMap((arm) =>
    Object.entries(scores[arm]).flatMap(([seed, score]) =>
      Array.from({ length: ITEMS }, (_, i) => ({
        arm,
        n: 16,
        seed,
        split: 'id' as const,
        item: `${i}`,
        score,
      })),
    ),
  )
}

/** How far each of 4,000 drawn means of an arm lies from the measured one. */
function deviations(outcomes: readonly Outcome[], arm: Outcome['arm']): number[] {
  const design = gainDesign(outcomes)
  const groups = (['pretrained', 'scratch'] as const).map((a) => groupOf(design, a, 16, 'id')) as Group[]
  const own = groups.find((g) => g.arm === arm) as Group
  const [draw, random] = [meanDrawer(design, groups), createRandom(1)]
  return Array.from({ length: 4000 }, () => Math.abs((draw(random).get(own) ?? Number.NaN) - own.mean))
}

const shareBeyond = (values: readonly number[], limit: number): number =>
  values.filter((v) => v > limit).length / values.length

describe('drawn means', () => {
  it('of three seeds that the arms do not share have the t of two degrees', () => {
    const outcomes = armsOf({
      pretrained: { a: 0.4, b: 0.5, c: 0.6 },
      scratch: { d: 0.2, e: 0.3, f: 0.4 },
    })
    // The standard error of the mean of .4, .5 and .6 is .1/√3. P(|t| > 2.920) is .10 at two degrees, .043 at four.
    const share = shareBeyond(deviations(outcomes, 'pretrained'), (2.92 * 0.1) / Math.sqrt(3))
    expect(share).toBeGreaterThan(0.08)
    expect(share).toBeLessThan(0.12)
  })

  it('of items that all agree vary by the half item that is always added', () => {
    const outcomes = armsOf({ pretrained: { a: 1 }, scratch: { a: 0 } })
    // Half an item of 50: √.5/50. Of t with 49 degrees 1.677 is passed by one in ten.
    const share = shareBeyond(deviations(outcomes, 'pretrained'), (1.677 * Math.sqrt(0.5)) / ITEMS)
    expect(share).toBeGreaterThan(0.08)
    expect(share).toBeLessThan(0.12)
  })
})
