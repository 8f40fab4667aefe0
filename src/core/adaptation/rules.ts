import { type Random, shuffled } from '../random/index.js'
import type { Shot, TaskPlan, Trial } from './trial.js'

/** Symbols of the inputs; labels are upper case. */
const INPUTS = [...'bcdfghjklmnpqrstvwxz']
const LABELS = [...'BCDFGHJKLMNPQRSTVWXZ']

/** Makes an input of either class, symbol by symbol. */
type Sample = (label: 0 | 1, random: Random) => readonly string[]

/** A kind of rule: which of two labels an input of symbols has. The symbols, their roles and the labels' names are drawn. */
export interface RuleKind {
  readonly id: string
  /** The rule in words. */
  readonly says: string
  /** Whether inputs come again among shots and questions: looking up is what the rule asks for. */
  readonly repeats?: boolean
  /** @param symbols shuffled, each with the role of its place */
  draw(symbols: readonly string[]): Sample
}

const one = <T>(from: readonly T[], random: Random): T => from[random.integer(from.length)]
const many = <T>(count: number, of: () => T): T[] => Array.from({ length: count }, of)

/** From looking up to counting: graded by what a reader has to do. */
export const RULE_KINDS: readonly RuleKind[] = [
  {
    id: 'recall',
    says: 'each of four symbols has its label: look it up among the shots',
    repeats: true,
    draw: (symbols) => (label, random) => [one(symbols.slice(2 * label, 2 * label + 2), random)],
  },
  {
    id: 'first',
    says: 'the first of three symbols tells, the others say nothing',
    draw: (symbols) => (label, random) => [
      one(symbols.slice(2 * label, 2 * label + 2), random),
      ...many(2, () => one(symbols.slice(4, 12), random)),
    ],
  },
  {
    id: 'contains',
    says: 'one symbol stands somewhere among four, or does not',
    draw:
      ([marker, ...others]) =>
      (label, random) => {
        const input = many(4, () => one(others, random))
        if (label === 1) input[random.integer(4)] = marker
        return input
      },
  },
  {
    id: 'same',
    says: 'two symbols are the same, whichever they are',
    draw: (symbols) => (label, random) => {
      const [a, b] = shuffled(symbols, random)
      return label === 1 ? [a, a] : [a, b]
    },
  },
  {
    id: 'parity',
    says: 'one of two symbols stands an odd number of times among six',
    draw:
      ([a, b]) =>
      (label, random) => {
        const input = many(6, () => one([a, b], random))
        const odd = input.filter((s) => s === a).length % 2
        if (odd !== label) input[0] = input[0] === a ? b : a
        return input
      },
  },
]

export interface RuleSizes {
  /** Rules drawn of each kind. */
  readonly rules: number
  /** Questions asked of each. */
  readonly questions: number
  readonly shots: readonly number[]
}

/** Tries to find an input that did not stand before; a small alphabet may have none left. */
const ATTEMPTS = 50

/** Inputs with their labels: as many of each label, in an order drawn by pairs. */
function inputsOf(kind: RuleKind, sample: Sample, count: number, seen: Set<string>, random: Random) {
  return Array.from({ length: Math.ceil(count / 2) }, () => shuffled([0, 1] as const, random))
    .flat()
    .slice(0, count)
    .map((label) => {
      let text = ''
      for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
        text = `${sample(label, random).join(' ')} ->`
        if (kind.repeats === true || !seen.has(text)) break
      }
      seen.add(text)
      return { label, query: text }
    })
}

/**
 * Rules of one kind that no corpus holds: symbols, their roles and the names of the labels are drawn by seed, and so are
 * shots and questions, half of them of either label. The control deals the shots' labels out anew, so that no rule is left
 * to be found.
 *
 * @returns a plan whose clusters are the drawn rules
 */
export function planRules(kind: RuleKind, { rules, questions, shots }: RuleSizes, random: Random): TaskPlan {
  const longest = Math.max(...shots)
  const trials: Trial[] = []
  for (let r = 0; r < rules; r++) {
    const own = random.derive(`${kind.id}/${r}`)
    const sample = kind.draw(shuffled(INPUTS, own))
    const choices = shuffled(LABELS, own)
      .slice(0, 2)
      .map((letter) => ` ${letter}`)
    const seen = new Set<string>()
    const shown = inputsOf(kind, sample, longest, seen, own)
    const asked = inputsOf(kind, sample, questions, seen, own)
    const dealt = shuffled(
      shown.map(({ label }) => label),
      own,
    )
    const given = shown.map(({ query, label }): Shot => ({ query, answer: choices[label] }))
    const shuffledShots = given.map(({ query }, i): Shot => ({ query, answer: choices[dealt[i]] }))
    for (const [condition, all] of [
      ['given', given],
      ['shuffled', shuffledShots],
    ] as const)
      for (const k of shots)
        if (k > 0 || condition === 'given')
          asked.forEach(({ query, label }, q) => {
            trials.push({
              condition,
              k,
              draw: 0,
              item: `${kind.id}/${r}/${q}`,
              cluster: `${kind.id}/${r}`,
              shots: all.slice(0, k),
              query,
              choices,
              gold: label,
            })
          })
  }
  return {
    task: kind.id,
    kind: 'made-up',
    chance: 1 / 2,
    draws: 1,
    shots,
    separator: '\n',
    lead: '',
    trials,
    leftOut: [],
  }
}
