import { groupBy } from '../collections.js'
import { type Estimate, estimate, notEstimable } from '../estimate.js'
import { mean } from '../stats/moments.js'
import { wilsonInterval } from '../stats/wilson.js'
import type { TaskRun, TaskRuns } from './runs.js'

/** Parameters, and tokens per parameter, within this share of each other are one. */
const ALIKE = 0.05

/** Decisions from models of one small size. */
export interface Decisions {
  readonly params: number
  /** Pairs of recipes, and how many of them the larger models order alike (a tie is half). */
  readonly pairs: number
  readonly agreed: number
}

/** A number's class: that of the first one within {@link ALIKE} of it. */
function classes(values: readonly number[]): (value: number) => number {
  const heads: number[] = []
  for (const value of values.toSorted((a, b) => a - b)) {
    const head = heads.at(-1)
    if (head === undefined || value > head * (1 + ALIKE)) heads.push(value)
  }
  return (value) => heads.findLast((head) => head <= value) ?? value
}

/** A model's name without its size: `pythia-160m-deduped` → `pythia--deduped`. */
const withoutSize = (model: string): string => model.replace(/\d+(?:\.\d+)?[kmbt](?![a-z])/i, '')

type Sized = TaskRun & { readonly params: number }

/**
 * What is the same recipe at several sizes: the family, with tokens per parameter where a family has several models of one size;
 * without a family the name without its size.
 */
function recipesOf(runs: readonly Sized[], sizeOf: (params: number) => number): (run: Sized) => string {
  const several = new Set(
    [...groupBy(runs, (run) => `${run.family ?? ''}\u0000${sizeOf(run.params)}`)].flatMap(([, own]) =>
      own.length > 1 ? [own[0].family] : [],
    ),
  )
  const ratios = runs.flatMap(({ tokens, params }) => (tokens === null ? [] : [tokens / params]))
  const ratioOf = classes(ratios)
  return (run) => {
    const { model, family, tokens, params } = run
    if (family === null) return withoutSize(model)
    if (!several.has(family)) return family
    return `${family}\u0000${tokens === null ? withoutSize(model) : ratioOf(tokens / params)}`
  }
}

/**
 * Share of pairs of recipes that models of the largest size order as smaller ones do: for every two recipes, the largest size
 * that both have against every smaller one. The interval is Wilson's with half as many trials as there are recipes: pairs share their recipes, and
 * the variance of a mean over pairs is at most that of so many pairs that share none.
 *
 * Source: decision accuracy as in arXiv:2508.13144 and DataDecide (arXiv:2504.11393); the bound on the variance: Hoeffding, Annals of
 * Mathematical Statistics 19 (1948) 293, Var U ≤ (2/n)·ζ₂. Differs: a tie counts as half.
 */
export function decisionAccuracy(
  { runs, sign }: Pick<TaskRuns, 'runs' | 'sign'>,
  level: number,
): { readonly estimate: Estimate; readonly decisions: readonly Decisions[] } {
  const sized = runs.filter((run): run is Sized => run.params !== null && run.params > 0)
  const none = (reason: string) => ({ estimate: notEstimable(reason), decisions: [] })
  if (sized.length === 0) return none('no model tells its parameters')
  const sizeOf = classes(sized.map(({ params }) => params))
  const recipeOf = recipesOf(sized, sizeOf)
  const bySize = new Map<string, Map<number, number>>()
  for (const [key, own] of groupBy(sized, (run) => `${recipeOf(run)}\u0001${sizeOf(run.params)}`)) {
    const [recipe] = key.split('\u0001')
    const scores = bySize.get(recipe) ?? new Map<number, number>()
    scores.set(sizeOf(own[0].params), sign * mean(own.map(({ final }) => final)))
    bySize.set(recipe, scores)
  }
  const found = new Map<number, { pairs: number; agreed: number }>()
  const used = new Set<string>()
  const recipes = [...bySize]
  recipes.forEach(([name, first], i) => {
    for (const [other, second] of recipes.slice(i + 1)) {
      const common = [...first.keys()].filter((size) => second.has(size)).sort((a, b) => a - b)
      const target = common.pop()
      if (target === undefined || common.length === 0) continue
      used.add(name).add(other)
      const orderAt = (size: number): number => Math.sign((first.get(size) ?? 0) - (second.get(size) ?? 0))
      for (const size of common) {
        const own = found.get(size) ?? { pairs: 0, agreed: 0 }
        own.pairs++
        own.agreed += (1 + orderAt(size) * orderAt(target)) / 2
        found.set(size, own)
      }
    }
  })
  if (used.size === 0)
    return none('no two recipes (families, or tokens per parameter) were trained at two sizes each')
  const decisions = [...found].sort(([a], [b]) => a - b).map(([params, own]) => ({ params, ...own }))
  const pairs = decisions.reduce((sum, d) => sum + d.pairs, 0)
  const share = decisions.reduce((sum, d) => sum + d.agreed, 0) / pairs
  const trials = Math.max(1, used.size / 2)
  return {
    estimate: estimate(share, wilsonInterval(share * trials, trials, level), 'share', used.size),
    decisions,
  }
}
