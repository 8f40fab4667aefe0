import { describe, expect, it } from 'vitest'
import { createRandom } from '../random/index.js'
import { studentQuantile } from '../stats/student.js'
import {
  chanceCentredGain,
  cleanSubsetGain,
  gainAtLastSize,
  idOodDifference,
  minimumDetectableEffect,
  pretrainingGain,
  retainedShare,
} from './gain.js'
import { gainDesign, type Outcome } from './outcomes.js'
import { curveGroups, curveReach } from './reach.js'
import { sampleEfficiency } from './sample-efficiency.js'

/** Rows of both arms from a table of scores: one entry an item, one score a seed. */
function arms(
  pretrained: readonly (readonly number[])[],
  scratch: readonly (readonly number[])[],
  more: Partial<Outcome> = {},
): Outcome[] {
  const rows = (arm: Outcome['arm'], scores: readonly (readonly number[])[]): Outcome[] =>
    scores.flatMap((own, i) =>
      own.map((score, s) => ({ arm, n: 16, seed: `${s}`, split: 'id', item: `${i}`, score, ...more })),
    )
  return [...rows('pretrained', pretrained), ...rows('scratch', scratch)]
}

const pointOf = (e: ReturnType<typeof pretrainingGain>): number =>
  e.kind === 'estimate' ? e.value : Number.NaN
const halfOf = (e: ReturnType<typeof pretrainingGain>): number =>
  e.kind === 'estimate' ? e.value - e.interval.low : Number.NaN

describe('pre-training gain', () => {
  it('of one seed is the mean of paired differences, its error their deviation over √items', () => {
    // Differences 1, 0, 1, 0: mean .5, variance 1/3; error √(1/12), beside the half item's .5/16.
    const design = gainDesign(arms([[1], [1], [1], [0]], [[0], [1], [0], [0]]))
    const gain = pretrainingGain(design, 0.9)
    expect(gain).toMatchObject({ kind: 'estimate', value: 0.5, unit: 'accuracy', n: 4 })
    expect(halfOf(gain)).toBeCloseTo(studentQuantile(0.95, 3) * Math.sqrt(1 / 12 + 0.5 / 16), 12)
  })

  it('adds what seeds do: the t of two degrees on the variance of three seeds’ means', () => {
    // Every item answers alike: gains of the seeds are 1, 0, .5. No item differs, so seeds make all of it but half an item.
    const pre = [
      [1, 0, 0.5],
      [1, 0, 0.5],
    ]
    const gain = pretrainingGain(
      gainDesign(
        arms(pre, [
          [0, 0, 0],
          [0, 0, 0],
        ]),
      ),
      // At .9 it would reach beyond −1 and be cut there.
      0.2,
    )
    expect(pointOf(gain)).toBeCloseTo(0.5, 12)
    // Variance of 1, 0, .5 is .25, of their mean .25/3; half an item of two: .5·(1/2)².
    const seeds = studentQuantile(0.6, 2) ** 2 * (0.25 / 3)
    const items = studentQuantile(0.6, 1) ** 2 * 0.125
    expect(halfOf(gain)).toBeCloseTo(Math.sqrt(seeds + items), 10)
  })

  it('takes clusters of items as one: twice the items in pairs that agree tell no more', () => {
    const single = arms([[1], [1], [1], [0]], [[0], [1], [0], [0]])
    const twice = single.flatMap((row) => [
      { ...row, cluster: row.item },
      { ...row, item: `${row.item}b`, cluster: row.item },
    ])
    const [a, b] = [single, twice].map((rows) => pretrainingGain(gainDesign(rows), 0.9))
    expect(pointOf(b)).toBeCloseTo(pointOf(a), 12)
    // Only the half item is halved: 1/12 of the clusters stays.
    expect(halfOf(b)).toBeCloseTo(studentQuantile(0.95, 3) * Math.sqrt(1 / 12 + 0.5 / 64), 12)
  })

  it('weights training-set sizes alike, or takes one; size 0 is no training', () => {
    const rows = [
      ...arms([[1], [1]], [[0], [0]]),
      ...arms([[1], [0]], [[1], [0]], { n: 64 }),
      ...arms([[0], [0]], [[1], [1]], { n: 0 }),
    ]
    const design = gainDesign(rows)
    expect(design.sizes).toEqual([16, 64])
    expect(pointOf(pretrainingGain(design, 0.9))).toBeCloseTo(0.5, 12)
    expect(pointOf(pretrainingGain(design, 0.9, 'id', 16))).toBeCloseTo(1, 12)
  })

  it('is not made surer by seeds that were trained at other sizes alone', () => {
    const single = arms([[1], [1], [1], [0]], [[0], [1], [0], [0]])
    const others = arms(
      [
        [1, 0],
        [1, 1],
        [0, 1],
        [0, 0],
      ],
      [
        [0, 0],
        [1, 1],
        [0, 1],
        [0, 0],
      ],
      { n: 0 },
    )
    const [alone, beside] = [single, [...single, ...others]].map((rows) =>
      pretrainingGain(gainDesign(rows), 0.9),
    )
    expect(halfOf(beside)).toBeCloseTo(halfOf(alone), 12)
  })

  it('is not certain where both arms agree on every item', () => {
    const gain = pretrainingGain(gainDesign(arms([[1], [1], [0]], [[1], [1], [0]])), 0.9)
    expect(pointOf(gain)).toBe(0)
    expect(halfOf(gain)).toBeGreaterThan(0.1)
  })

  it('has no estimate for an untested split or size, or a single item; scores must be finite', () => {
    const design = gainDesign(arms([[1], [1]], [[0], [1]]))
    expect(pretrainingGain(design, 0.9, 'ood').kind).toBe('notEstimable')
    expect(pretrainingGain(design, 0.9, 'id', 99).kind).toBe('notEstimable')
    expect(pretrainingGain(gainDesign(arms([[1]], [[0]])), 0.9).kind).toBe('notEstimable')
    expect(minimumDetectableEffect(design, 0.9, 0.8, 'ood')).toBeNull()
    expect(() => gainDesign(arms([[Number.NaN]], [[0]]))).toThrow('score of 0 (pretrained, n = 16) is NaN')
    expect(() => gainDesign([])).toThrow(RangeError)
  })

  it('knows seeds that the arms do not share as drawn apart', () => {
    const everyItem = Array.from({ length: 40 }, () => [1, 0, 1])
    const shared = arms(everyItem, everyItem)
    const apart = shared.map((row) => (row.arm === 'scratch' ? { ...row, seed: `s${row.seed}` } : row))
    // What a shared seed does to both arms cancels out; drawn apart, each arm's seeds vary by themselves.
    expect(gainDesign(shared).pairedSeeds).toBe(true)
    expect(gainDesign(apart).pairedSeeds).toBe(false)
    expect(halfOf(pretrainingGain(gainDesign(apart), 0.9))).toBeGreaterThan(
      2 * halfOf(pretrainingGain(gainDesign(shared), 0.9)),
    )
  })
})

describe('relatives of the gain', () => {
  it('chance-centred is the gain over 1 − chance, interval and all', () => {
    const design = gainDesign(arms([[1], [1], [1], [0]], [[0], [1], [0], [0]]))
    const [gain, centred] = [pretrainingGain(design, 0.9), chanceCentredGain(design, 0.25, 0.9)]
    expect(pointOf(centred)).toBeCloseTo(pointOf(gain) / 0.75, 12)
    expect(halfOf(centred)).toBeCloseTo(halfOf(gain) / 0.75, 12)
  })

  it('ID − OOD is the difference of the two gains', () => {
    const rows = [
      ...arms([[1], [1], [1], [0]], [[0], [1], [0], [0]]),
      ...arms([[1], [0], [0], [0]], [[0], [0], [0], [0]], { split: 'ood' }),
    ]
    expect(pointOf(idOodDifference(gainDesign(rows), 0.9))).toBeCloseTo(0.5 - 0.25, 12)
  })

  it('the clean subset leaves out items that are contaminated or were not looked up', () => {
    const rows = arms([[1], [1], [1], [0]], [[0], [1], [0], [0]])
    expect(cleanSubsetGain(rows, 0.9).kind).toBe('notEstimable')
    const known = rows.map((row) => ({ ...row, contaminated: row.item === '0' }))
    // Items 1, 2, 3: differences 0, 1, 0.
    expect(pointOf(cleanSubsetGain(known, 0.9))).toBeCloseTo(1 / 3, 12)
    for (const [flag, reason] of [
      [true, /all stand in the pre-training corpus/],
      [null, /of none could it be decided/],
    ] as const) {
      const flagged = rows.map((row) => ({ ...row, contaminated: flag }))
      // What is clean out of distribution is no item of these.
      const elsewhere = rows.map((row) => ({ ...row, split: 'ood' as const, contaminated: false }))
      for (const all of [flagged, [...flagged, ...elsewhere]])
        expect(cleanSubsetGain(all, 0.9)).toMatchObject({ reason: expect.stringMatching(reason) })
    }
  })

  it('the retained share is a ratio above chance, in an interval that holds it, and none of an arm at chance', () => {
    const random = createRandom(1)
    const scores = (share: number) => Array.from({ length: 400 }, () => [random.uniform() < share ? 1 : 0])
    const design = gainDesign(arms(scores(0.8), scores(0.5)))
    const kept = retainedShare(design, 0.25, 0.9)
    const mean = (arm: string) => design.groups.find((g) => g.arm === arm)?.mean ?? Number.NaN
    expect(pointOf(kept)).toBeCloseTo((mean('scratch') - 0.25) / (mean('pretrained') - 0.25), 12)
    // The delta method's error: √(.5·.5 + r²·.8·.2)/√400/.55 with r = .45 is .049; t is 1.65.
    expect(halfOf(kept)).toBeGreaterThan(0.06)
    expect(halfOf(kept)).toBeLessThan(0.1)
    expect(retainedShare(gainDesign(arms(scores(0.27), scores(0.25))), 0.25, 0.9).kind).toBe('notEstimable')
  })

  it('the smallest detectable gain adds the width of the power to that of the interval', () => {
    const design = gainDesign(arms([[1], [1], [1], [0]], [[0], [1], [0], [0]]))
    const error = Math.sqrt(1 / 12 + 0.5 / 16)
    expect(minimumDetectableEffect(design, 0.9)).toBeCloseTo(
      (studentQuantile(0.95, 3) + studentQuantile(0.8, 3)) * error,
      12,
    )
  })
})

describe('sizes that a split lacks', () => {
  // ID at 64 and 256, OOD at 16, too; 400 items, one seed; k tenths of them right.
  const right: [Outcome['split'], number, number, number][] = [
    ['id', 64, 8, 4],
    ['id', 256, 9, 7],
    ['ood', 16, 3, 3],
    ['ood', 64, 6, 5],
    ['ood', 256, 9, 5],
  ]
  const outcomes = right.flatMap(([split, n, pretrained, scratch]) =>
    (['pretrained', 'scratch'] as const).flatMap((arm) =>
      Array.from({ length: 400 }, (_, i) => ({
        arm,
        n,
        seed: '0',
        split,
        item: `${i}`,
        score: i < 40 * (arm === 'pretrained' ? pretrained : scratch) ? 1 : 0,
      })),
    ),
  )
  const design = gainDesign(outcomes)

  it('are not asked of it: each gain is of the sizes that its split has, a difference of those that both have', () => {
    expect(pointOf(pretrainingGain(design, 0.9))).toBeCloseTo((0.4 + 0.2) / 2, 12)
    expect(pointOf(pretrainingGain(design, 0.9, 'ood'))).toBeCloseTo((0 + 0.1 + 0.4) / 3, 12)
    expect(pointOf(idOodDifference(design, 0.9))).toBeCloseTo((0.4 + 0.2) / 2 - (0.1 + 0.4) / 2, 12)
    expect(pointOf(gainAtLastSize(design, 0.9))).toBeCloseTo(0.2 - 0.4, 12)
  })

  it('do not shift the others: scratch reaches .6 between 64 and 256', () => {
    const curve = curveGroups(design, 'scratch', 'id')
    // ln error falls from .6 to .3 over ln 4: .4 is ln 1.5/ln 2 of the way.
    const n = 64 * 4 ** (Math.log(1.5) / Math.log(2))
    expect(curveReach(curve, (g) => g.mean, 0.6).n).toBeCloseTo(n, 8)
    const found = sampleEfficiency(design, null, createRandom(1), 0.9, 'id', 0.6)
    expect(found.scratchExamples).toMatchObject({ kind: 'estimate', value: expect.closeTo(n, 8) })
  })
})
