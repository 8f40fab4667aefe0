import type { Fact } from './fact.js'
import { findName, folded, objectNames } from './names.js'

/** Names of at least this many letters are found anywhere, so that "Niger" in "Nigerian" counts as given away. */
const LONG_NAME = 4

/**
 * The object or alias that a filled prompt gives away, or null: as a whole word, or anywhere for names of four
 * letters or more; letter case aside (docs/methods/knowledge.md#leaks).
 */
export function leakIn(prompt: string, fact: Fact): string | null {
  const text = folded(prompt)
  for (const name of objectNames(fact)) {
    const wanted = folded(name.trim())
    if (findName(text, wanted, [...wanted].length < LONG_NAME)) return name
  }
  return null
}
