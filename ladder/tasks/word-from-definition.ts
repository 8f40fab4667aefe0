import { type Random, shuffled } from '../../src/core/random/index.js'
import type { Synset } from '../corpus/readers/wordnet.js'
import { arrangeChoices, drawCentre, matchedDistractors } from './choices.js'
import type { TaskItem } from './task-item.js'
import type { WordFrequency } from './word-frequency.js'

/** Occurrences in the training text that a word must have, to be asked for. */
const LEAST_OCCURRENCES = 40
/** Share of a word's senses that must be of the part of speech it is asked as. */
const MAIN_SHARE = 0.6
/** Definitions of one word that may be asked. */
const MOST_DEFINITIONS = 3
const TOLERANCE = { characters: 1, frequency: 0.5 }

/** A definition and its word, with the kind of thing (WordNet's lexicographer file) that it belongs to. */
interface Entry {
  text: string
  frequency: number
  synset: Synset
}

function entry(synset: Synset, words: WordFrequency): Entry[] {
  const [word = ''] = synset.words
  const stem = word.slice(0, Math.max(4, word.length - 3))
  const plain = /^[a-z]{3,12}$/.test(word) && !synset.definition.toLowerCase().includes(stem)
  const length = synset.definition.length
  if (!plain || length < 15 || length > 160 || words.count(word) < LEAST_OCCURRENCES) return []
  return [{ text: ` ${word}`, frequency: Math.log(words.count(word)), synset }]
}

/**
 * Word from definition: a held-out WordNet definition, in the words in which the training text puts others.
 * Beside its word stand one of the same part of speech and two of one other, all about as long and as common:
 * no choice is the odd one out, and who knows the part of speech alone is right half of the time. A word
 * is asked as the part of speech that most of its senses are of.
 *
 * @param all       every synset, to know a word's parts of speech
 * @param isHeldOut whether a synset's entry is kept from training
 */
export function wordFromDefinition(
  all: readonly Synset[],
  isHeldOut: (synset: Synset) => boolean,
  words: WordFrequency,
  random: Random,
  count: number,
): TaskItem[] {
  const partsOf = new Map<string, string[]>()
  for (const { words: own, part } of all)
    for (const word of own) {
      const parts = partsOf.get(word)
      if (parts === undefined) partsOf.set(word, [part])
      else parts.push(part)
    }
  const isMainly = (word: string, part: string): boolean => {
    const senses = partsOf.get(word) ?? []
    return senses.filter((sense) => sense === part).length >= MAIN_SHARE * senses.length
  }
  const pool = all
    .filter((synset) => isHeldOut(synset) && synset.part !== 'adverb')
    .flatMap((synset) => entry(synset, words))
    .filter(({ text, synset }) => isMainly(text.trim(), synset.part))
  const parts = [...new Set(pool.map(({ synset }) => synset.part))]
  const items: TaskItem[] = []
  const asked = new Map<string, number>()
  for (const right of shuffled(pool, random)) {
    if (items.length === count) break
    if ((asked.get(right.text) ?? 0) >= MOST_DEFINITIONS) continue
    const { part, kind, definition } = right.synset
    const foreign = (candidate: Entry): boolean =>
      !right.synset.words.includes(candidate.text.trim()) && !definition.includes(candidate.text.trim())
    const [otherPart] = shuffled(
      parts.filter((other) => other !== part),
      random,
    )
    const centre = drawCentre(right, TOLERANCE, random)
    const same = matchedDistractors(
      right,
      pool,
      1,
      TOLERANCE,
      random,
      (c) => c.synset.part === part && (c.synset.kind !== kind || part === 'adjective') && foreign(c),
      centre,
    )
    const others = matchedDistractors(
      right,
      pool,
      2,
      TOLERANCE,
      random,
      (c) => c.synset.part === otherPart && foreign(c) && c.text !== same?.[0]?.text,
      centre,
    )
    if (same === null || others === null) continue
    asked.set(right.text, (asked.get(right.text) ?? 0) + 1)
    const arranged = arrangeChoices(
      right.text,
      [...same, ...others].map(({ text }) => text),
      random,
    )
    items.push({
      id: `word-from-definition/${items.length}`,
      task: 'word-from-definition',
      context: `Definition (${part}): ${definition}. Word:`,
      ...arranged,
      chance: 1 / 4,
      meta: { synset: right.synset.id, part },
    })
  }
  return items
}
