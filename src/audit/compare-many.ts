import {
  byInterval,
  DEFAULT_LEVEL,
  judgedPairs,
  type MeasuredPair,
  type ModelComparison,
  notEstimable,
  rankModels,
  withDrops,
} from '../core/index.js'
import { type Comparison, compareAudits, HEADLINE, type MetricChange } from './compare.js'
import type { StoredEvidence } from './store/evidence-folder.js'

/** An audit under the name by which it is told from the others. */
export interface NamedAudit {
  readonly name: string
  readonly audit: StoredEvidence
}

/** Several audits against each other, and what each two of them gained or lost. */
export interface AuditComparison {
  readonly comparison: ModelComparison
  /** Of each two, in the order of the pairs of the first metric. */
  readonly couples: readonly Comparison[]
}

/** Metrics that are held against the largest drop beside the headline: benchmarks, in accuracy. */
const SCORE = 'benchmark-scores.score.'

/** A change of two audits among others: what is no merit, as FLOPs, is none. */
function pairOf(a: string, b: string, { id, change, better, same, paired }: MetricChange): MeasuredPair {
  return {
    a,
    b,
    benchmark: id,
    items: change.kind === 'estimate' ? change.n : null,
    difference: change,
    better,
    ...byInterval(change),
    isSame: same,
    isPaired: paired,
  }
}

/**
 * Every two audits metric by metric, and all of them by held-out loss.
 *
 * @param maxDrop largest rise of held-out loss against the first audit that is put up with, bits/byte, and fall of a benchmark's score
 * @throws {AssayError} audit/not-comparable when texts or windowing differ
 */
export function compareManyAudits(
  audits: readonly NamedAudit[],
  seed: number,
  { level = DEFAULT_LEVEL, maxDrop }: { level?: number; maxDrop?: number } = {},
): AuditComparison {
  const models = audits.map(({ name }) => name)
  const couples = audits.flatMap((first, i) =>
    audits
      .slice(i + 1)
      .map((second) => ({ first, second, ...compareAudits(first.audit, second.audit, seed, { level }) })),
  )
  const measured = couples.flatMap(({ first, second, changes }) =>
    changes.filter(({ size }) => !size).map((change) => pairOf(first.name, second.name, change)),
  )
  const judged = judgedPairs(measured, level)
  // Of tasks that both were asked alike; others are no drop.
  const scored = judged.filter(({ benchmark, isPaired }) => isPaired && benchmark.startsWith(SCORE))
  const held = maxDrop === undefined ? [] : withDrops(scored, models[0], maxDrop, level)
  const whole = judgedPairs(
    measured.filter(({ benchmark }) => benchmark === HEADLINE),
    level,
  )
  const overall = maxDrop === undefined ? whole : withDrops(whole, models[0], maxDrop, level)
  const scores = models.map((model) => {
    const own = couples.find(({ first, second }) => first.name === model || second.name === model)
    const change = own?.changes.find(({ id }) => id === HEADLINE)
    if (change === undefined) return notEstimable('held-out loss was not measured')
    return own?.first.name === model ? change.before : change.after
  })
  return {
    comparison: {
      models,
      pairs: judged.map((pair) => held[scored.indexOf(pair)] ?? pair),
      overall,
      ranking: rankModels(models, scores, overall),
      shared: overall.length === 0 ? [] : [HEADLINE],
    },
    couples,
  }
}
