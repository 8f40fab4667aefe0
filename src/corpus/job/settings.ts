import type { Fact } from '../../core/index.js'
import { foldsOf, type MatchOptions } from '../names/match.js'
import type { Sample } from '../readers/draw.js'
import type { Format, TextDocument } from '../readers/unit.js'
import type { Grouping } from './groups.js'
import { hashOf } from './hash.js'

/** What decides which documents a corpus has. */
export interface CorpusSettings {
  readonly column: string
  readonly textDocument: TextDocument
  readonly format: Format | 'auto'
  /** Read only a part of it. */
  readonly sample?: Sample | null
}

/** What decides the counts of a file, beside the facts. */
export interface CountSettings {
  readonly match: MatchOptions
  readonly column: string
  readonly textDocument: TextDocument
  readonly format: Format | 'auto'
}

/** The same, and what is told beside the sums; nothing where left out. */
export interface GroupedSettings extends CountSettings {
  readonly grouping?: Grouping | undefined
}

/** Fingerprint of facts and settings: counts with the same one add up. */
export function jobFingerprint(facts: readonly Fact[], settings: GroupedSettings): string {
  const { match, column, textDocument, format, grouping } = settings
  const { match: rule, ignoreCase, within } = match
  const fold = foldsOf(match)
  const names = facts.map((f) => [f.fact_id, f.subject, f.object, f.subject_aliases, f.aliases])
  return hashOf({
    version: 3,
    names: hashOf(names),
    rule,
    ignoreCase,
    fold,
    within,
    column,
    textDocument,
    format,
    grouping,
  })
}

/** The options in which two settings differ, as either has them: `--within 5, no --by`; an empty value is none; '' where they agree. */
export function differingOptions(
  there: Readonly<Record<string, string>>,
  here: Readonly<Record<string, string>>,
): { there: string; here: string } {
  const names = Object.keys(there).filter((name) => there[name] !== here[name])
  const say = (options: Readonly<Record<string, string>>): string =>
    names.map((name) => (options[name] === '' ? `no ${name}` : `${name} ${options[name]}`)).join(', ')
  return { there: say(there), here: say(here) }
}
