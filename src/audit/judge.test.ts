import { describe, expect, it } from 'vitest'
import { defineProbe, type Estimate, estimate, type Measurement } from '../core/index.js'
import { PROBES } from '../probes/index.js'
import { compareManyAudits } from './compare-many.js'
import { judge } from './judge.js'
import type { StoredEvidence } from './store/evidence-folder.js'

const stored: StoredEvidence = {
  manifest: {
    schema: 'assay/evidence@1',
    assay: '0.0.0',
    seed: 1,
    inputs: [],
    judging: { gates: [] },
    notMeasured: [],
    kinds: {},
  },
  evidence: { engineCheck: { engine: 'e', checks: [{ name: 'round-trip', passed: true, detail: 'd' }] } },
}

describe('audits against each other', () => {
  // 60 items of two choices, right on the first `right` of them; two items a passage.
  const asked = (right: number, shots = 0): StoredEvidence => ({
    ...stored,
    evidence: {
      choices: {
        tasks: [
          {
            ...{ task: 't', output: 'multiple_choice', shots, chance: 0.5, metrics: ['acc'], version: 1 },
            draws: [{ draw: 0, seed: 1234, template: 'default' }],
            ...{ citation: null, source: null, licence: null, definitionSha256: 'd', itemsSha256: 'i' },
            ...{ documents: 60, items: 60, leftOut: [] },
            marked: { spanned: [], truncated: [], doubleBos: [], amongShots: [] },
          },
        ],
        answers: Array.from({ length: 120 }, (_, k) => {
          const [i, choice] = [Math.floor(k / 2), k % 2]
          return {
            ...{
              task: 't',
              draw: 0,
              item: `${i}`,
              cluster: `${Math.floor(i / 2)}`,
              choice,
              gold: 1 - choice,
            },
            ...{ logLikelihood: choice === (i < right ? 0 : 1) ? -1 : -2, unconditioned: null, tokens: 1 },
            ...{ characters: 1, bytes: 1, scoredBytes: 1, greedy: null, answer: null, match: null },
          }
        }),
        ...{
          tokens: { evaluated: 1, naive: 1, trie: 1 },
          prefixToken: 'none',
          prefixChoice: 'auto',
          engine: 'e',
        },
      },
    },
  })
  const dropsTo = (right: number, maxDrop: number, shots = 0) =>
    compareManyAudits(
      [
        { name: 'a', audit: asked(50) },
        { name: 'b', audit: asked(right, shots) },
      ],
      1,
      { maxDrop },
    ).comparison.pairs.flatMap(({ benchmark, drop }) => (drop === undefined ? [] : [[benchmark, drop]]))

  it('hold the benchmarks that both were asked alike against the largest drop', () => {
    // From 50 to 20 of 60: half of all items are lost, at most .1 may be.
    expect(dropsTo(20, 0.1)).toEqual([['benchmark-scores.score.t', 'regressed']])
    expect(dropsTo(50, 0.1)).toEqual([['benchmark-scores.score.t', 'held']])
    expect(dropsTo(20, 0.1, 5)).toEqual([])
  })
})

const around = (value: number): Estimate =>
  estimate(value, { low: value - 0.1, high: value + 0.1, level: 0.95 }, 'points', 9)

function own(measured: (random: number) => readonly Measurement[], id = 'mine') {
  return defineProbe({
    id,
    title: 'Mine is fine',
    failureTitle: 'Mine is not fine',
    needs: ['engineCheck'],
    sources: ['the user'],
    metrics: [
      {
        id: `${id}.score`,
        title: 'My score',
        unit: 'points',
        better: 'higher',
        onFail: 'Raise it.',
        onRegress: 'It fell: go back.',
      },
    ],
    judge: (_evidence, { random }) => ({ findings: [], metrics: measured(random.uniform()), sections: [] }),
  })
}

const gateOn = (bound: { min: number } | { max_drop: number }) =>
  ({ metric: 'mine.score', tier: 'critical', ...bound }) as const

describe("judge with a probe of the user's own", () => {
  const probes = [...PROBES, own(() => [{ metric: 'mine.score', estimate: around(5) }])]

  it('gates its metrics like the others, with the action that it declares', () => {
    expect(judge(stored, [gateOn({ min: 4 })], { probes }).verdict).toBe('GO')
    const failed = judge(stored, [gateOn({ min: 6 })], { probes })
    expect(failed.verdict).toBe('NO-GO')
    expect(failed.findings[0]).toMatchObject({
      status: 'fail',
      title: 'My score misses its critical gate (at least 6)',
      action: 'Raise it.',
    })
  })

  it('speaks of a regression where a drop fails', () => {
    let score = 5
    const falling = [...PROBES, own(() => [{ metric: 'mine.score', estimate: around(score--) }])]
    // The audit is judged first (5), then the baseline (4): better. The other way round it would be a drop.
    expect(judge(stored, [gateOn({ max_drop: 0.5 })], { baseline: stored, probes: falling }).verdict).toBe(
      'GO',
    )
    score = 5
    const rising = [...PROBES, own(() => [{ metric: 'mine.score', estimate: around(score++) }])]
    const { verdict, findings } = judge(stored, [gateOn({ max_drop: 0.5 })], {
      baseline: stored,
      probes: rising,
    })
    // 5 − 6 = −1, ± √(.1² + .1²) = .14: below −.5 with its whole interval.
    expect(verdict).toBe('NO-GO')
    expect(findings[0]).toMatchObject({
      title:
        'My score: a regression against the baseline, beyond what its critical gate allows (a drop of at most 0.5)',
      action: 'It fell: go back.',
    })
  })

  it('takes a number that was never declared for an error, and grants no GO', () => {
    const faulty = own(() => [
      { metric: 'mine.score', estimate: around(5) },
      { metric: 'mine.scoer', estimate: around(5) },
    ])
    const { verdict, findings, metrics } = judge(stored, [gateOn({ min: 4 })], {
      probes: [...PROBES, faulty],
    })
    expect(verdict).toBe('INCONCLUSIVE')
    expect(findings.filter((f) => f.status === 'error')).toMatchObject([
      { probe: 'mine', code: 'mine/undeclared', title: expect.stringContaining('mine.scoer') },
    ])
    expect(metrics.map((m) => m.id)).not.toContain('mine.scoer')
  })

  it('refuses two probes of one id', () => {
    expect(() => judge(stored, [], { probes: [...probes, own(() => [])] })).toThrow(
      /two probes are called mine/,
    )
  })

  it('says which names stand beside one that was not measured', () => {
    const [gate] = judge(stored, [{ metric: 'engine-check.passed.x', tier: 'critical', min: 1 }]).gates
    expect(gate).toMatchObject({ status: 'insufficient', reason: 'this audit did not measure it' })
  })
})

describe('judge with another seed', () => {
  const probes = [...PROBES, own((random) => [{ metric: 'mine.score', estimate: around(random) }])]
  const scoreOf = (seed?: number) => {
    const result = judge(stored, [], { probes, ...(seed === undefined ? {} : { seed }) })
    return { result, score: result.metrics?.find((m) => m.id === 'mine.score')?.estimate }
  }

  it('draws anew, says so, and comes out as the evidence was judged when it is given its own', () => {
    const first = scoreOf()
    const other = scoreOf(7)
    expect(other.score).not.toEqual(first.score)
    expect(other.result.seed).toBe(7)
    expect(other.result.provenance).toContainEqual({
      label: 'seed',
      value: '7; the evidence was drawn with 1',
    })
    expect(scoreOf(stored.manifest.seed)).toEqual(first)
  })
})
