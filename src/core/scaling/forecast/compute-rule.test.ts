import { describe, expect, it } from 'vitest'
import { computeRuleOf, followsRule } from './compute-rule.js'

const run = (model: string, params: number, tokens: number, flops: number | null) => ({
  model,
  params,
  tokens,
  flops,
  source: `t.csv:${model}`,
})

describe('the rule of compute', () => {
  it('is 6·N·D where no run records its own', () => {
    expect(computeRuleOf([run('a', 1e9, 2e10, null)])).toEqual({ factor: 6, others: [] })
  })

  it('is that of the run with the most compute: attention’s share falls with size', () => {
    // 10·N·D at 190M and 7.9·N·D at 1.3B, as OLMo's ladder has them, is one rule.
    const rule = computeRuleOf([
      run('190M', 1.9e8, 3.8e9, 10 * 1.9e8 * 3.8e9),
      run('1B', 1.3e9, 2.6e10, 7.9 * 1.3e9 * 2.6e10),
    ])
    expect(rule.factor).toBeCloseTo(7.9, 12)
    expect(rule.others).toEqual([])
    expect(followsRule(rule, { params: 7e9, tokens: 4e12, flops: 6.9 * 7e9 * 4e12 })).toBe(true)
  })

  it('names the runs that count otherwise, the farthest first', () => {
    // Experts: 12 of 100 parameters are active, so .72·N·D.
    const { others } = computeRuleOf([
      run('dense', 1e10, 2e11, 6 * 1e10 * 2e11),
      run('experts', 1e9, 2e10, 0.72 * 1e9 * 2e10),
      run('more', 1e9, 2e10, 0.3 * 1e9 * 2e10),
      run('unknown', 1e9, 2e10, null),
    ])
    expect(others.map((o) => o.model)).toEqual(['more', 'experts'])
    expect(others[1]).toMatchObject({ source: 't.csv:experts' })
    expect(others[1].factor).toBeCloseTo(0.72, 12)
  })
})
