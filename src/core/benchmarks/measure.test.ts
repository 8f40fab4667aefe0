import { describe, expect, it } from 'vitest'
import type { BenchmarkAnswer, BenchmarkTask, ChoicesEvidence } from '../evidence/index.js'
import { createRandom } from '../random/index.js'
import { exactMatch } from './exact-match.js'
import { itemScores } from './item-scores.js'
import { measureBenchmarks, pairedBenchmarks } from './measure.js'

const answer = (part: Partial<BenchmarkAnswer>): BenchmarkAnswer => ({
  task: 't',
  draw: 0,
  item: 'i',
  cluster: 'i',
  choice: 0,
  gold: 0,
  logLikelihood: null,
  unconditioned: null,
  tokens: 1,
  characters: 1,
  bytes: 1,
  scoredBytes: 1,
  greedy: null,
  answer: null,
  match: null,
  ...part,
})

const task: BenchmarkTask = {
  task: 't',
  output: 'multiple_choice',
  shots: 0,
  draws: [{ draw: 0, seed: 1234, template: 'own' }],
  chance: 0.5,
  metrics: ['acc', 'acc_norm'],
  version: 1,
  citation: null,
  source: null,
  licence: null,
  definitionSha256: 'd',
  itemsSha256: 'i',
  documents: 4,
  items: 4,
  leftOut: [],
  marked: { spanned: [], truncated: [], doubleBos: [], amongShots: [] },
}

const evidence = (
  answers: readonly BenchmarkAnswer[],
  about: Partial<BenchmarkTask> = {},
): ChoicesEvidence => ({
  tasks: [{ ...task, ...about }],
  answers,
  tokens: { evaluated: 1, naive: 1, trie: 1 },
  prefixToken: 'none',
  prefixChoice: 'auto',
  engine: 'e',
})

/** Items of two choices: the log-likelihoods of the right one and the wrong one. */
const pairs = (values: readonly (readonly [number, number])[], cluster = (i: number): string => `${i}`) =>
  values.flatMap(([right, wrong], i) =>
    [right, wrong].map((logLikelihood, choice) =>
      answer({ item: `${i}`, cluster: cluster(i), choice, gold: choice === 0 ? 1 : 0, logLikelihood }),
    ),
  )

describe('scores of an item', () => {
  // Right: −6 over 3 characters, 4 bytes, 2 tokens; wrong: −5 over 1 character, 1 byte, 5 tokens.
  // Sums prefer the wrong one (−5); a character −2 against −5, a byte −1.5 against −5: right; a token −3 against −1: wrong.
  const own = [
    answer({
      gold: 1,
      logLikelihood: -6,
      unconditioned: -9,
      characters: 3,
      bytes: 4,
      tokens: 2,
      scoredBytes: 5,
    }),
    answer({ choice: 1, logLikelihood: -5, unconditioned: -5, tokens: 5 }),
  ]

  it('are the argmax of sums, and of sums by characters, bytes, tokens and over those without the question', () => {
    // By mutual information 3 against 0: right.
    expect(itemScores(own)).toMatchObject({
      accuracy: 0,
      accuracyNorm: 1,
      accuracyBytes: 1,
      accuracyTokens: 0,
      accuracyPmi: 1,
      margin: -1,
      scoredBytes: 5,
    })
    expect(itemScores(own).bits).toBeCloseTo(6 / Math.LN2, 12)
  })

  it('give the Brier score over all choices', () => {
    // Shares 1/(1 + e) and e/(1 + e): (1/(1+e) − 1)² + (e/(1+e))² = 2 (e/(1+e))².
    expect(itemScores(own).brier).toBeCloseTo(2 * (Math.E / (1 + Math.E)) ** 2, 12)
    expect(itemScores(own).confidence).toBeCloseTo(Math.E / (1 + Math.E), 12)
  })

  it('take the first of equal choices, as argmax does, and any of several right ones', () => {
    const tie = [0, 1].map((choice) => answer({ choice, gold: choice, logLikelihood: -1 }))
    expect(itemScores(tie).accuracy).toBe(0)
    const several = [-3, -2, -1].map((logLikelihood, choice) =>
      answer({ choice, gold: choice === 1 ? 0 : 1, logLikelihood }),
    )
    expect(itemScores(several)).toMatchObject({ accuracy: 1, margin: 1, brier: null })
  })

  it('do not tell what is not known', () => {
    expect(itemScores([answer({ gold: 1, logLikelihood: -1 })])).toMatchObject({
      accuracy: null,
      accuracyPmi: null,
      margin: null,
      exactMatch: null,
    })
    expect(itemScores([answer({ gold: 1, logLikelihood: -1, greedy: 1 })])).toMatchObject({ accuracy: 1 })
  })
})

describe('scores of a task', () => {
  it('are means over items, bits per byte a ratio of sums', () => {
    const rows = pairs([
      [-1, -2],
      [-1, -2],
      [-1, -2],
      [-2, -1],
    ]).map((a) => ({ ...a, scoredBytes: 2 }))
    const [m] = measureBenchmarks(evidence(rows), createRandom(1), 0.95)
    expect(m.accuracy).toMatchObject({ value: 0.75, n: 4, unit: 'accuracy' })
    // (.75 − .5)/(1 − .5)
    expect(m.aboveChance).toMatchObject({ value: 0.5 })
    // Margins 1, 1, 1, −1.
    expect(m.margin).toMatchObject({ value: 0.5, unit: 'nats' })
    // 1 + 1 + 1 + 2 nats over 8 bytes.
    expect(m.bitsPerByte.kind === 'estimate' && m.bitsPerByte.value).toBeCloseTo(5 / Math.LN2 / 8, 12)
    expect(m.main.score).toBe('accuracy')
  })

  it('count passages, not items: two that share one are one', () => {
    const values = [
      [-1, -2],
      [-1, -2],
      [-2, -1],
      [-2, -1],
    ] as const
    const [apart] = measureBenchmarks(evidence(pairs(values)), createRandom(1), 0.95)
    const [shared] = measureBenchmarks(
      evidence(pairs(values, (i) => `${Math.floor(i / 2)}`)),
      createRandom(1),
      0.95,
    )
    expect([apart.accuracy, shared.accuracy].map((e) => e.kind === 'estimate' && e.n)).toEqual([4, 2])
    const width = ({ margin: e }: typeof apart): number =>
      e.kind === 'estimate' ? e.interval.high - e.interval.low : 0
    expect(width(shared)).toBeGreaterThan(width(apart))
  })

  it('do not average over the items that tell a score, where others do not', () => {
    const rows = pairs([
      [-1, -2],
      [-1, -2],
    ]).map((a, i) => ({ ...a, unconditioned: i < 2 ? -3 : null }))
    expect(measureBenchmarks(evidence(rows), createRandom(1), 0.95)[0].accuracyPmi.kind).toBe('notEstimable')
  })

  it('change item by item, and only where the same was asked', () => {
    const before = evidence(
      pairs([
        [-1, -2],
        [-2, -1],
        [-2, -1],
        [-1, -2],
      ]),
    )
    const after = evidence(
      pairs([
        [-1, -2],
        [-1, -2],
        [-2, -1],
        [-1, -2],
      ]),
    )
    // One of four items turned right.
    expect(pairedBenchmarks(before, after, 0.95)).toMatchObject([{ task: 't', difference: { value: 0.25 } }])
    expect(pairedBenchmarks(before, { ...after, tasks: [{ ...task, shots: 5 }] }, 0.95)).toEqual([])
    expect(pairedBenchmarks(before, { ...after, tasks: [{ ...task, definitionSha256: 'e' }] }, 0.95)).toEqual(
      [],
    )
  })
})

describe('exact match', () => {
  const rules = {
    ignoreCase: true,
    ignorePunctuation: true,
    ignoreNumbers: false,
    regexesToIgnore: ['\\bthe\\b'],
  }
  const none = { ignoreCase: false, ignorePunctuation: false, ignoreNumbers: false, regexesToIgnore: [] }

  it('compares after the filters and what the rules leave out', () => {
    const spaced = [{ name: 'remove_whitespace' }] as const
    expect(
      exactMatch(' Paris\n', ['paris'], { filters: spaced, exactMatch: { ...none, ignoreCase: true } }),
    ).toBe(true)
    expect(exactMatch(' Paris', ['Paris'], { filters: [], exactMatch: none })).toBe(false)
    expect(exactMatch('the U.S.', ['the US'], { filters: [], exactMatch: rules })).toBe(true)
  })

  it('takes what a pattern finds, or its fallback', () => {
    const number = { name: 'regex', pattern: '#### (-?[0-9.,]+)', group: 0, fallback: '[invalid]' } as const
    expect(exactMatch('so #### 42', ['42'], { filters: [number], exactMatch: none })).toBe(true)
    expect(exactMatch('so 42', ['[invalid]'], { filters: [number], exactMatch: none })).toBe(true)
    expect(
      exactMatch('a 1, b 2', ['2'], {
        filters: [{ ...number, pattern: '[0-9]', group: -1 }],
        exactMatch: none,
      }),
    ).toBe(true)
  })
})
