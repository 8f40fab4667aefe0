import type { Fact } from '../../core/index.js'
import type { MatchOptions } from '../names/match.js'
import type { Format, TextDocument } from '../readers/unit.js'
import { hashOf } from './hash.js'

/** What decides the counts of a file, beside the facts. */
export interface CountSettings {
  readonly match: MatchOptions
  readonly column: string
  readonly textDocument: TextDocument
  readonly format: Format | 'auto'
}

/** Fingerprint of facts and settings: counts with the same one add up. */
export function jobFingerprint(facts: readonly Fact[], settings: CountSettings): string {
  const { match, column, textDocument, format } = settings
  const { match: rule, ignoreCase, within } = match
  const names = facts.map((f) => [f.fact_id, f.subject, f.object, f.subject_aliases, f.aliases])
  return hashOf({ version: 1, names: hashOf(names), rule, ignoreCase, within, column, textDocument, format })
}
