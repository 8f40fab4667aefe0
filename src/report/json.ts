import type { FindingJson, GateResult, Metric, Result } from '../core/index.js'
import { type EstimateJson, estimateToJson, findingToJson } from '../core/index.js'

/** A gate as JSON documents carry it. */
export interface GateJson extends Omit<GateResult, 'estimate'> {
  readonly estimate: EstimateJson
}

/** A metric as it stands in JSON. */
export interface MetricJson extends Omit<Metric, 'estimate'> {
  readonly estimate: EstimateJson
}

/** A result as one JSON document: what every judging command prints, and what `report.json` holds. */
export interface ResultJson extends Omit<Result, 'gates' | 'findings' | 'metrics' | 'sections'> {
  readonly gates: readonly GateJson[]
  readonly findings: readonly FindingJson[]
  readonly metrics: readonly MetricJson[]
}

/**
 * The flat JSON form of a result. Sections stay out: they are drawn from evidence again, and a training curve
 * would outweigh every number that a script reads.
 */
export function resultToJson(result: Result): ResultJson {
  const { sections: _, ...rest } = result
  return {
    ...rest,
    gates: result.gates.map((gate) => ({ ...gate, estimate: estimateToJson(gate.estimate) })),
    findings: result.findings.map(findingToJson),
    metrics: result.metrics.map((metric) => ({ ...metric, estimate: estimateToJson(metric.estimate) })),
  }
}
