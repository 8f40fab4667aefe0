import { type Random, shuffled } from '../../src/core/random/index.js'
import type { TaskItem } from './task-item.js'
import type { WordFrequency } from './word-frequency.js'

/** Puts the right choice at a place drawn by the stream. */
export function arrangeChoices(
  right: string,
  wrong: readonly string[],
  random: Random,
): { choices: string[]; gold: number } {
  const choices = shuffled([right, ...wrong], random)
  return { choices, gold: choices.indexOf(right) }
}

/** A possible choice with what the trivial guessers look at. */
export interface Candidate {
  text: string
  frequency: number
}

export interface Tolerance {
  characters: number
  frequency: number
}

/** The point around which the choices of an item lie: a length and a frequency. */
export interface Centre {
  length: number
  frequency: number
}

/** A point within the tolerances of the right choice, so that this is no likelier in the middle than at an end. */
export function drawCentre(right: Candidate, tolerance: Tolerance, random: Random): Centre {
  return {
    length: right.text.length + (2 * random.uniform() - 1) * (tolerance.characters + 0.5),
    frequency: right.frequency + (2 * random.uniform() - 1) * tolerance.frequency,
  }
}

/**
 * Draws `count` distractors that are as long and as frequent as the right choice: all of an item's lie, as the
 * right choice does, within the tolerances of one centre, so that none of them stands out.
 *
 * @returns null where too few candidates match
 */
export function matchedDistractors<T extends Candidate>(
  right: T,
  pool: readonly T[],
  count: number,
  tolerance: Tolerance,
  random: Random,
  suits: (candidate: T) => boolean = () => true,
  centre: Centre = drawCentre(right, tolerance, random),
): T[] | null {
  const near = pool.filter(
    (candidate) =>
      candidate.text !== right.text &&
      Math.abs(candidate.text.length - centre.length) <= tolerance.characters + 0.5 &&
      Math.abs(candidate.frequency - centre.frequency) <= tolerance.frequency &&
      suits(candidate),
  )
  const chosen: T[] = []
  for (const candidate of shuffled(near, random)) {
    if (!chosen.some(({ text }) => text === candidate.text)) chosen.push(candidate)
    if (chosen.length === count) return chosen
  }
  return null
}

/** Share of items whose right choice has the highest score; ties count as the chance among them. */
export function guesserAccuracy(
  items: readonly TaskItem[],
  score: (choice: string, choices: readonly string[]) => number,
): number {
  const shares = items.map(({ choices, gold }) => {
    const scores = choices.map((choice) => score(choice, choices))
    const best = Math.max(...scores)
    const winners = scores.filter((value) => value === best).length
    return scores[gold] === best ? 1 / winners : 0
  })
  return shares.reduce((sum, share) => sum + share, 0) / items.length
}

function meanLength(choices: readonly string[]): number {
  return choices.reduce((sum, choice) => sum + choice.length, 0) / choices.length
}

/** What guessers that never read the context reach on a task. */
export function trivialGuessers(items: readonly TaskItem[], words: WordFrequency): Record<string, number> {
  return {
    longest: guesserAccuracy(items, (choice) => choice.length),
    shortest: guesserAccuracy(items, (choice) => -choice.length),
    commonest: guesserAccuracy(items, (choice) => words.meanLog(choice)),
    rarest: guesserAccuracy(items, (choice) => -words.meanLog(choice)),
    middle: guesserAccuracy(items, (choice, choices) => -Math.abs(choice.length - meanLength(choices))),
    first: items.filter(({ gold }) => gold === 0).length / items.length,
  }
}
