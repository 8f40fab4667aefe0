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
  /** The other facts, with reasons: an unknown count is no 0. */
  readonly skipped: readonly Skipped[]
  readonly queries: number
}

interface FactQueries {
  readonly subject: string
  readonly object: string
  readonly both: string
}

function queriesOf(fact: Fact, aliases: boolean): FactQueries | undefined {
  const subject = toClause([fact.subject, ...(aliases ? fact.subject_aliases : [])])
  const object = toClause([fact.object, ...(aliases ? fact.aliases : [])])
  if (subject === undefined || object === undefined) return undefined
  return { subject, object, both: `${subject} AND ${object}` }
}

/**
 * Occurrences in an infini-gram index, as another estimator of frequency: n_s and n_o are occurrences, not documents;
 * n_so are co-occurrences within the server's window, and a sampled estimate where `approx` is true (then even a 0 may
 * be wrong).
 *
 * @throws {AssayError} corpus/index-failed where the server gives no count at all
 */
export async function countInIndex(
  job: IndexJob,
  hooks: { progress(done: number, total: number): void; readonly signal: AbortSignal },
): Promise<IndexResult> {
  const client = createIndexClient(job.endpoint, job.index, job.within)
  const byFact = job.facts.map((fact) => queriesOf(fact, job.aliases))
  const queries = new Set(byFact.flatMap((q) => (q === undefined ? [] : [q.subject, q.object, q.both])))
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
    const q = byFact[i]
    const found = q === undefined ? [] : [q.subject, q.object, q.both].map((query) => answers.get(query)!)
    const refused = found.find((answer) => answer.kind === 'refused')
    const [s, o, so] = found.filter((answer) => answer.kind === 'count')
    if (s !== undefined && o !== undefined && so !== undefined) {
      const approx = s.approx || o.approx || so.approx
      rows.push({ fact_id, subject, object, relation, n_s: s.count, n_o: o.count, n_so: so.count, approx })
      continue
    }
    const reason = refused?.reason ?? 'a name holds AND or OR, which the server would read as operators'
    skipped.push({ path: job.index, reason, documents: null, where: `fact "${fact_id}"` })
  }
  if (rows.length === 0)
    throw raise('index-failed', skipped[0]?.reason ?? 'no query was sent', { path: job.endpoint })
  return { rows, skipped, queries: queries.size }
}
