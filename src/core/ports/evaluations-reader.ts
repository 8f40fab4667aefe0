import type { EvaluationsEvidence } from '../evidence/index.js'

/** A result file as a reader sees it. */
export interface EvaluationsSource {
  readonly path: string
  readonly text: string
  /** Text of a file beside this one, where a format needs it (HELM's run_spec.json). */
  sibling?(name: string): string | undefined
}

/** What the user says of foreign tables. */
export interface EvaluationsReaderOptions {
  /** Our name → the column of a foreign table, or `column*factor`. */
  readonly columns: Readonly<Record<string, string>>
  /** Columns, or benchmarks, that are read as benchmarks whatever they are called. */
  readonly benchmarks?: readonly string[]
}

/** One format of result files; recognised by content. Every reader ends in the tidy table. */
export interface EvaluationsReader {
  readonly format: string
  recognise(source: EvaluationsSource): number
  read(source: EvaluationsSource, options: EvaluationsReaderOptions): EvaluationsEvidence
}
