import type { Fact } from '../../core/index.js'
import { raise } from '../errors.js'
import type { CountRow } from '../job/table.js'
import type { Skipped } from '../readers/unit.js'
import { createIndexClient, type IndexCount, toClause } from './client.js'

export interface IndexJob {
  readonly facts: readonly Fact[]
  readonly endpoint: string
  readonly index: string
  /** Whether aliases count as the name (`boundary`), or the name alone (`published`). */
  readonly aliases: boolean
  readonly within: number | null
  /** Queries under way at once. */
  readonly concurrency: number
}

export interface IndexResult {
  /** Facts whose three counts the server gave. */
  readonly rows: readonly CountRow[]
  /**
   * With reasons: the other facts, since an unknown count is no 0; and the names that were left out of counts, whose
   * rows are then lower bounds and have `approx` set.
   */
  readonly skipped: readonly Skipped[]
  readonly queries: number
}

interface FactQueries {
  /** Of the subject, the object, and both. */
  readonly queries: readonly [string, string, string]
  /** Why counts of these are lower bounds. */
  readonly lowerBounds: readonly string[]
}

/** What to ask for a fact, or why nothing can be. */
function queriesOf(fact: Fact, aliases: boolean): FactQueries | string {
  const subject = toClause(fact.subject, aliases ? fact.subject_aliases : [])
  const object = toClause(fact.object, aliases ? fact.aliases : [])
  if (subject.kind === 'unaskable') return subject.reason
  if (object.kind === 'unaskable') return object.reason
  return {
    queries: [subject.query, object.query, `${subject.query} AND ${object.query}`],
    lowerBounds: [subject.lowerBound, object.lowerBound].filter((reason) => reason !== null),
  }
}

/**
 * Occurrences in an infini-gram index, as another estimator of frequency: n_s and n_o are occurrences, not documents;
 * n_so are co-occurrences within the server's window. Where `approx` is true, n_so is a sampled estimate (even a 0 may
 * be wrong), or all three are lower bounds because the server does not take all names (`skipped` says which).
 *
 * @throws {AssayError} corpus/index-failed where the server gives no count at all
 */
export async function countInIndex(
  job: IndexJob,
  hooks: { progress(done: number, total: number): void; readonly signal: AbortSignal },
): Promise<IndexResult> {
  const client = createIndexClient(job.endpoint, job.index, job.within)
  const byFact = job.facts.map((fact) => queriesOf(fact, job.aliases))
  const queries = new Set(byFact.flatMap((q) => (typeof q === 'string' ? [] : q.queries)))
  const answers = new Map<string, IndexCount>()
  const queue = queries.values()
  const work = async (): Promise<void> => {
    for (const query of queue) {
      if (hooks.signal.aborted)
        throw raise('interrupted', `${answers.size} of ${queries.size} queries are answered`)
      answers.set(query, await client.count(query))
      hooks.progress(answers.size, queries.size)
    }
  }
  await Promise.all(Array.from({ length: job.concurrency }, work))
  const rows: CountRow[] = []
  const skipped: Skipped[] = []
  for (const [i, fact] of job.facts.entries()) {
    const { fact_id, subject, object, relation } = fact
    const tell = (reason: string): void => {
      skipped.push({ path: job.index, reason, documents: null, where: `fact "${fact_id}"` })
    }
    const asked = byFact[i]!
    if (typeof asked === 'string') {
      tell(asked)
      continue
    }
    const found = asked.queries.map((query) => answers.get(query)!)
    const refused = found.find((answer) => answer.kind === 'refused')
    if (refused !== undefined) {
      tell(refused.reason)
      continue
    }
    const [s, o, so] = found.filter((answer) => answer.kind === 'count')
    for (const reason of asked.lowerBounds) tell(reason)
    const approx = s!.approx || o!.approx || so!.approx || asked.lowerBounds.length > 0
    rows.push({ fact_id, subject, object, relation, n_s: s!.count, n_o: o!.count, n_so: so!.count, approx })
  }
  if (rows.length === 0)
    throw raise('index-failed', skipped[0]?.reason ?? 'no query was sent', { path: job.endpoint })
  return { rows, skipped, queries: queries.size }
}
