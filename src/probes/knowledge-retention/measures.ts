import {
  type Answer,
  type AnswersEvidence,
  accuracyByFact,
  type Calibration,
  calibrationOf,
  DEFAULT_LEVEL,
  type Estimate,
  estimate,
  groupBy,
  type JudgeContext,
  meanAccuracy,
  notEstimable,
  type Reading,
  type RelationRetention,
  retentionByRelation,
  retentionByTemplate,
  type TemplateRetention,
  withoutLeaks,
} from '../../core/index.js'

/** A fact with how it was answered, for examples. */
export interface FactExample {
  readonly fact_id: string
  readonly subject: string
  readonly relation: string
  readonly object: string
  readonly accuracy: number
  /** Mean rank of the right object over templates; null for completions. */
  readonly meanRank: number | null
  /** What the model answered most often. */
  readonly answered: string
}

/** All that the answers say, for the probe and for `assay knowledge`. */
export interface MeasuredKnowledge {
  readonly retention: readonly RelationRetention[]
  /** Macro mean over relations, by reading. */
  readonly overall: ReadonlyMap<Reading, MacroMean>
  readonly templates: readonly TemplateRetention[]
  readonly calibration: Calibration
  readonly hardest: readonly FactExample[]
  readonly easiest: readonly FactExample[]
  /** Accuracy on prompts that give the object away. */
  readonly leaking: Estimate
}

/** Examples on either side. */
const EXAMPLES = 5

/** Model whose answers are judged: the largest, when an audit brings several. */
export function judgedModel({ answers }: AnswersEvidence): string | undefined {
  return answers.reduce<Answer | undefined>(
    (top, a) => (top === undefined || (a.params ?? 0) > (top.params ?? 0) ? a : top),
    undefined,
  )?.model
}

/** A mean over relations, which of them it is over, and which it has to leave out. */
export interface MacroMean {
  readonly accuracy: Estimate
  /** Relations that were asked and measured. */
  readonly measured: number
  /** Relations that were asked, but have no estimate; with the reason. */
  readonly leftOut: readonly { readonly relation: string; readonly domain: string; readonly reason: string }[]
}

function macroMean(rows: readonly RelationRetention[]): MacroMean {
  const leftOut = rows.flatMap(({ relation, domain, accuracy }) =>
    accuracy.kind === 'estimate' ? [] : [{ relation, domain, reason: accuracy.reason }],
  )
  return { accuracy: meanOfRelations(rows), measured: rows.length - leftOut.length, leftOut }
}

/** Mean of relation means; relations are strata, so their variances add. */
function meanOfRelations(rows: readonly RelationRetention[]): Estimate {
  const values = rows.flatMap((r) => (r.accuracy.kind === 'estimate' ? [r.accuracy] : []))
  if (values.length === 0) return notEstimable('no relation has an estimate')
  const n = values.length
  const value = values.reduce((s, e) => s + e.value, 0) / n
  const reach = (side: (e: (typeof values)[number]) => number): number =>
    Math.sqrt(values.reduce((s, e) => s + side(e) ** 2, 0)) / n
  return estimate(
    value,
    {
      low: Math.max(0, value - reach((e) => e.value - e.interval.low)),
      high: Math.min(1, value + reach((e) => e.interval.high - e.value)),
      level: values[0].interval.level,
    },
    'accuracy',
    values.reduce((s, e) => s + e.n, 0),
  )
}

function mostFrequent(texts: readonly string[]): string {
  const counts = [...groupBy(texts, (t) => t)].map(([text, all]) => ({ text, n: all.length }))
  return counts.reduce((top, c) => (c.n > top.n ? c : top), { text: '', n: 0 }).text
}

function examplesOf(answers: readonly Answer[], { facts }: AnswersEvidence): FactExample[] {
  const names = new Map(facts.map((f) => [f.fact_id, f]))
  const accuracy = accuracyByFact(answers)
  return [...groupBy(answers, (a) => a.fact_id)].flatMap(([fact_id, own]) => {
    const name = names.get(fact_id)
    const share = accuracy.get(fact_id)
    if (name === undefined || share === undefined) return []
    const ranks = own.flatMap((a) => (a.rank === null ? [] : [a.rank]))
    return [
      {
        fact_id,
        subject: name.subject,
        object: name.object,
        relation: own[0].relation,
        accuracy: share,
        meanRank: ranks.length === 0 ? null : ranks.reduce((a, b) => a + b, 0) / ranks.length,
        answered: mostFrequent(own.flatMap((a) => (a.answer === null ? [] : [a.answer]))),
      },
    ]
  })
}

/** Measure recorded answers of one model; seeded by `context.random`. */
export function measureKnowledge(evidence: AnswersEvidence, context: JudgeContext): MeasuredKnowledge {
  const model = judgedModel(evidence)
  const own: AnswersEvidence = { ...evidence, answers: evidence.answers.filter((a) => a.model === model) }
  const retention = retentionByRelation(own, context.level)
  const clean = withoutLeaks(own)
  const main = mainReading(clean)
  const asked = clean.filter((a) => a.reading === main)
  const examples = examplesOf(asked, own).sort(
    (a, b) =>
      a.accuracy - b.accuracy || (b.meanRank ?? 0) - (a.meanRank ?? 0) || (a.fact_id < b.fact_id ? -1 : 1),
  )
  const kept = new Set(clean)
  const leaking = own.answers.filter((a) => a.reading === main && !kept.has(a))
  const shares = [...accuracyByFact(leaking).values()]
  return {
    retention,
    overall: new Map(
      [...groupBy(retention, (r) => r.reading)].map(([reading, rows]) => [reading, macroMean(rows)]),
    ),
    templates: retentionByTemplate(own, context.level),
    calibration: calibrationOf(
      clean.flatMap(({ reading, fact_id, confidence, correct, total }) =>
        reading === 'ranking' && confidence !== null
          ? [{ unit: fact_id, confidence, correct: correct / total }]
          : [],
      ),
      context.random.derive('calibration'),
      context.level ?? DEFAULT_LEVEL,
    ),
    hardest: examples.filter((e) => e.accuracy < 1).slice(0, EXAMPLES),
    easiest: examples
      .filter((e) => e.accuracy > 0)
      .slice(-EXAMPLES)
      .reverse(),
    leaking:
      shares.length === 0
        ? notEstimable('no prompt gives its object away')
        : meanAccuracy(shares, context.level),
  }
}

/** The reading that the headline takes: ranking where it was done. */
export function mainReading(answers: readonly Answer[]): Reading {
  return (
    (['ranking', 'generation', 'sampled'] as const).find((r) => answers.some((a) => a.reading === r)) ??
    'ranking'
  )
}
