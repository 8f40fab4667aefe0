import { type Random, shuffled } from '../../src/core/random/index.js'

/** A noun in both numbers. */
export interface Noun {
  singular: string
  plural: string
}

/** One example of the family: a subject, and the verb that agrees with its head. */
export interface AdaptationItem {
  id: string
  context: string
  choices: string[]
  gold: number
  chance: number
  meta: { split: string; template: number; head: string; attractor: string }
}

/** Frames of training and of the in-distribution test; {a} is the head, {b} the noun that stands by the verb. */
export const FAMILIAR_FRAMES: readonly string[] = [
  'The {a} near the {b}',
  'The {a} behind the {b}',
  'The {a} with the {b}',
  'The {a} under the {b}',
]

/** Frames of the out-of-distribution test: other words around nouns that no training example has. */
export const STRANGE_FRAMES: readonly string[] = [
  'As everyone knows, the {a} beside the {b}',
  'In the picture the old {a} next to the {b}',
  'We heard that the {a} from the {b}',
  'Yesterday morning the small {a} between the {b}',
]

const CHOICES = [' is', ' are']

/**
 * Examples of subject-verb agreement across a noun. Head and attractor are each singular or plural with equal
 * share, in all four combinations, so that neither the nearer noun nor a constant answer helps; no two
 * examples of one call are equal.
 *
 * @throws {Error} when nouns and frames do not give so many different examples
 */
export function agreementExamples(
  split: string,
  nouns: readonly Noun[],
  frames: readonly string[],
  count: number,
  random: Random,
  taken: Set<string> = new Set(),
): AdaptationItem[] {
  if (nouns.length * (nouns.length - 1) * frames.length * 4 < 2 * (count + taken.size))
    throw new Error(`${nouns.length} nouns in ${frames.length} frames give too few examples for ${count}.`)
  const items: AdaptationItem[] = []
  while (items.length < count) {
    const combination = items.length % 4
    const [head, attractor] = shuffled(nouns, random)
    if (head === undefined || attractor === undefined) throw new Error('The family needs two nouns or more.')
    const plural = combination >= 2
    const a = plural ? head.plural : head.singular
    const b = combination % 2 === 1 ? attractor.plural : attractor.singular
    const template = random.integer(frames.length)
    const context = (frames[template] ?? '').replace('{a}', a).replace('{b}', b)
    if (taken.has(context)) continue
    taken.add(context)
    items.push({
      id: `${split}/${items.length}`,
      context,
      choices: [...CHOICES],
      gold: plural ? 1 : 0,
      chance: 1 / 2,
      meta: { split, template, head: a, attractor: b },
    })
  }
  return items
}
