import type { Estimate, EstimateJson } from './estimate.js'
import { estimateToJson } from './estimate.js'

/** `insufficient`: the evidence is missing or too thin; `error`: the probe itself failed. Neither is a pass. */
export type Status = 'pass' | 'warn' | 'fail' | 'insufficient' | 'error'

/** The bound that an estimate was held against. */
export interface Threshold {
  readonly kind: 'min' | 'max' | 'max_drop' | 'max_relative_drop'
  readonly value: number
  readonly unit: string
}

/** One thing that a probe concluded, with what to do about it, both in words that a newcomer knows. `code` is permanent. */
export interface Finding {
  readonly probe: string
  readonly code: string
  readonly status: Status
  readonly title: string
  readonly estimate?: Estimate
  readonly threshold?: Threshold
  readonly action?: string
  /** What an expert wants to know of it, in the words of the field: not on the first screen. */
  readonly detail?: string
  /** Papers, code or evidence that a reader can check. */
  readonly sources: readonly string[]
}

/** Makes a probe's findings; `code` is what stands behind its name, `more` what else there is to say. */
export function findingsBy(probe: string, sources: readonly string[]) {
  return (
    code: string,
    status: Status,
    title: string,
    more: Partial<Omit<Finding, 'probe' | 'code' | 'status' | 'title'>> = {},
  ): Finding => ({ probe, code: `${probe}/${code}`, status, title, sources, ...more })
}

/** A finding as it stands in JSON. */
export interface FindingJson extends Omit<Finding, 'estimate'> {
  readonly estimate?: EstimateJson
}

/** The form in which a finding stands in JSON. */
export function findingToJson(finding: Finding): FindingJson {
  const { estimate, ...rest } = finding
  return estimate === undefined ? rest : { ...rest, estimate: estimateToJson(estimate) }
}
