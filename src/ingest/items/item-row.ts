import type { Records } from '../records/read-records.js'

/** One item as one model answered it, as a file tells it; what it does not tell is absent. */
export interface ItemRow {
  readonly arm?: string
  /** Training-set size. */
  readonly n?: number
  readonly seed?: string
  /** Test set. */
  readonly split?: string
  /** Name of the item, for people. */
  readonly item: string
  /** What pairs the item with the other arm’s: document and target, or its name. */
  readonly key: string
  /** The prompt or its hash: of one key it must be one. */
  readonly prompt?: string
  /** Hash of the prompt’s text, whatever tool asked it ({@link askedHash}). */
  readonly asked?: string
  /** Model, where a table holds several. */
  readonly model?: string
  /** Metric that the score is in, where the file names it. */
  readonly metric?: string
  readonly cluster?: string
  readonly score: number
  readonly margin?: number
  readonly chance?: number
  readonly contaminated?: boolean
  /** Solved examples before the item. */
  readonly shots?: number
  readonly minK?: number
  readonly line: number
}

/** How results item by item are read. */
export interface ItemsOptions {
  /** Our field → the file’s column. */
  readonly columns?: Readonly<Record<string, string>>
  /** Metric or scorer, where results hold several. */
  readonly metric?: string
  /** Filter of lm-evaluation-harness; the first by default. */
  readonly filter?: string
}

/** One format of results item by item; recognised by its columns, the particular before the general. */
export interface ItemsFormat {
  readonly format: string
  recognises(columns: readonly string[]): boolean
  read(records: Records, options: ItemsOptions): ItemRow[]
}
