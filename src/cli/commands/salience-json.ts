import { type SalienceModel, withFlatEstimates } from '../../core/index.js'
import type { ShownCapability } from './salience-result.js'

/** One capability as `assay salience --json` prints it. */
export function capabilityJson(
  { result, carried, spans }: ShownCapability,
  models: readonly SalienceModel[],
) {
  const raw = (v: number): number => (result.input.isLog ? Math.exp(v) : v)
  const predicted = result.leftOut?.predictions.get(result.judgedBy)
  return withFlatEstimates({
    benchmark: result.input.name,
    n: result.models.length,
    families: result.families,
    log: result.input.isLog,
    skill: [
      ...result.skill.map((s) => ({ ...s, n: result.models.length })),
      ...result.skillAt.map(({ splits: _, ...s }) => s),
    ],
    unfit: result.unfit,
    chosen: result.chosen,
    judgedBy: result.judgedBy,
    gainOverMean: result.gainOverMean,
    permutationNull: result.permutationNull,
    gainOverCompute: result.gainOverCompute,
    carriedBy: carried?.method ?? null,
    domains: carried?.domains ?? [],
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
  })
}
