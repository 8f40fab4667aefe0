import { describe, expect, it } from 'vitest'
import type { FactCount } from '../../evidence/index.js'
import { type AnswerTotal, joinObservations } from '../counts/observations.js'
import type { Candidate, Predict } from '../held-out/predictor.js'
import { type Advice, adviseRetrieval } from './advice.js'

interface Plan {
  readonly relation: string
  readonly n_so: number
  readonly facts: number
  readonly accuracy: number
  readonly leak?: boolean
}

const SIZES = [
  { model: 'small', params: 1e6 },
  { model: 'large', params: 1e8 },
]

/** Advice on the larger of two models by a form that is given, not fitted. */
function advise(plans: readonly Plan[], predict: Predict): Advice {
  const counts: FactCount[] = []
  const answers: AnswerTotal[] = []
  for (const { relation, n_so, facts, accuracy, leak } of plans)
    for (let i = 0; i < facts; i++) {
      const fact_id = `${relation}/${n_so}/${leak === true ? 'leak' : 'clean'}/${i}`
      const object = `o${fact_id}`
      const subject = leak === true ? `Bank of ${object}` : `s${fact_id}`
      counts.push({ fact_id, subject, object, relation, n_s: 2 * n_so + 1, n_o: 2 * n_so + 1, n_so })
      for (const size of SIZES) answers.push({ fact_id, ...size, correct: accuracy, total: 1 })
    }
  const observations = joinObservations(counts, answers, 1e6)
  const candidate: Candidate = {
    variant: 'logistic',
    measure: 'cooccurrence',
    weighting: 'facts',
    pools: true,
    learn: () => predict,
  }
  const advice = adviseRetrieval(observations, candidate, observations.models[1])
  if (advice === null) throw new Error('no advice')
  return advice
}

describe('facts whose subject gives the object away', () => {
  const advice = advise(
    [
      { relation: 'r', n_so: 20, facts: 60, accuracy: 1, leak: true },
      { relation: 'r', n_so: 20, facts: 20, accuracy: 0 },
      { relation: 'q', n_so: 20, facts: 20, accuracy: 1 },
    ],
    () => 0.6,
  )
  it('do not speak for those beside them: a row of their own, no measurement, the others’ advice', () => {
    const [q, clean, leaks] = advice.rows
    expect(q).toMatchObject({ relation: 'q', leaks: false, facts: 20, measured: 1, action: 'trust' })
    expect(clean).toMatchObject({ leaks: false, facts: 20, measured: 0, action: 'retrieve' })
    expect(leaks).toMatchObject({ leaks: true, facts: 60, measured: null, action: 'given-away' })
    expect(leaks.predicted).toBe(clean.predicted)
  })
  it('are left out of the trade-off, and marked among the facts', () => {
    // Trusting at .5: the 20 of q, all right; the 20 clean ones of r go to retrieval.
    expect(advice.tradeOff.find((p) => p.threshold === 0.5)).toMatchObject({
      retrieved: 0.5,
      measuredError: 0,
    })
    expect(advice.facts.filter((f) => f.leaks)).toHaveLength(60)
  })
})

describe('what would keep a fact', () => {
  // Bins of trunc(5·log2 n_so): 11 is in 17, 12 and 13 in 17 and 18; the corpus ends at 13.
  const plans = [
    { relation: 'top', n_so: 13, facts: 5, accuracy: 1 },
    { relation: 'mid', n_so: 8, facts: 5, accuracy: 0 },
    { relation: 'one', n_so: 1, facts: 5, accuracy: 0 },
  ]
  it('is the same number of documents, wherever the search starts', () => {
    const { rows } = advise(plans, (bin) => (bin >= 17 ? 0.9 : 0.1))
    const wanted = Object.fromEntries(rows.map((r) => [r.relation, r.keptAtDocuments]))
    expect(wanted).toEqual({ top: null, mid: 11, one: 11 })
  })
  it('is out of reach beyond the most frequent fact', () => {
    const { rows } = advise(plans, (bin) => (bin >= 19 ? 0.9 : 0.1))
    expect(rows.map((r) => r.keptAtDocuments)).toEqual([null, null, null])
  })
  it('is a larger model, exactly where the form crosses', () => {
    const { rows } = advise(plans, (_, { params }) => (params >= 1e10 ? 0.6 : 0.1))
    expect(rows.find((r) => r.relation === 'one')?.keptAtParams).toBeCloseTo(1e10, -1)
  })
  it('is not told where the form promises it already and the cell falls short', () => {
    const { rows } = advise(plans, (_, { params }) => (params >= 1e7 ? 0.6 : 0.1))
    const short = rows.filter((r) => r.action === 'retrieve')
    expect(short.map((r) => r.relation)).toEqual(['mid', 'one'])
    for (const row of short) expect([row.keptAtParams, row.keptAtDocuments]).toEqual([null, null])
  })
})

describe('a model that is not trained yet', () => {
  const counts: FactCount[] = [1, 40].flatMap((n_so) =>
    Array.from({ length: 6 }, (_, i) => ({
      fact_id: `${n_so}/${i}`,
      subject: `s${n_so}/${i}`,
      object: `o${n_so}/${i}`,
      relation: 'r',
      n_s: 2 * n_so,
      n_o: 2 * n_so,
      n_so,
    })),
  )
  const answers = counts.flatMap(({ fact_id }) =>
    SIZES.map((size) => ({ fact_id, ...size, correct: 0, total: 1 })),
  )
  const observations = joinObservations(counts, answers, 1e6)
  const candidate: Candidate = {
    variant: 'logistic',
    measure: 'cooccurrence',
    weighting: 'facts',
    pools: true,
    // Kept from a billion parameters and 80 documents on: bin 31 of trunc(5·log2 n_so).
    learn:
      () =>
      (bin, { params }) =>
        params >= 1e9 && bin >= 31 ? 0.9 : 0.2,
  }
  const plan = (params: number, documents?: number) =>
    adviseRetrieval(observations, candidate, observations.models[1], 0.5, {
      params,
      ...(documents === undefined ? {} : { documents }),
    })
  const kept = (advice: Advice | null): number =>
    advice?.facts.filter((f) => f.action === 'trust').length ?? Number.NaN

  it('is advised on by the form, with counts in proportion to its documents, whatever was measured', () => {
    expect(kept(plan(1e9))).toBe(0)
    expect(kept(plan(1e9, 2e6))).toBe(6)
    expect(kept(plan(1e8, 2e6))).toBe(0)
    expect(plan(1e9, 2e6)?.rows.map((r) => [r.band, r.measured])).toEqual([
      ['n_so 1–3', null],
      ['n_so 32–99', null],
    ])
  })

  it('is not where the form is of one model alone', () => {
    const own = { ...candidate, pools: false }
    expect(adviseRetrieval(observations, own, observations.models[1], 0.5, { params: 1e9 })).toBeNull()
  })
})
