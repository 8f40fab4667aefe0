import {
  type AdaptationEvidence,
  type AdaptationOutcome,
  type AdaptationTask,
  CONTROLLED,
  counted,
  groupBy,
  type OpenedModel,
  readScores,
  type ScoreRequest,
  type ScoreUsage,
  type TaskPlan,
  type Trial,
} from '../../core/index.js'
import { raise as raiseAudit } from '../errors.js'
import type { GatherIo } from '../gather/io.js'
import { inLanes } from '../gather/lanes.js'
import { raise } from './errors.js'
import { PromptTokenizer, type TrialTokens } from './prompt-tokens.js'

type Entry = { readonly trial: Trial; readonly tokens: TrialTokens }

/** Share of the items that must fit behind k shots for k to be asked. */
const MOST_FIT = 0.8

const join = (parts: readonly Int32Array[]): Int32Array => {
  const all = new Int32Array(parts.reduce((n, part) => n + part.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

/**
 * What fits: the most shots behind which four fifths of the items do, whichever draw and condition, and the items that
 * fit there. All k then are of the same items, so that a curve shows shots and nothing else.
 *
 * @throws {AssayError} adaptation/too-long
 */
function fitting(
  plan: TaskPlan,
  entries: readonly Entry[],
  context: number,
): { entries: Entry[]; about: AdaptationTask } {
  const byItem = groupBy(entries, (e) => e.trial.item)
  const fits = (item: string, k: number): boolean => {
    const own = (byItem.get(item) ?? []).filter((e) => e.trial.k <= k)
    // A request's last token is not fed.
    return own.some((e) => e.trial.k === k) && own.every((e) => e.tokens.length - 1 <= context)
  }
  const items = [...byItem.keys()]
  const kept = (k: number): string[] => items.filter((item) => fits(item, k))
  const enough = plan.shots.filter((k) => kept(k).length >= MOST_FIT * items.length)
  // Nothing fits well: what fits at all without shots is asked.
  const most = Math.max(...enough, plan.shots[0])
  const asked = new Set(kept(most))
  if (asked.size === 0) {
    const shortest = Math.min(...entries.map((e) => e.tokens.length))
    throw raise(
      'too-long',
      `task "${plan.task}": the shortest of ${items.length} items has ${shortest} tokens, the context holds ${context}`,
    )
  }
  const shots = plan.shots.filter((k) => k <= most)
  const beyond = plan.shots.filter((k) => k > most)
  const controlled = new Set(shots.filter((k) => k > 0).slice(-CONTROLLED))
  return {
    entries: entries.filter(
      ({ trial: { item, condition, k } }) =>
        asked.has(item) && k <= most && (condition === 'given' || controlled.has(k)),
    ),
    about: {
      task: plan.task,
      kind: plan.kind,
      chance: plan.chance,
      items: asked.size,
      draws: plan.draws,
      shots,
      leftOut: [
        ...plan.leftOut,
        ...(beyond.length === 0
          ? []
          : [`${beyond.join(', ')} shots: too long for a context of ${context} tokens`]),
        ...(asked.size === items.length
          ? []
          : [
              `${items.length - asked.size} of ${counted(items.length, 'item')}: too long for a context of ${context} tokens`,
            ]),
      ],
    },
  }
}

const total = (values: Float64Array): number => values.reduce((sum, v) => sum + v, 0)

/** Log-likelihood that each choice has when nothing is asked, by its text, nats. */
async function unaskedScores(
  { scorer }: OpenedModel,
  prompts: PromptTokenizer,
  plan: TaskPlan,
  entries: readonly Entry[],
  usage: ScoreUsage,
): Promise<Map<string, number>> {
  const texts = [...new Set(entries.flatMap((e) => e.trial.choices))]
  const stem = prompts.unasked(plan)
  const scores = await scorer.score(
    texts.map((text) => ({ tokens: join([stem, prompts.piece(text)]), from: stem.length })),
    usage,
  )
  return new Map(texts.map((text, i) => [text, total(scores[i])]))
}

function requestsOf({ tokens }: Entry): ScoreRequest[] {
  const prompt = join(tokens.prompt)
  return tokens.choices.map((choice) => ({
    tokens: join([prompt, choice]),
    from: Math.max(1, prompt.length),
  }))
}

/** Trials that share their shots go to the engine together: what they have in common is evaluated once. */
const groupKey = ({ trial }: Entry): string => JSON.stringify([trial.condition, trial.draw])

/**
 * Ask tasks by log-likelihood, every k, draw and condition. Where items bring their own choices, a choice's score is what
 * the question adds to its log-likelihood (docs/methods/gain.md#adaptability), so that no choice is right by being short.
 *
 * @throws {AssayError} adaptation/too-long, adaptation/not-finite; audit/interrupted; what the engine throws
 */
export async function gatherAdaptation(
  model: OpenedModel,
  plans: readonly TaskPlan[],
  io: Pick<GatherIo, 'signal' | 'progress'>,
): Promise<AdaptationEvidence> {
  const { scorer, prefix } = model
  const context = scorer.contextLength ?? Number.POSITIVE_INFINITY
  const prompts = new PromptTokenizer(model)
  const usage = { evaluated: 0, naive: 0 }
  const tasks: AdaptationTask[] = []
  const work: {
    readonly task: string
    readonly entries: readonly Entry[]
    readonly own?: ReadonlyMap<string, number>
  }[] = []
  const progress = io.progress('shots')
  try {
    for (const plan of plans) {
      const all = plan.trials.map((trial) => ({ trial, tokens: prompts.trial(plan, trial) }))
      const { entries, about } = fitting(plan, all, context)
      tasks.push(about)
      const own =
        plan.kind === 'answers' ? await unaskedScores(model, prompts, plan, entries, usage) : undefined
      for (const group of groupBy(entries, groupKey).values())
        work.push({ task: plan.task, entries: group, ...(own === undefined ? {} : { own }) })
    }
    const outcomes: AdaptationOutcome[][] = work.map(() => [])
    let done = 0
    await inLanes(work.entries(), scorer.lanes, async ([at, { task, entries, own }]) => {
      if (io.signal.aborted) throw raiseAudit('interrupted', 'stopped while asking behind shots')
      const scores = await scorer.score(entries.flatMap(requestsOf), usage)
      let from = 0
      outcomes[at] = entries.map(({ trial }) => {
        const { condition, k, draw, item, cluster, choices, gold } = trial
        const found = choices.map((choice, c) => total(scores[from + c]) - (own?.get(choice) ?? 0))
        from += choices.length
        const bad = found.findIndex((score) => !Number.isFinite(score))
        if (bad >= 0)
          throw raise(
            'not-finite',
            `found ${found[bad]} for choice ${JSON.stringify(choices[bad])} of item ${item} of task "${task}" behind ${k} shots`,
          )
        return { task, condition, k, draw, item, cluster, ...readScores(found, gold) }
      })
      progress.update(++done, work.length, task)
    })
    return {
      tasks,
      outcomes: outcomes.flat(),
      tokens: usage,
      prefixToken: prefix.prompt?.text ?? 'none',
      prefixChoice: prefix.choice,
    }
  } finally {
    progress.end()
  }
}
