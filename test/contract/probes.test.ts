/**
 * What every probe of the index promises, judged on every sample of evidence. A new probe is one folder and one line
 * of the index: it is tested here without a test of its own.
 */
import { describe, expect, it } from 'vitest'
import { runProbes } from '../../src/audit/run-probes.js'
import {
  type AnyProbe,
  createRandom,
  declarationFor,
  defineProbe,
  type EvidenceByKind,
  type EvidenceKind,
  type LogAnalysis,
  patternPrefix,
} from '../../src/core/index.js'
import { PROBES } from '../../src/probes/index.js'
import { REFERENCES, SAMPLES } from './evidence-samples.js'

const LEVEL = 0.95
const SEED = 5

function pick(evidence: EvidenceByKind, kinds: readonly EvidenceKind[]): Partial<EvidenceByKind> {
  return Object.fromEntries(kinds.map((kind) => [kind, evidence[kind]]))
}

const judged = (probe: AnyProbe, evidence: Partial<EvidenceByKind>) =>
  probe.judge(evidence, {
    random: createRandom(SEED).derive(probe.id),
    level: LEVEL,
    references: REFERENCES,
  })

/**
 * Values at an end of their interval, with the reason beside them: no further band of facts can change sides (told by
 * the finding); of few tokens the 99th percentile is the slowest (told by the protocol).
 */
const SAID_WHY = new Set(['knowledge-bound.retrieved-share', 'inference-cost.latency-p99'])

/** Every leaf of a value with its path; typed arrays of series are left out: a gap in a line is NaN. */
function* leaves(value: unknown, path = ''): Generator<[string, unknown]> {
  if (ArrayBuffer.isView(value)) return
  if (typeof value !== 'object' || value === null) yield [path, value]
  else for (const [key, inner] of Object.entries(value)) yield* leaves(inner, `${path}.${key}`)
}

function* estimates(value: unknown): Generator<{ value: number; interval: { low: number; high: number } }> {
  if (ArrayBuffer.isView(value) || typeof value !== 'object' || value === null) return
  if ('kind' in value && value.kind === 'estimate')
    yield value as unknown as { value: number; interval: { low: number; high: number } }
  else for (const inner of Object.values(value)) yield* estimates(inner)
}

describe.each(PROBES.map((probe) => [probe.id, probe] as const))('probe %s', (id, probe) => {
  it('declares well-formed metrics once, each with its title, unit and what to do', () => {
    expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/)
    expect(new Set(probe.metrics.map((m) => m.id)).size).toBe(probe.metrics.length)
    for (const metric of probe.metrics) {
      expect(metric.id.startsWith(`${id}.`), metric.id).toBe(true)
      expect(metric.id, metric.id).toMatch(/^[a-z0-9-]+(\.[a-z0-9-]+)+(\.\*)?$/)
      for (const text of [metric.title, metric.unit, metric.onFail, metric.onRegress])
        expect(text.trim(), metric.id).not.toBe('')
      expect(metric.onRegress, metric.id).not.toBe(metric.onFail)
      const isPattern = patternPrefix(metric.id) !== undefined
      expect([metric.part !== undefined, metric.title.includes('*')], metric.id).toEqual([
        isPattern,
        isPattern,
      ])
    }
  })

  it('refuses to judge without the evidence that it needs', () => {
    for (const kind of probe.needs) {
      const rest = probe.needs.filter((need) => need !== kind)
      expect(() => judged(probe, pick(SAMPLES.usual, rest))).toThrow(kind)
    }
  })

  it('measures every metric that it declares on one sample or another', () => {
    const measured = Object.values(SAMPLES).flatMap((evidence) =>
      judged(probe, evidence).metrics.map((m) => declarationFor(probe.metrics, m.id)?.declaration.id),
    )
    expect(probe.metrics.map((m) => m.id).filter((metric) => !measured.includes(metric))).toEqual([])
  })

  describe.each(Object.entries(SAMPLES))('on %s evidence', (_name, evidence) => {
    // What it wants but does not need may be missing: it is judged with and without.
    const cases = [probe.needs, [...probe.needs, ...(probe.wants ?? [])]]
    const results = cases.map((kinds) => judged(probe, pick(evidence, kinds)))

    it('measures what it declared, in the unit that it declared, and nothing else', () => {
      for (const { findings, metrics } of results) {
        expect(findings.filter((f) => f.code === `${id}/undeclared`)).toEqual([])
        for (const { id: metric, estimate } of metrics) {
          const found = declarationFor(probe.metrics, metric)
          expect(found, metric).toBeDefined()
          if (estimate.kind === 'estimate') expect(estimate.unit, metric).toBe(found?.declaration.unit)
        }
      }
    })

    it('gives every finding a source, and what is no pass an action', () => {
      expect(results.length).toBeGreaterThan(0)
      for (const finding of results.flatMap((r) => r.findings)) {
        expect(finding.probe).toBe(id)
        expect(finding.code.startsWith(`${id}/`), finding.code).toBe(true)
        expect(finding.title.trim(), finding.code).not.toBe('')
        expect(finding.sources.length, finding.code).toBeGreaterThan(0)
        if (finding.status !== 'pass') expect(finding.action?.trim() ?? '', finding.code).not.toBe('')
      }
    })

    it('shows sections that ask a question and answer it', () => {
      expect(results.length).toBeGreaterThan(0)
      for (const { sections } of results) {
        for (const section of sections) {
          expect(section.probe).toBe(id)
          expect(section.question).toMatch(/\?$/)
          expect(section.answer.trim()).not.toBe('')
          // For the table of contents, where a line has room for a word or two.
          expect(section.inShort?.trim() ?? '', section.id).toMatch(/^.{2,32}$/)
          for (const { columns, rows } of section.tables)
            for (const row of rows) expect(row, columns.join()).toHaveLength(columns.length)
        }
      }
    })

    it('says no NaN, Infinity or undefined, and holds every value inside its interval', () => {
      for (const result of results) {
        for (const [path, value] of leaves(result)) {
          if (typeof value === 'number') expect(Number.isFinite(value), `${path} is ${value}`).toBe(true)
          if (typeof value === 'string')
            expect(value, path).not.toMatch(/\bNaN\b|\bInfinity\b|undefined|\[object/)
        }
        for (const { value, interval } of estimates(result)) {
          expect(interval.low).toBeLessThanOrEqual(value)
          expect(interval.high).toBeGreaterThanOrEqual(value)
        }
      }
    })

    it('holds values within their intervals, and at an end only where it says why', () => {
      const unexplained = results.flatMap(({ metrics }) =>
        metrics.filter(({ id: metric, estimate }) => {
          if (estimate.kind === 'notEstimable' || SAID_WHY.has(metric)) return false
          const { value, interval, unit } = estimate
          const atLimit = ['share', 'accuracy'].includes(unit) && (value === 0 || value === 1)
          if (interval.low === interval.high || atLimit) return false
          return value <= interval.low || value >= interval.high
        }),
      )
      expect(unexplained).toEqual([])
    })

    it('judges the same evidence the same twice, and leaves it as it was', () => {
      const before = structuredClone(evidence)
      expect(cases.map((kinds) => judged(probe, pick(evidence, kinds)))).toEqual(results)
      expect(evidence).toEqual(before)
    })

    it('pairs only metrics that it declared, and finds no change from itself', () => {
      const own = pick(evidence, probe.needs)
      const changes = probe.changes(own, own, { random: createRandom(SEED), level: LEVEL })
      for (const [metric, change] of changes) {
        expect(declarationFor(probe.metrics, metric), metric).toBeDefined()
        expect(change, metric).toMatchObject({ kind: 'estimate', value: 0 })
      }
      expect(changes.size).toBeLessThanOrEqual(results[0].metrics.length)
    })
  })
})

/** Folds are dealt out by row: another order is another deal, and the value moves within its own interval. */
const DEALT = new Set(['knowledge-bound.held-out-error.facts'])

/** The same evidence, its rows in the opposite order; logs stay, for of two runs that failed the first speaks. */
function reversed(evidence: EvidenceByKind): EvidenceByKind {
  const { engineCheck, surprisal, tokenizer, evaluations, factCounts, answers, gain } = evidence
  return {
    ...evidence,
    engineCheck: { ...engineCheck, checks: engineCheck.checks.toReversed() },
    surprisal: {
      ...surprisal,
      documents: surprisal.documents.toReversed(),
      domains: surprisal.domains.toReversed(),
    },
    tokenizer: { ...tokenizer, texts: tokenizer.texts.toReversed() },
    evaluations: { ...evaluations, rows: evaluations.rows.toReversed() },
    factCounts: { ...factCounts, counts: factCounts.counts.toReversed() },
    gain: { ...gain, outcomes: gain.outcomes.toReversed() },
    answers: { ...answers, answers: answers.answers.toReversed(), others: answers.others?.toReversed() },
  }
}

const valuesOf = (evidence: Partial<EvidenceByKind>, probes: readonly AnyProbe[] = PROBES) =>
  new Map(
    runProbes(evidence, { probes, seed: SEED, level: LEVEL })
      .metrics.toSorted((a, b) => (a.id < b.id ? -1 : 1))
      .map((m) => [m.id, m.estimate]),
  )

describe.each(Object.entries(SAMPLES))('all probes together on %s evidence', (_name, evidence) => {
  const usual = valuesOf(evidence)

  it('do not move each other: one more, drawing first, and another order change no number', () => {
    const greedy = defineProbe({
      id: 'greedy',
      title: 'draws',
      failureTitle: 'draws',
      needs: ['model'],
      sources: ['test'],
      metrics: [],
      judge: (_evidence, { random }) => {
        for (let i = 0; i < 1000; i++) random.uniform()
        return { findings: [], metrics: [], sections: [] }
      },
    })
    expect(valuesOf(evidence, [greedy, ...PROBES.toReversed()])).toEqual(usual)
  })

  it('give the same values whatever the order of documents, rows and facts', () => {
    const turned = valuesOf(reversed(evidence))
    expect([...turned.keys()]).toEqual([...usual.keys()])
    for (const [id, estimate] of usual) {
      const other = turned.get(id)
      expect(other?.kind, id).toBe(estimate.kind)
      if (estimate.kind !== 'estimate' || other?.kind !== 'estimate') continue
      const { low, high } = estimate.interval
      const allowed = DEALT.has(id) ? high - low : 1e-6 * Math.abs(estimate.value)
      expect(Math.abs(other.value - estimate.value), id).toBeLessThanOrEqual(allowed)
    }
  })
})

describe('the analysis of training logs', () => {
  it('is made once a judging, for all probes that ask for it', () => {
    const given: LogAnalysis[] = []
    const asking = ['one', 'two'].map((id) =>
      defineProbe({
        id,
        title: 'asks',
        failureTitle: 'asks',
        needs: ['trainingLog'],
        sources: ['test'],
        metrics: [],
        judge: ({ trainingLog }, { analyseLogs }) => {
          given.push(analyseLogs(trainingLog))
          return { findings: [], metrics: [], sections: [] }
        },
      }),
    )
    const evidence = Object.values(SAMPLES).find((sample) => sample.trainingLog !== undefined)
    expect(evidence).toBeDefined()
    const twice = [1, 2].map(() => runProbes(evidence ?? {}, { probes: asking, seed: SEED, level: LEVEL }))
    expect(twice.flatMap(({ findings }) => findings)).toEqual([])
    const [first, second, later] = given
    expect(second).toBe(first)
    expect(later).not.toBe(first)
  })
})
