import type { GainSettings, Outcome } from '../gain/index.js'

/** Something that a reader of the comparison should know of its tables: rows left out, what was assumed. */
export interface GainNote {
  readonly code: 'unpaired-items' | 'unpaired-sizes' | 'unpaired-seeds' | 'one-seed' | 'assumed'
  readonly text: string
}

/** Two arms that were trained alike on the same data and answered the same items, paired. */
export interface GainEvidence {
  readonly outcomes: readonly Outcome[]
  readonly notes: readonly GainNote[]
  readonly settings: GainSettings
}
