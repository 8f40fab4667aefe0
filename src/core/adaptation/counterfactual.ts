import { groupBy } from '../collections.js'
import { type Random, shuffled } from '../random/index.js'
import type { Shot, TaskPlan, Trial } from './trial.js'

/** A fact as a sentence that its object ends. */
export interface Claim {
  readonly id: string
  readonly relation: string
  /** The sentence up to its object. */
  readonly sentence: string
  readonly object: string
  /** Objects of the relation that are right as well, aliases among them. */
  readonly alsoRight: readonly string[]
}

/** Statements in the context: none, the one that the question is about, and that one among three about others. */
export const STATEMENTS: readonly number[] = [0, 1, 4]

interface Pair {
  readonly claims: readonly [Claim, Claim]
}

/** Two claims can trade their objects where that makes both false. */
const canTrade = (a: Claim, b: Claim): boolean =>
  a.object !== b.object &&
  !a.alsoRight.includes(b.object) &&
  !b.alsoRight.includes(a.object) &&
  ![a, b].some(({ sentence }) => [a.object, b.object].some((object) => sentence.includes(object)))

/** Pairs of claims of one relation that trade their objects, relation by relation in turn. */
function pairsOf(claims: readonly Claim[], most: number, random: Random): Pair[] {
  const byRelation = [...groupBy(claims, (c) => c.relation).values()].map((own) => {
    const left = shuffled(own, random)
    const pairs: Pair[] = []
    for (let first = left.shift(); first !== undefined; first = left.shift()) {
      const a = first
      const at = left.findIndex((b) => canTrade(a, b))
      if (at >= 0) pairs.push({ claims: [a, left.splice(at, 1)[0]] })
    }
    return pairs
  })
  const rounds = Math.max(0, ...byRelation.map((pairs) => pairs.length))
  return Array.from({ length: rounds }, (_, r) => byRelation.flatMap((pairs) => pairs.slice(r, r + 1)))
    .flat()
    .slice(0, most)
}

/** Those of a relation before all others. */
const alikeFirst = (pairs: readonly Pair[], relation: string): Pair[] =>
  [true, false].flatMap((alike) => pairs.filter(({ claims: [c] }) => (c.relation === relation) === alike))

/** A sentence with an object in place. */
const stated = ({ sentence }: Claim, { object }: Claim): Shot => ({
  query: sentence,
  answer: ` ${object}`,
})

/**
 * False statements, then the sentence again up to its object: does the model go on with what its context says or with
 * what it remembers? Two facts of a relation trade their objects and both are asked, so that a model that prefers one
 * name to another, whatever it reads, is at 1/2. Right is what the context says.
 *
 * @returns undefined where no two facts of a relation can trade their objects
 *
 * Source: context against memory as arXiv:2211.05110, log p(context's answer) − log p(remembered answer).
 */
export function planCounterfactual(
  claims: readonly Claim[],
  most: number,
  random: Random,
): TaskPlan | undefined {
  const pairs = pairsOf(claims, most, random)
  if (pairs.length === 0) return undefined
  const trials: Trial[] = pairs.flatMap(({ claims: both }, p) =>
    both.flatMap((claim, side): Trial[] => {
      const other = both[1 - side]
      const own = random.derive(`${p}/${side}`)
      // Statements about others, each false as well, of the same relation where there are enough.
      const others = alikeFirst(
        shuffled(
          pairs.filter((_, i) => i !== p),
          own,
        ),
        claim.relation,
      ).map(({ claims: [a, b] }) => (own.uniform() < 0.5 ? stated(a, b) : stated(b, a)))
      const base = {
        draw: 0,
        item: claim.id,
        cluster: `pair ${p}`,
        query: claim.sentence,
        choices: [` ${other.object}`, ` ${claim.object}`],
      }
      const context = (k: number): Trial[] => {
        if (others.length < k - 1) return []
        const shots = k === 0 ? [] : shuffled([stated(claim, other), ...others.slice(0, k - 1)], own)
        return [{ ...base, condition: 'given', k, shots, gold: 0 }]
      }
      return [
        ...STATEMENTS.flatMap(context),
        { ...base, condition: 'true-statement', k: 1, shots: [stated(claim, claim)], gold: 1 },
      ]
    }),
  )
  return {
    task: 'counterfactual',
    kind: 'counterfactual',
    chance: 1 / 2,
    draws: 1,
    shots: STATEMENTS.filter((k) => trials.some((t) => t.k === k)),
    separator: '\n',
    lead: '',
    trials,
    leftOut: [],
  }
}
