import { describe, expect, it } from 'vitest'
import type { Answer, AnswersEvidence, FactCount } from '../evidence/index.js'
import { createRandom } from '../random/index.js'
import { retentionByRelation } from './accuracy/by-relation.js'
import { calibrationOf } from './accuracy/calibration.js'
import { adviseRetrieval, frequencyBand } from './advice/advice.js'
import { analyseRetention } from './analyse.js'
import { equalCountBands } from './counts/bands.js'
import { joinObservations, type Observations } from './counts/observations.js'
import { POOLED_FORMS } from './fits/pooled-form.js'
import { chooseCandidate, heldOutErrors } from './held-out/held-out-errors.js'

function answer(fact_id: string, template: string, correct: number, more: Partial<Answer> = {}): Answer {
  return {
    fact_id,
    model: 'm',
    params: 1e6,
    relation: 'r',
    domain: 'd',
    template,
    reading: 'ranking',
    correct,
    total: 1,
    logprob: null,
    rank: null,
    candidates: null,
    confidence: null,
    answer: null,
    ...more,
  }
}

function evidence(answers: Answer[], leaks: AnswersEvidence['leaks'] = []): AnswersEvidence {
  return { answers, leaks, tokens: { evaluated: 0, naive: 0 }, shots: 0, facts: [], skipped: [] }
}

describe('retention by relation', () => {
  const ids = Array.from({ length: 40 }, (_, i) => `f${i}`)
  it('averages over facts with templates as repeated measures; the spread is that of template means', () => {
    // Template a is right on 30 of 40, b on 20 of 40: accuracy 50/80; spread .5 to .75, deviation .25/√2.
    const rows = ids.flatMap((id, i) => [answer(id, 'a', i < 30 ? 1 : 0), answer(id, 'b', i < 20 ? 1 : 0)])
    const [r] = retentionByRelation(evidence(rows), 0.95)
    expect(r).toMatchObject({ relation: 'r', domain: 'd', templates: 2, facts: 40 })
    expect(r.accuracy.kind === 'estimate' && r.accuracy.value).toBeCloseTo(0.625, 12)
    expect(r.templateSpread).toMatchObject({ lowest: 0.5, highest: 0.75 })
    expect(r.templateSpread?.deviation).toBeCloseTo(0.25 / Math.SQRT2, 12)
  })
  it('does not take templates for independent facts: repeating one changes neither value nor width', () => {
    const once = ids.map((id, i) => answer(id, 'a', i % 3 === 0 ? 1 : 0))
    const copies = ['a', 'b', 'c', 'd'].flatMap((t) => once.map((a) => ({ ...a, template: t })))
    const width = (rows: Answer[]): number => {
      const [r] = retentionByRelation(evidence(rows), 0.95)
      return r.accuracy.kind === 'estimate' ? r.accuracy.interval.high - r.accuracy.interval.low : 0
    }
    expect(width(copies)).toBeCloseTo(width(once), 12)
    expect(width(once)).toBeGreaterThan(0.2)
  })
  it('leaves leaking prompts out', () => {
    const rows = [answer('f0', 'a', 1), answer('f0', 'b', 0), answer('f1', 'a', 0), answer('f1', 'b', 0)]
    const [r] = retentionByRelation(evidence(rows, [{ fact_id: 'f0', template: 'a', found: 'x' }]), 0.95)
    expect(r.accuracy).toMatchObject({ kind: 'estimate', value: 0 })
  })
  it('says so when nothing is left', () => {
    const leak = { fact_id: 'f0', template: 'a', found: 'x' }
    const [r] = retentionByRelation(evidence([answer('f0', 'a', 1)], [leak]), 0.95)
    expect(r).toMatchObject({ facts: 0, templates: 0, accuracy: { kind: 'notEstimable' } })
  })
})

describe('calibration', () => {
  it('is the mean gap between confidence and accuracy over ten bins', () => {
    // 100 answers: 50 with confidence .9 of which 40 right, 50 with .5 of which 10 right: gaps .1 and .3, mean .2.
    const rows = Array.from({ length: 100 }, (_, i) => ({
      unit: `f${i}`,
      confidence: i < 50 ? 0.9 : 0.5,
      correct: i < 50 ? (i % 5 < 4 ? 1 : 0) : i % 5 < 1 ? 1 : 0,
    }))
    const { error, overconfidence, bins } = calibrationOf(rows, createRandom(1), 0.95)
    expect(error.kind === 'estimate' && error.value).toBeCloseTo(0.2, 12)
    expect(overconfidence.kind === 'estimate' && overconfidence.value).toBeCloseTo(0.2, 12)
    expect(bins.map((b) => b.answers)).toEqual(new Array(10).fill(10))
  })
  it('abstains on few answers', () => {
    const [one] = [{ unit: 'f', confidence: 1, correct: 1 }]
    expect(calibrationOf([one], createRandom(1), 0.95).error.kind).toBe('notEstimable')
  })
})

describe('bands', () => {
  it('hold about equally many facts and never split a bin', () => {
    // 10 facts in 5 bins, two bands wanted: 3 + 2 = 5 facts, then 1 + 1 + 3 = 5.
    expect(equalCountBands([3, 2, 1, 1, 3], 2)).toEqual([0, 0, 1, 1, 1])
    // One huge bin takes the bands that it covers; numbers stay without gaps.
    expect(equalCountBands([1, 8, 1], 5)).toEqual([0, 1, 2])
  })
  it('of frequency are half-decades', () => {
    expect([0, 1, 3, 4, 9, 10, 31, 32, 99, 100].map((n) => frequencyBand(n).order)).toEqual([
      -1, 0, 0, 1, 1, 2, 2, 3, 3, 4,
    ])
    expect(frequencyBand(20).label).toBe('n_so 10–31')
    expect(frequencyBand(0).label).toBe('never together')
  })
})

describe('pooled forms', () => {
  const points = [-40, -30, -20, -10].flatMap((bin) =>
    [1e7, 1e8, 1e9].map((params) => ({ bin, params, documents: 1e6, accuracy: 0, weight: 1 })),
  )
  it('logistic finds the parameters that made its points', () => {
    const truth = { constant: -4, frequency: 0.5, size: 0.9 }
    const planted = points.map((p) => ({
      ...p,
      accuracy:
        1 /
        (1 + Math.exp(-(truth.constant + (truth.frequency * p.bin) / 5 + truth.size * Math.log10(p.params)))),
    }))
    const fit = POOLED_FORMS[0].fit(planted)
    expect(fit?.parameters.constant).toBeCloseTo(truth.constant, 2)
    expect(fit?.parameters.frequency).toBeCloseTo(truth.frequency, 2)
    expect(fit?.parameters.size).toBeCloseTo(truth.size, 2)
  })
  it('interaction finds them exactly', () => {
    const planted = points.map((p) => {
      const z = p.bin / 5
      const n = Math.log10(p.params)
      return { ...p, accuracy: 0.3 + 0.01 * z + 0.02 * n + 0.004 * z * n }
    })
    const fit = POOLED_FORMS[1].fit(planted)
    expect(fit?.parameters.constant).toBeCloseTo(0.3, 9)
    expect(fit?.parameters.frequency).toBeCloseTo(0.01, 9)
    expect(fit?.parameters.size).toBeCloseTo(0.02, 9)
    expect(fit?.parameters.sizeTimesFrequency).toBeCloseTo(0.004, 9)
  })
  it('tell the size of the corpus from that of the model, unless the two go together', () => {
    const truth = { constant: -10, frequency: 0.5, size: 0.9, corpus: 0.7 }
    const made = (documentsOf: (params: number) => readonly number[]) =>
      [-40, -30, -20, -10].flatMap((bin) =>
        [1e7, 1e8, 1e9].flatMap((params) =>
          documentsOf(params).map((documents) => {
            const eta =
              truth.constant +
              (truth.frequency * bin) / 5 +
              truth.size * Math.log10(params) +
              truth.corpus * Math.log10(documents)
            return { bin, params, documents, accuracy: 1 / (1 + Math.exp(-eta)), weight: 1 }
          }),
        ),
      )
    const crossed = POOLED_FORMS[0].fit(made(() => [1e5, 1e7]))
    expect(crossed?.parameters.corpus).toBeCloseTo(truth.corpus, 2)
    expect(crossed?.parameters.size).toBeCloseTo(truth.size, 2)
    // Documents = 100·parameters: one slope stands for both, .9 + .7.
    const along = POOLED_FORMS[0].fit(made((params) => [100 * params]))
    expect(along?.parameters.corpus).toBe(0)
    expect(along?.parameters.size).toBeCloseTo(truth.size + truth.corpus, 2)
  })
  it('leave size out when there is one size, and stay finite when all answers agree', () => {
    const one = points.filter((p) => p.params === 1e8)
    for (const form of POOLED_FORMS) {
      const fit = form.fit(one.map((p) => ({ ...p, accuracy: 1 })))
      expect(fit?.parameters.size).toBe(0)
      const predicted = fit?.predict(-20, { params: 1e8, documents: 1e6 }) ?? 0
      expect(predicted).toBeGreaterThan(0.99)
      expect(predicted).toBeLessThanOrEqual(1)
    }
  })
})

/** Facts whose accuracy follows logistic(n_so, N) for three sizes, each asked 20 times. */
function plantedObservations(perModelCounts = false): Observations {
  const random = createRandom(3)
  const counts: FactCount[] = []
  const answers: { fact_id: string; model: string; params: number; correct: number; total: number }[] = []
  const models = [
    { model: 's', params: 1e7 },
    { model: 'm', params: 1e8 },
    { model: 'l', params: 1e9 },
  ]
  for (let i = 0; i < 600; i++) {
    const n_so = Math.round(2 ** (12 * random.uniform()))
    const base = {
      fact_id: `f${i}`,
      subject: `s${i}`,
      object: `o${i}`,
      relation: `r${i % 4}`,
      n_s: n_so,
      n_o: n_so,
      n_so,
    }
    if (perModelCounts) counts.push(...models.map((m) => ({ ...base, model: m.model, documents: 1e6 })))
    else counts.push(base)
    for (const { model, params } of models) {
      const p = 1 / (1 + Math.exp(-(-18 + 0.8 * Math.log2(n_so) + 1.6 * Math.log10(params))))
      let correct = 0
      for (let t = 0; t < 20; t++) if (random.uniform() < p) correct++
      answers.push({ fact_id: base.fact_id, model, params, correct, total: 20 })
    }
  }
  return joinObservations(counts, answers, 1e6)
}

describe('lines over several models', () => {
  const observations = plantedObservations()
  const { fits } = analyseRetention(observations, createRandom(1))
  it('count a fact once, however many models were asked', () => {
    const pooled = fits.filter((f) => f.model === 'pooled')
    expect(new Set(pooled.map((f) => f.variant))).toEqual(
      new Set(['v2-v4', 'v5-v7', 'logistic', 'interaction']),
    )
    for (const fit of pooled) expect(fit.facts + fit.dropped).toBe(600)
    const lines = pooled.filter((f) => f.variant === 'v5-v7')
    for (const fit of lines) expect(fit.bound).toMatchObject({ kind: 'estimate', n: fit.facts })
  })
  it('gain nothing from asking the same model again under another name', () => {
    const { facts, models, documents } = observations
    const counts = facts.map(({ mi: _, miBin: __, pairBin: ___, leaks: ____, ...count }) => count)
    const [m] = models.filter(({ model }) => model === 'm')
    const rows = (names: readonly string[]) =>
      names.flatMap((model) =>
        facts.map(({ fact_id }, i) => ({
          fact_id,
          model,
          params: m.params,
          correct: 20 * m.accuracy[i],
          total: 20,
        })),
      )
    const boundOf = (names: readonly string[], model: string) => {
      const analysis = analyseRetention(joinObservations(counts, rows(names), documents), createRandom(1))
      const fit = analysis.fits.find(
        (f) => f.model === model && f.variant === 'v5-v7' && f.measure === 'mi' && f.weighting === 'facts',
      )
      if (fit?.bound.kind !== 'estimate') throw new Error('no bound')
      return fit.bound
    }
    const one = boundOf(['a'], 'a')
    const twice = boundOf(['a', 'b'], 'pooled')
    expect(twice.value).toBeCloseTo(one.value, 9)
    expect(twice.n).toBe(one.n)
    expect(twice.interval.high - twice.interval.low).toBeCloseTo(one.interval.high - one.interval.low, 2)
  })
})

describe('held-out errors and advice', () => {
  const observations = plantedObservations()
  const errors = heldOutErrors(observations, createRandom(1))
  it('choose the form that made the answers, over unseen facts and unseen models', () => {
    expect(chooseCandidate(errors)?.variant).toBe('logistic')
    const best = errors.filter((e) => e.variant === 'logistic' && e.measure === 'cooccurrence')
    expect(best.map((e) => e.over)).toEqual(['facts', 'models'])
    for (const e of best) {
      expect(e.r2).toBeGreaterThan(0.97)
      // The form is the truth here: it reaches what a true prediction would be expected to, scatter included.
      expect(e.r2 ?? 0).toBeCloseTo(e.attainable.r2 ?? 1, 1)
    }
    // A mean over all facts knows nothing of frequency: it cannot explain the bands.
    const mean = errors.find((e) => e.variant === 'mean' && e.over === 'facts')
    expect(mean?.r2).toBeLessThan(0.6)
  })
  it('advise retrieval below the frequency where half is expected, and tell what would keep a fact', () => {
    const candidate = chooseCandidate(errors)
    const model = observations.models[1]
    const advice = candidate === null ? null : adviseRetrieval(observations, candidate, model, 0.5)
    // p = .5 at log2 n = (18 − 1.6·8)/.8 = 6.5: n = 90.5 documents for the model of 1e8.
    const retrieved = advice?.rows.filter((r) => r.action === 'retrieve') ?? []
    expect(retrieved.length).toBeGreaterThan(0)
    for (const row of retrieved) {
      expect(row.keptAtDocuments).toBeGreaterThan(70)
      expect(row.keptAtDocuments).toBeLessThan(115)
      expect(row.keptAtParams).toBeGreaterThan(1e8)
    }
    const trusted = new Set(advice?.facts.filter((f) => f.action === 'trust').map((f) => f.fact_id))
    const frequent = observations.facts.filter((fact) => fact.n_so > 320)
    const rare = observations.facts.filter((fact) => fact.n_so < 30)
    expect(Math.min(frequent.length, rare.length)).toBeGreaterThan(0)
    expect(frequent.filter((fact) => !trusted.has(fact.fact_id))).toEqual([])
    expect(rare.filter((fact) => trusted.has(fact.fact_id))).toEqual([])
  })
  it('come out alike when every model has counts of its own', () => {
    const own = plantedObservations(true)
    expect(own.facts).toHaveLength(1800)
    const shared = errors.find(
      (e) => e.variant === 'logistic' && e.measure === 'cooccurrence' && e.over === 'models',
    )
    const again = heldOutErrors(own, createRandom(1)).find(
      (e) => e.variant === 'logistic' && e.measure === 'cooccurrence' && e.over === 'models',
    )
    expect(again?.r2).toBeCloseTo(shared?.r2 ?? 0, 9)
    const analysis = analyseRetention(own, createRandom(1), { model: 'm' })
    expect(analysis.advice?.facts).toHaveLength(600)
  }, 180_000)
})
