import type { Fact } from '../../core/index.js'
import { counted } from '../../core/text/counted.js'

/** Words that stand in nearly every English text: found of themselves, whatever a model knows. */
const STOP_WORDS = new Set(
  'a an and are as at be but by for from had has have he her his i in is it its no not of on or she so that the their they this to was we were which who will with you'.split(
    ' ',
  ),
)
const SHOWN = 5

/** One letter or digit, punctuation alone, or a stop word. */
const isNoise = (name: string): boolean =>
  STOP_WORDS.has(name.trim().toLowerCase()) || /^([\p{L}\p{N}]|[\p{P}\s]+)$/u.test(name.trim())

const examples = (names: readonly string[]): string =>
  [...new Set(names)]
    .slice(0, SHOWN)
    .map((name) => `"${name}"`)
    .join(', ')

/** What names of these facts stand in nearly any text, in words: answers and counts by them tell nothing. */
export function noiseNotes(facts: readonly Fact[]): string[] {
  const objects = facts.map((f) => f.object).filter(isNoise)
  const aliases = facts.flatMap((f) => [...f.aliases, ...f.subject_aliases]).filter(isNoise)
  const bare = facts.flatMap((f) => [f.subject, f.object]).filter((name) => /^[QP]\d+$/.test(name.trim()))
  return [
    ...(bare.length === 0
      ? []
      : [
          `${counted(bare.length, 'name is an identifier', 'names are identifiers')} of Wikidata for want of a label (${examples(bare)}): no text holds it`,
        ]),
    ...(objects.length === 0
      ? []
      : [
          `${objects.length} ${objects.length === 1 ? 'object is a word' : 'objects are words'} that nearly any text holds (${examples(objects)}): answers by generation and counts tell nothing of it`,
        ]),
    ...(aliases.length === 0
      ? []
      : [
          `${aliases.length} ${aliases.length === 1 ? 'alias is a word' : 'aliases are words'} that nearly any text holds (${examples(aliases)}): delete it, else generation and counts find it everywhere`,
        ]),
  ]
}
