/**
 * How a name is looked for in a document.
 *
 * `boundary`  The name or one of its aliases, as written, in Unicode form NFC or NFD, with no word character directly
 *             before or after it. A word character is `\w` of UTS #18; characters of scripts written without spaces
 *             (Han, kana, Thai, …) are words of their own and bound nothing. Case counts unless `ignoreCase`.
 * `published` The rule of the published SMI pipeline, byte for byte: one space, then the name; case counts, nothing is
 *             asked of what follows, aliases are not used.
 */
export type MatchRule = 'boundary' | 'published'

/** How names are looked for; `DEFAULT_MATCH` where nothing else is asked for. */
export interface MatchOptions {
  readonly match: MatchRule
  /** Compare lower-cased texts; `boundary` alone. */
  readonly ignoreCase: boolean
  /**
   * Count a pair only where both names stand at most this many words apart (from first word to first word); a word is
   * a run of word characters, or one character of an unspaced script. `null` = the whole document.
   */
  readonly within: number | null
}

/** Whole words, case as written, anywhere in the document. */
export const DEFAULT_MATCH: MatchOptions = { match: 'boundary', ignoreCase: false, within: null }

/** Every spelling under which a name is looked for, without repeats. */
export function formsOf(names: readonly string[], options: MatchOptions): string[] {
  if (options.match === 'published') return names.slice(0, 1)
  const forms = new Set<string>()
  for (const name of names) {
    const trimmed = name.trim()
    for (const form of [trimmed, trimmed.normalize('NFC'), trimmed.normalize('NFD')])
      forms.add(options.ignoreCase ? form.toLowerCase() : form)
  }
  return [...forms]
}
