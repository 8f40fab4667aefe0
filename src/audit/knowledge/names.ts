import type { Fact } from '../../core/index.js'

/** Names of at least this many letters are found anywhere, so that "Niger" in "Nigerian" counts as given away. */
const LONG_NAME = 4

/** Marks belong to the letter before them: "Peru" is no word of its own in front of a combining accent. */
const isWordCharacter = (character: string | undefined): boolean =>
  character !== undefined && /[\p{L}\p{M}\p{N}]/u.test(character)

/** One spelling for composed and decomposed accents (Unicode NFC), letter case aside. */
const folded = (text: string): string => text.toLowerCase().normalize('NFC')

/** Whether a text holds a name, letter case and the spelling of accents aside, not as part of a longer word. */
export function holdsName(text: string, name: string): boolean {
  return find(folded(text), folded(name.trim()), true)
}

function find(text: string, name: string, wholeWords: boolean): boolean {
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

/**
 * The object or alias that a filled prompt gives away, or null: as a whole word, or anywhere for names of four
 * letters or more; letter case aside (docs/methods/knowledge.md#leaks).
 */
export function leakIn(prompt: string, fact: Fact): string | null {
  const text = folded(prompt)
  for (const name of objectNames(fact)) {
    const wanted = folded(name.trim())
    if (find(text, wanted, [...wanted].length < LONG_NAME)) return name
  }
  return null
}
