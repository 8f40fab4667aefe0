import { FOLDS, foldText, type TextFold } from './fold.js'

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
  /** Ways of writing that are made one before texts and names are compared; `boundary` alone. */
  readonly fold: readonly TextFold[]
  /**
   * Count a pair only where both names stand at most this many words apart (from first word to first word); a word is
   * a run of word characters, or one character of an unspaced script. `null` = the whole document.
   */
  readonly within: number | null
}

/** Folded unless asked otherwise: all that was measured to add names and no others (docs/decisions/0056-folding.md). */
export const DEFAULT_FOLD: readonly TextFold[] = FOLDS.filter((fold) => fold !== 'emphasis')

/** Whole words, case as written, anywhere in the document. */
export const DEFAULT_MATCH: MatchOptions = {
  match: 'boundary',
  ignoreCase: false,
  fold: DEFAULT_FOLD,
  within: null,
}

/** What is folded; nothing under the published rule, which compares byte for byte. */
export function foldsOf({ match, fold }: MatchOptions): readonly TextFold[] {
  return match === 'published' ? [] : fold
}

/** A text as it is compared. */
export function comparable(text: string, options: MatchOptions): string {
  const folds = foldsOf(options)
  const folded = folds.length === 0 ? text : foldText(text, folds)
  return options.ignoreCase ? folded.toLowerCase() : folded
}

/** Every spelling under which a name is looked for, without repeats. */
export function formsOf(names: readonly string[], options: MatchOptions): string[] {
  if (options.match === 'published') return names.slice(0, 1)
  const forms = new Set<string>()
  for (const name of names) {
    const trimmed = name.trim()
    for (const form of [trimmed, trimmed.normalize('NFC'), trimmed.normalize('NFD')]) {
      const folded = comparable(form, options).trim()
      forms.add(folded === '' ? form : folded)
    }
  }
  return [...forms]
}
