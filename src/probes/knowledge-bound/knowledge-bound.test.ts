import { describe, expect, it } from 'vitest'
import {
  type AnswerTotal,
  analyseRetention,
  createRandom,
  type FactCount,
  joinObservations,
} from '../../core/index.js'
import { judgeRetention } from './index.js'

const CORPORA = [
  { model: 'a', params: 1e6, documents: 1e5 },
  { model: 'b', params: 1e7, documents: 2e5 },
  { model: 'c', params: 1e8, documents: 4e5 },
]
/** Twenty facts, each counted in the corpora of three models; the first gives its object away. */
const FACTS = 20

function judged() {
  const counts: FactCount[] = []
  const answers: AnswerTotal[] = []
  for (const { model, params, documents } of CORPORA)
    for (let i = 0; i < FACTS; i++) {
      const name =
        i === 0 ? { subject: 'Bank of Peru', object: 'Peru' } : { subject: `S${i}`, object: `O${i}` }
      const times = { n_s: 50 + i, n_o: 50 + i, n_so: 1 + 2 * i }
      counts.push({ fact_id: `f${i}`, model, documents, relation: 'r', ...name, ...times })
      if (i > 1) answers.push({ fact_id: `f${i}`, model, params, correct: i > 8 ? 1 : 0, total: 1 })
    }
  const analysis = analyseRetention(joinObservations(counts, answers, 4e5), createRandom(1))
  return judgeRetention(analysis)
}

describe('knowledge-bound, every model with counts of its own', () => {
  const { findings, sections, metrics } = judged()
  it('counts a fact once, however many corpora it was counted in', () => {
    const leaks = findings.find((f) => f.code === 'knowledge-bound/leaks')
    expect(leaks?.title).toContain(`1 of ${FACTS} facts`)
    // f0 and f1 are answered by none.
    expect(sections[0].protocol?.[0]).toContain(`${FACTS} counted facts in`)
    expect(sections[0].protocol?.[0]).toContain('2 counted facts without answers')
  })
  it('leaves the leak out of what it claims, and gives that claim an interval', () => {
    const finding = findings.find((f) => f.code === 'knowledge-bound/retrieval')
    expect(finding?.title).toContain(`of ${FACTS - 1} facts`)
    const share = metrics.find((m) => m.metric === 'knowledge-bound.retrieved-share')?.estimate
    if (share?.kind !== 'estimate') throw new Error('no share')
    expect(share).toMatchObject({ n: FACTS - 1, interval: { level: 0.95 } })
    expect(share.interval.low).toBeLessThanOrEqual(share.value)
    expect(share.interval.high).toBeGreaterThanOrEqual(share.value)
  })
})
