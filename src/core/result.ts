import type { ModelEvidence } from './evidence/index.js'
import type { Section } from './exhibit.js'
import type { Finding } from './finding.js'
import type { GateResult, Verdict } from './gate.js'
import type { Metric } from './metric.js'

/** A file that a result was made from. */
export interface Input {
  readonly path: string
  readonly sha256: string
}

/**
 * What every command that judges something ends in, and all that the report room sees: an audit has a model,
 * gates and a verdict; `curve`, `forecast` and `bound` leave those out and bring their sections.
 */
export interface Result {
  /** `assay/<command>@<n>` */
  readonly schema: string
  readonly title: string
  /** One sentence for a reader in a hurry. */
  readonly summary: string
  readonly seed: number
  readonly inputs: readonly Input[]
  readonly model?: ModelEvidence
  readonly verdict?: Verdict
  readonly gates: readonly GateResult[]
  readonly findings: readonly Finding[]
  readonly metrics: readonly Metric[]
  readonly sections: readonly Section[]
  /** Versions, settings, hashes: how this was measured. */
  readonly provenance: readonly { readonly label: string; readonly value: string }[]
  readonly notMeasured: readonly { readonly what: string; readonly why: string }[]
}
