import { type Random, shuffled } from '../../src/core/random.js'
import type { Synset } from '../corpus/readers/wordnet.js'
import { arrangeChoices, matchedDistractors } from './choices.js'
import type { TaskItem } from './task-item.js'
import type { WordFrequency } from './word-frequency.js'

/** Occurrences in the training text that a word must have, to be asked for. */
const LEAST_OCCURRENCES = 100

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
 * Word from definition: a held-out WordNet definition, in the words in which the training text puts others,
 * and four words of the same part of speech, about as long and as common, of other kinds of thing.
 */
export function wordFromDefinition(
  heldOut: readonly Synset[],
  words: WordFrequency,
  random: Random,
  count: number,
): TaskItem[] {
  const pool = heldOut.flatMap((synset) => entry(synset, words))
  const items: TaskItem[] = []
  const asked = new Set<string>()
  for (const right of shuffled(pool, random)) {
    if (items.length === count) break
    if (asked.has(right.text)) continue
    const { part, kind, definition } = right.synset
    const suits = (candidate: Entry): boolean =>
      candidate.synset.part === part &&
      (candidate.synset.kind !== kind || part === 'adjective' || part === 'adverb') &&
      !right.synset.words.includes(candidate.text.trim()) &&
      !definition.includes(candidate.text.trim())
    const wrong = matchedDistractors(right, pool, 3, { characters: 1, frequency: 0.7 }, random, suits)
    if (wrong === null) continue
    asked.add(right.text)
    const arranged = arrangeChoices(
      right.text,
      wrong.map(({ text }) => text),
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
