import type { ModelOptions } from '../model-options.js'

/** What `assay salience` takes: to fit, or (with `apply`) to read. */
export interface SalienceOptions extends ModelOptions {
  readonly losses?: readonly string[]
  readonly scores?: readonly string[]
  readonly families?: string
  readonly lowerIsBetter?: boolean | string
  readonly benchmark?: readonly string[]
  readonly without?: readonly string[]
  readonly columns?: Readonly<Record<string, string>>
  readonly skillAt?: readonly number[]
  readonly repeats: number
  readonly permutations: number
  readonly level: number
  readonly text?: readonly string[]
  readonly save?: string
  readonly apply?: string
  readonly model?: readonly string[]
  readonly output?: readonly string[]
}
