import {
  type Claim,
  DEFAULT_SHOTS,
  type FactSet,
  groupBy,
  objectNames,
  planCounterfactual,
  planRules,
  planTask,
  type Random,
  RULE_KINDS,
  type TaskItem,
  type TaskPlan,
} from '../../core/index.js'
import { fill } from '../knowledge/prompts.js'
import { templatesFor } from '../knowledge/templates.js'
import { raise } from './errors.js'

/** How much is asked. */
export interface AdaptationSizes {
  /** Items of a user's task, and draws of shots for them. */
  readonly items: number
  readonly draws: number
  readonly shots: readonly number[]
  /** Rules drawn of each made-up kind, questions of each, and the shots before them. */
  readonly rules: number
  readonly questions: number
  readonly ruleShots: readonly number[]
  /** Pairs of facts that trade their objects. */
  readonly pairs: number
}

/** What `assay adapt` asks. */
export const WHOLE: AdaptationSizes = {
  items: 24,
  draws: 4,
  shots: DEFAULT_SHOTS,
  rules: 8,
  questions: 4,
  ruleShots: DEFAULT_SHOTS,
  pairs: 16,
}

/** What an audit asks beside everything else. */
export const IN_AN_AUDIT: AdaptationSizes = {
  items: 16,
  draws: 3,
  shots: [0, 1, 4, 16],
  rules: 4,
  questions: 4,
  ruleShots: [0, 4, 16],
  pairs: 8,
}

/** A task that somebody brings. */
export interface GivenTask {
  readonly task: string
  readonly path: string
  readonly items: readonly TaskItem[]
  /** What the file holds that cannot be asked. */
  readonly leftOut?: readonly string[]
}

/** Queries that end as questions do are answered on a line that says so; others are gone on with. */
const ASKS = /^\s*(?:question|passage|q)\s*:/i
const ANSWER = '\nAnswer:'

/** What stands behind a query and between shots; blank ends of a query that an answer line follows are dropped. */
function formatOf(items: readonly TaskItem[], lead: string | undefined) {
  const behind = lead ?? (items.every(({ query }) => ASKS.test(query)) ? ANSWER : '')
  const lines = behind.includes('\n') || items.some(({ query }) => query.trim().includes('\n'))
  return { lead: behind, separator: lines ? '\n\n' : '\n' }
}

function planGiven(
  { task, path, items, leftOut = [] }: GivenTask,
  sizes: AdaptationSizes,
  lead: string | undefined,
  random: Random,
) {
  const labels = new Set(items.map((item) => JSON.stringify(item.choices.toSorted())))
  const golds = groupBy(items, (item) => item.choices[item.gold])
  if (labels.size === 1 && golds.size === 1)
    throw raise(
      'one-label',
      `all ${items.length} items of the task say ${JSON.stringify([...golds.keys()][0])}`,
      {
        path,
      },
    )
  const trimmed = items.map((item) => ({ ...item, query: item.query.trimEnd() }))
  const plan = planTask(task, trimmed, sizes, formatOf(items, lead), random)
  return { ...plan, leftOut: [...leftOut, ...plan.leftOut] }
}

/** Facts as sentences that their objects end, each by one template of its relation. */
function claimsOf({ facts, templates }: FactSet): Claim[] {
  const byRelation = groupBy(facts, (f) => f.relation)
  const known = templatesFor(byRelation.keys(), templates, {})
  return [...byRelation].flatMap(([relation, own]) => {
    const usable = (known.get(relation) ?? []).filter(({ after }) => after === '')
    if (usable.length === 0) return []
    const bySubject = groupBy(own, (f) => f.subject)
    return own.map(
      (fact, i): Claim => ({
        id: fact.fact_id,
        relation,
        sentence: fill(usable[i % usable.length], fact.subject).before.trimEnd(),
        object: fact.object,
        alsoRight: (bySubject.get(fact.subject) ?? []).flatMap(objectNames),
      }),
    )
  })
}

/**
 * What is asked: the user's tasks, rules that no corpus holds, and statements against memory.
 *
 * @param lead stands behind every query of the given tasks; left out, by how they begin
 * @throws {AssayError} adaptation/one-label; knowledge/bad-template
 */
export function planAdaptation(
  given: readonly GivenTask[],
  facts: FactSet,
  sizes: AdaptationSizes,
  random: Random,
  lead?: string,
): TaskPlan[] {
  const counterfactual = planCounterfactual(claimsOf(facts), sizes.pairs, random.derive('counterfactual'))
  const rules = { rules: sizes.rules, questions: sizes.questions, shots: sizes.ruleShots }
  return [
    ...given.map((task) => planGiven(task, sizes, lead, random.derive(`task/${task.task}`))),
    ...RULE_KINDS.map((kind) => planRules(kind, rules, random.derive('rules'))),
    ...(counterfactual === undefined ? [] : [counterfactual]),
  ]
}
