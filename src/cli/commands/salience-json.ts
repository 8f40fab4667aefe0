import { type Estimate, estimateToJson, type SalienceModel } from '../../core/index.js'
import type { ShownCapability } from './salience-result.js'

interface Skill {
  readonly method: string
  /** Models that were known. */
  readonly n: number
  readonly explainedVariance: Estimate
  readonly pairwise: number | null
  readonly nearTies: number | null
}

function skillJson({ method, n, explainedVariance, pairwise, nearTies }: Skill) {
  return { method, n, explainedVariance: estimateToJson(explainedVariance), pairwise, nearTies }
}

/** One capability as `assay salience --json` prints it. */
export function capabilityJson(
  { result, carried, spans }: ShownCapability,
  models: readonly SalienceModel[],
) {
  const raw = (v: number): number => (result.input.isLog ? Math.exp(v) : v)
  const predicted = result.leftOut?.predictions.get(result.judgedBy)
  return {
    benchmark: result.input.name,
    n: result.models.length,
    families: result.families,
    log: result.input.isLog,
    skill: [
      ...result.skill.map((s) => skillJson({ ...s, n: result.models.length })),
      ...result.skillAt.map(skillJson),
    ],
    unfit: result.unfit,
    chosen: result.chosen,
    judgedBy: result.judgedBy,
    gainOverMean: estimateToJson(result.gainOverMean),
    permutationNull: result.permutationNull,
    gainOverCompute: result.gainOverCompute && estimateToJson(result.gainOverCompute),
    carriedBy: carried?.method ?? null,
    domains: (carried?.domains ?? []).map((d) => ({ ...d, ofPull: estimateToJson(d.ofPull) })),
    spans: spans.map(({ span, text, salience, agreement }) => ({
      document: span.document,
      domain: span.domain,
      byteStart: span.bytes?.start ?? null,
      byteEnd: span.bytes?.end ?? null,
      salience,
      agreement,
      text,
    })),
    leftOut:
      predicted === undefined
        ? []
        : result.models.map((m) => ({
            model: models[m].id,
            measured: raw(result.input.y[m]),
            predicted: raw(predicted[m]),
          })),
  }
}
