import { describe, expect, it } from 'vitest'
import { type Answer, type AnswersEvidence, createRandom } from '../../core/index.js'
import { knowledgeBound } from '../knowledge-bound/index.js'
import { knowledgeRetention, measureKnowledge } from './index.js'

function answer(fact_id: string, relation: string, template: string, correct: number): Answer {
  return {
    fact_id,
    model: 'm',
    params: 1e6,
    relation,
    domain: '',
    template,
    reading: 'ranking',
    correct,
    total: 1,
    logprob: -1,
    rank: correct === 1 ? 1 : 2,
    candidates: 2,
    confidence: 0.5,
    answer: 'x',
  }
}

const IDS = Array.from({ length: 20 }, (_, i) => `f${i}`)
/** Relation `a` is answered by half; every prompt of `b` gives its object away; one of `a`'s two templates does, for f0. */
const EVIDENCE: AnswersEvidence = {
  answers: IDS.flatMap((id, i) => [
    answer(`a/${id}`, 'a', '[X] is [Y]', i % 2),
    answer(`a/${id}`, 'a', 'so [X] is [Y]', i % 2),
    answer(`b/${id}`, 'b', '[X] was [Y]', 1),
  ]),
  leaks: [
    ...IDS.map((id) => ({ fact_id: `b/${id}`, template: '[X] was [Y]', found: 'x' })),
    { fact_id: 'a/f0', template: 'so [X] is [Y]', found: 'x' },
  ],
  tokens: { evaluated: 0, naive: 0 },
  shots: 0,
  templates: [
    { relation: 'a', template: '[X] is [Y]', uses: ['few-shot'] },
    { relation: 'a', template: 'so [X] is [Y]', uses: ['zero-shot'] },
  ],
  facts: [],
  skipped: [],
}
const CONTEXT = { random: createRandom(1), level: 0.95 }

describe('the mean of relations', () => {
  it('names the relations that it cannot take in', () => {
    const { overall } = measureKnowledge(EVIDENCE, CONTEXT)
    expect(overall.get('ranking')).toMatchObject({
      accuracy: { kind: 'estimate', value: 0.5, n: 20 },
      measured: 1,
      leftOut: [{ relation: 'b', reason: 'every prompt gives its object away' }],
    })
    const { findings, sections } = knowledgeRetention.judge({ answers: EVIDENCE }, CONTEXT)
    expect(findings[0].title).toContain('1 of 2 relations')
    expect(findings[0].title).toContain('b')
    expect(sections[0].protocol?.join(' ')).toContain('1 of 2 relations')
  })

  it('abstains when no relation is left', () => {
    const only = { ...EVIDENCE, answers: EVIDENCE.answers.filter((a) => a.relation === 'b') }
    const { findings } = knowledgeRetention.judge({ answers: only }, CONTEXT)
    expect(findings[0]).toMatchObject({ status: 'insufficient', estimate: { kind: 'notEstimable' } })
  })
})

it('tells accuracy by template, and what the template was written for', () => {
  const { templates } = measureKnowledge(EVIDENCE, CONTEXT)
  expect(templates).toMatchObject([
    { relation: 'a', template: '[X] is [Y]', uses: ['few-shot'], facts: 20 },
    { relation: 'a', template: 'so [X] is [Y]', uses: ['zero-shot'], facts: 19 },
  ])
})

it('the bound is fitted without prompts that give the object away, and says how many', () => {
  const counts = [...new Set(EVIDENCE.answers.map((a) => a.fact_id))].map((fact_id, i) => ({
    fact_id,
    subject: `s${i}`,
    object: `o${i}`,
    relation: fact_id[0],
    n_s: 4 + i,
    n_o: 4 + i,
    n_so: 4 + i,
  }))
  const { findings, sections } = knowledgeBound.judge(
    {
      answers: {
        ...EVIDENCE,
        others: [{ fact_id: 'a/f1', model: 'other', params: 2e6, correct: 1, total: 1, leak: true }],
      },
      factCounts: { documents: 1000, bytes: null, match: null, counts },
    },
    CONTEXT,
  )
  // 20 answers of b, one of a, one of the other model; about 20 facts of b and two of a.
  const leaks = findings.find((f) => f.code === 'knowledge-bound/leaks')
  expect(leaks?.title).toContain('22 answers to 22 facts')
  // All of b's answers are right, and none of them counts: they have an accuracy of their own.
  expect(leaks?.estimate).toMatchObject({ kind: 'estimate' })
  const fits = sections[0].tables?.find((t) => t.title.startsWith('Fits'))
  const facts = fits?.columns.indexOf('facts') ?? -1
  expect(fits?.rows.length).toBeGreaterThan(0)
  for (const row of fits?.rows ?? []) expect(row[facts]).toBeLessThanOrEqual(20)
})
