import type { Fact } from './fact.js'

/** Marks belong to the letter before them: "Peru" is no word of its own in front of a combining accent. */
const isWordCharacter = (character: string | undefined): boolean =>
  character !== undefined && /[\p{L}\p{M}\p{N}]/u.test(character)

/** One spelling for composed and decomposed accents (Unicode NFC), letter case aside. */
export const folded = (text: string): string => text.toLowerCase().normalize('NFC')

/** Whether a text holds a name, letter case and the spelling of accents aside, not as part of a longer word. */
export function holdsName(text: string, name: string): boolean {
  return findName(folded(text), folded(name.trim()), true)
}

/** Whether a folded text holds a folded name. */
export function findName(text: string, name: string, wholeWords: boolean): boolean {
  if (name === '') return false
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    if (!wholeWords) return true
    const before = [...text.slice(Math.max(0, at - 2), at)].at(-1)
    const after = [...text.slice(at + name.length, at + name.length + 2)].at(0)
    if (!isWordCharacter(before) && !isWordCharacter(after)) return true
  }
  return false
}

/** The object and its aliases. */
export function objectNames(fact: Fact): string[] {
  return [fact.object, ...fact.aliases]
}
