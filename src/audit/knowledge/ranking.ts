import {
  type Fact,
  groupBy,
  type OpenedModel,
  type Random,
  type ScoreRequest,
  shuffled,
} from '../../core/index.js'
import { candidateTokens, fill, shotsFor } from './prompts.js'
import type { Template } from './templates.js'

/** Objects that compete for the facts of one relation. */
export interface CandidatePool {
  readonly objects: readonly string[]
  /** Distinct objects of the relation; more than `objects` holds when a cap was set. */
  readonly known: number
  /** All right objects of a subject: a fact's other right objects do not compete with it. */
  readonly bySubject: ReadonlyMap<string, ReadonlySet<string>>
}

/** The distinct objects of a relation, or a seeded draw of `cap` of them. */
export function candidatePool(facts: readonly Fact[], cap: number, random: Random): CandidatePool {
  const known = [...new Set(facts.map((f) => f.object))]
  const drawn = known.length <= cap ? known : shuffled(known, random).slice(0, cap)
  const bySubject = new Map(
    [...groupBy(facts, (f) => f.subject)].map(([subject, own]) => [
      subject,
      new Set(own.map((f) => f.object)),
    ]),
  )
  return { objects: drawn, known: known.length, bySubject }
}

/** The candidates of one fact, its right object first; other right answers and aliases of it are left out. */
export function candidatesOf(fact: Fact, pool: CandidatePool): string[] {
  const right = pool.bySubject.get(fact.subject)
  const others = pool.objects.filter(
    (o) => o !== fact.object && right?.has(o) !== true && !fact.aliases.includes(o),
  )
  // A drawn pool keeps its size when the right object was not in it.
  const room = pool.objects.includes(fact.object)
    ? others.length
    : Math.min(others.length, pool.objects.length - 1)
  return [fact.object, ...others.slice(0, room)]
}

/** One fact asked with one template: the log-likelihood of every candidate, the right one first. */
export interface RankedFact {
  readonly fact_id: string
  readonly logLikelihoods: readonly number[]
}

/** What the candidates' log-likelihoods say; the right object is the first. */
export interface RankReading {
  /** From 1; a tie counts against the right object. */
  readonly rank: number
  /** Index of the best candidate. */
  readonly best: number
  /** Softmax share of the best candidate. */
  readonly confidence: number
}

/** Read rank, answer and confidence off log-likelihoods in nats (the confidence after division by `scale`). */
export function readRanking(logLikelihoods: readonly number[], scale = 1): RankReading {
  let best = 0
  let rank = 1
  for (let i = 1; i < logLikelihoods.length; i++) {
    if (logLikelihoods[i] >= logLikelihoods[0]) rank++
    if (logLikelihoods[i] > logLikelihoods[best] || (best === 0 && logLikelihoods[i] === logLikelihoods[0]))
      best = i
  }
  const top = logLikelihoods[best]
  const total = logLikelihoods.reduce((s, ll) => s + Math.exp((ll - top) / scale), 0)
  return { rank, best, confidence: 1 / total }
}

/** A relation, what may compete in it, and the order from which examples are taken. */
export interface RelationTask {
  readonly relation: string
  readonly pool: CandidatePool
  readonly shotOrder: readonly Fact[]
  readonly shots: number
}

/**
 * Rank facts with one template in one go, so that the engine can evaluate what the requests share (examples,
 * prompt, first tokens of the objects) once.
 *
 * @returns one entry a fact, and what the engine spent
 * @throws {AssayError} what the engine throws (`engines/context-too-small` names the longest request)
 */
export async function rankFacts(
  model: OpenedModel,
  task: RelationTask,
  template: Template,
  facts: readonly Fact[],
): Promise<{ ranked: RankedFact[]; usage: { evaluated: number; naive: number } }> {
  const requests: ScoreRequest[] = []
  const counts: number[] = []
  for (const fact of facts) {
    const shots = shotsFor(fact, template, task.shotOrder, task.shots)
    const question = fill(template, fact.subject)
    const { tokens, from } = candidateTokens(model, shots, question, candidatesOf(fact, task.pool))
    for (const sentence of tokens) requests.push({ tokens: sentence, from })
    counts.push(tokens.length)
  }
  const usage = { evaluated: 0, naive: 0 }
  const scores = await model.scorer.score(requests, usage)
  let at = 0
  const ranked = facts.map((fact, i): RankedFact => {
    const own = scores.slice(at, at + counts[i])
    at += counts[i]
    return { fact_id: fact.fact_id, logLikelihoods: own.map((part) => part.reduce((s, ll) => s + ll, 0)) }
  })
  return { ranked, usage }
}
