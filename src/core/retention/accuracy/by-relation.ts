import { groupBy } from '../../collections.js'
import { type Estimate, notEstimable } from '../../estimate.js'
import type { Answer, AnswersEvidence, Reading } from '../../evidence/index.js'
import type { TemplateUse } from '../../facts/index.js'
import { meanAccuracy } from './share-interval.js'
import { type TemplateAnswer, templateVariance, widenedAccuracy } from './template-variance.js'

/** Retention of one relation (and domain) under one reading. A row of `assay knowledge --json`. */
export interface RelationRetention {
  readonly model: string
  readonly relation: string
  readonly domain: string
  readonly reading: Reading
  readonly templates: number
  readonly facts: number
  readonly accuracy: Estimate
  /** Lowest and highest accuracy of a template, and their standard deviation; null for a single template. */
  readonly templateSpread: {
    readonly lowest: number
    readonly highest: number
    readonly deviation: number
  } | null
}

interface ByTemplate {
  readonly template: string
  readonly correct: number
  readonly total: number
}

/** Answers whose prompt does not give the object away; for summed rows: no template of the fact does. */
export function withoutLeaks({ answers, leaks }: AnswersEvidence): Answer[] {
  const pairs = new Set(leaks.map((l) => `${l.fact_id}\t${l.template}`))
  const facts = new Set(leaks.map((l) => l.fact_id))
  return answers.filter((a) =>
    a.reading === 'ranking-summed' ? !facts.has(a.fact_id) : !pairs.has(`${a.fact_id}\t${a.template}`),
  )
}

/** Accuracy of every fact: right answers over all its templates and samples. */
export function accuracyByFact(answers: readonly Answer[]): Map<string, number> {
  const out = new Map<string, number>()
  for (const [fact, own] of groupBy(answers, (a) => a.fact_id)) {
    const total = own.reduce((s, a) => s + a.total, 0)
    if (total > 0) out.set(fact, own.reduce((s, a) => s + a.correct, 0) / total)
  }
  return out
}

function templatesOf(answers: readonly Answer[]): ByTemplate[] {
  return [...groupBy(answers, (a) => a.template)].map(([template, own]) => ({
    template,
    correct: own.reduce((s, a) => s + a.correct, 0),
    total: own.reduce((s, a) => s + a.total, 0),
  }))
}

function spreadOf(templates: readonly ByTemplate[]): RelationRetention['templateSpread'] {
  if (templates.length < 2) return null
  const shares = templates.map((t) => t.correct / t.total)
  const mean = shares.reduce((a, b) => a + b, 0) / shares.length
  const squares = shares.reduce((s, v) => s + (v - mean) ** 2, 0)
  return {
    lowest: Math.min(...shares),
    highest: Math.max(...shares),
    deviation: Math.sqrt(squares / (shares.length - 1)),
  }
}

/** Shares of right answers by fact and template, its samples taken together. */
function byFactAndTemplate(answers: readonly Answer[]): TemplateAnswer[] {
  const pairs = groupBy(answers, (a) => JSON.stringify([a.fact_id, a.template])).values()
  return [...pairs].flatMap((own) => {
    const total = own.reduce((s, a) => s + a.total, 0)
    const { fact_id, template, relation } = own[0]
    return total === 0
      ? []
      : [{ fact: fact_id, template, relation, share: own.reduce((s, a) => s + a.correct, 0) / total }]
  })
}

/**
 * Mean accuracy with an interval that is clustered by fact (its templates and samples are repeated measures of
 * one unit) and widened by what the choice of templates adds, with Student's factor for their small number.
 */
export function clusteredAccuracy(answers: readonly Answer[], level: number): Estimate {
  const byFact = accuracyByFact(answers)
  if (byFact.size === 0) return notEstimable('every prompt gives its object away')
  return widenedAccuracy(
    meanAccuracy([...byFact.values()], level),
    templateVariance(byFactAndTemplate(answers)),
  )
}

/** One template of a relation under one reading, and what its source wrote it for, where it tells. */
export interface TemplateRetention {
  readonly relation: string
  readonly template: string
  readonly uses: readonly TemplateUse[]
  readonly reading: Reading
  readonly facts: number
  readonly accuracy: Estimate
}

/** Accuracy template by template, leaks left out; summed readings have none of their own. */
export function retentionByTemplate(evidence: AnswersEvidence, level: number): TemplateRetention[] {
  const key = (relation: string, template: string): string => JSON.stringify([relation, template])
  const uses = new Map(evidence.templates?.map((t) => [key(t.relation, t.template), t.uses]))
  const asked = withoutLeaks(evidence).filter((a) => a.reading !== 'ranking-summed')
  return [...groupBy(asked, (a) => JSON.stringify([a.relation, a.template, a.reading])).values()].map(
    (own) => {
      const { relation, template, reading } = own[0]
      const accuracy = clusteredAccuracy(own, level)
      const facts = new Set(own.map((a) => a.fact_id)).size
      return { relation, template, uses: uses.get(key(relation, template)) ?? [], reading, facts, accuracy }
    },
  )
}

/** Retention per model, relation, domain and reading, leaks left out; a relation of leaks alone is not estimable. */
export function retentionByRelation(evidence: AnswersEvidence, level: number): RelationRetention[] {
  const clean = new Set(withoutLeaks(evidence))
  const groups = groupBy(evidence.answers, (a) => JSON.stringify([a.model, a.relation, a.domain, a.reading]))
  return [...groups.values()].map((asked) => {
    const { model, relation, domain, reading } = asked[0]
    const own = asked.filter((a) => clean.has(a))
    const templates = templatesOf(own)
    return {
      model,
      relation,
      domain,
      reading,
      templates: templates.length,
      facts: new Set(own.map((a) => a.fact_id)).size,
      accuracy: clusteredAccuracy(own, level),
      templateSpread: spreadOf(templates),
    }
  })
}
