import type { Node } from './jinja/nodes.js'
import type { PyDict, PyValue } from './python/value.js'

/** Kinds of request, by lm-evaluation-harness's names. */
export type TaskOutput = 'multiple_choice' | 'loglikelihood' | 'loglikelihood_rolling' | 'generate_until'

/** One row of the items. */
export interface TaskDocument {
  /** Position among the rows of its split, from 0: lm-evaluation-harness's `doc_id`. */
  readonly index: number
  /** Line of the file; of a Parquet file the row, from 1. */
  readonly line: number
  /** File that it stands in. */
  readonly path: string
  readonly id: string
  /** Columns of the row, every column of the split among them: what the harness calls the doc. */
  readonly fields: PyDict
  /** SHA-256 of the row, equal to the harness's `doc_hash`. */
  readonly hash: string
}

/** Python functions of lm-evaluation-harness's tasks that are done again here, by their full names. */
export type HelperName =
  | 'winogrande.doc_to_text'
  | 'winogrande.doc_to_target'
  | 'winogrande.doc_to_choice'
  | 'copa.doc_to_text'
  | 'copa.doc_to_target'
  | 'copa.doc_to_choice'

/** How something of a row is told: a column, a template, a value that is the same for all rows, or a helper. */
export type TaskField =
  | { readonly kind: 'column'; readonly column: string }
  | { readonly kind: 'template'; readonly source: string; readonly template: Node }
  | { readonly kind: 'value'; readonly value: PyValue }
  | { readonly kind: 'helper'; readonly helper: HelperName }

/** A field of the definition, where it stands in the YAML, for messages. */
export interface PlacedField {
  readonly name: string
  readonly path: string
  readonly line: number
  readonly field: TaskField
}

/** How a question with its answer is written. */
export interface TaskTurn {
  readonly text: PlacedField
  readonly target: PlacedField | null
  readonly choice: PlacedField | null
  /** Text that an answer begins with. */
  readonly prefix: PlacedField | null
  readonly targetDelimiter: string
  readonly fewshotDelimiter: string
}

/** One way to ask a task: the definition's own, or one of `metadata.templates`. */
export interface TaskForm {
  readonly name: string
  readonly description: PlacedField | null
  readonly asked: TaskTurn
  readonly shown: TaskTurn
}

/** A step between what a model wrote and what is compared with the targets. */
export type TaskFilter =
  | { readonly name: 'take_first' | 'remove_whitespace' | 'lowercase' | 'uppercase' }
  | { readonly name: 'regex'; readonly pattern: string; readonly group: number; readonly fallback: string }

/** How free answers are written and compared. */
export interface TaskGeneration {
  readonly until: readonly string[]
  readonly maxTokens: number
  readonly temperature: number
  readonly filters: readonly TaskFilter[]
  readonly exactMatch: {
    readonly ignoreCase: boolean
    readonly ignorePunctuation: boolean
    readonly ignoreNumbers: boolean
    readonly regexesToIgnore: readonly string[]
  }
}

/** The part of a task that says how it is asked. */
export interface TaskDefinition {
  readonly forms: readonly TaskForm[]
  readonly sampler: 'default' | 'first_n'
  /** n + 1 examples are drawn and the asked row dropped: where `fewshot_split` and `test_split` are the same. */
  readonly dropsAsked: boolean
  readonly generation: TaskGeneration | null
  readonly cluster: PlacedField | null
}

/** A benchmark task with its items, ready to be asked. */
export interface Task {
  readonly name: string
  /** The YAML file. */
  readonly path: string
  readonly version: string | number | null
  readonly output: TaskOutput
  /** Name of the pipeline that answers go through, as lm-evaluation-harness writes it: `none` where the task names none. */
  readonly filter: string
  /** Accuracy of guessing; null where nothing is chosen among. */
  readonly chance: number | null
  /** Names of `metric_list`. */
  readonly metrics: readonly string[]
  readonly numFewshot: number
  readonly citation: string | null
  readonly source: string | null
  readonly licence: string | null
  readonly definitionSha256: string
  readonly itemsSha256: string
  /** Rows that are asked. */
  readonly documents: readonly TaskDocument[]
  /** Rows that examples are drawn from; null where there are none. */
  readonly pool: readonly TaskDocument[] | null
  /** Why there is no pool, and how to give one. */
  readonly poolMissing: string | null
  /** Names of the ways to ask; the first is the definition's own. */
  readonly templates: readonly string[]
  /** What was left out or passed over, in words. */
  readonly notes: readonly string[]
  readonly definition: TaskDefinition
}

/** A context and what is scored behind it. */
export interface TaskRequest {
  readonly context: string
  readonly continuation: string
}

/** A row with everything that is asked about it. */
export interface TaskInstance {
  readonly document: TaskDocument
  readonly description: string
  /** Indices into the pool of the examples shown, in their order. */
  readonly shots: readonly number[]
  /** The row, or one equal to it, stands among its own examples. */
  readonly leaks: boolean
  /** multiple_choice: one a choice; loglikelihood: one; rolling: one without context; generate_until: none. */
  readonly requests: readonly TaskRequest[]
  /**
   * Choices without the delimiter, by whose length scores are normalised (code points for `acc_norm`, UTF-8 bytes for
   * `acc_bytes`); of several contexts with one continuation (WinoGrande) they are the contexts.
   */
  readonly choices: readonly string[]
  /** Indices of the right choices. */
  readonly gold: readonly number[]
  /** Every continuation without context, for pointwise mutual information. */
  readonly unconditioned: readonly TaskRequest[]
  readonly generation?: TaskGeneration & { readonly context: string; readonly targets: readonly string[] }
  /** What `doc_to_target` gives. */
  readonly target: PyValue
  /** Rows of one cluster share a passage. */
  readonly cluster?: string
}
