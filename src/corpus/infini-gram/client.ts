import { z } from 'zod'
import { messageOf } from '../../core/errors.js'
import { raise } from '../errors.js'
import { fetchPatiently } from '../readers/http.js'

/** The public server's address, and limits of its CNF queries. */
export const PUBLIC_ENDPOINT = 'https://api.infini-gram.io/'
const MAX_TERMS_PER_CLAUSE = 4

/** An answer of the server: the count, or why there is none. */
export type IndexCount =
  | { readonly kind: 'count'; readonly count: number; readonly approx: boolean }
  | { readonly kind: 'refused'; readonly reason: string }

export interface IndexClient {
  count(query: string): Promise<IndexCount>
}

/** The server sends its errors with HTTP status 200, as `{error}`. */
const answer = z.union([
  z.object({ error: z.string() }),
  z.object({ count: z.int().min(0), approx: z.boolean().optional() }),
])

/** A name as the server can be asked for it. */
export type Clause =
  | {
      readonly kind: 'clause'
      readonly query: string
      /** Why its count is a lower bound, where the query leaves some of the spellings out. */
      readonly lowerBound: string | null
    }
  /** A count of what can be asked would be one of other names. */
  | { readonly kind: 'unaskable'; readonly reason: string }

const OPERATOR = /(^|\s)(AND|OR)(\s|$)/

function quote(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(', ')
}

/** A name and its aliases as one clause, `A OR B`: as many as the server takes, and none that it would misread. */
export function toClause(name: string, aliases: readonly string[]): Clause {
  if (OPERATOR.test(name)) {
    const reason = `the name "${name}" holds AND or OR, which the server would read as operators`
    return { kind: 'unaskable', reason }
  }
  const names = [...new Set([name, ...aliases])]
  const usable = names.filter((each) => !OPERATOR.test(each))
  const asked = usable.slice(0, MAX_TERMS_PER_CLAUSE)
  const beyond = usable.slice(MAX_TERMS_PER_CLAUSE)
  const misread = names.filter((each) => OPERATOR.test(each))
  const causes = [
    ...(beyond.length === 0 ? [] : [`${quote(beyond)} (the server takes ${MAX_TERMS_PER_CLAUSE} at once)`]),
    ...(misread.length === 0 ? [] : [`${quote(misread)} (the server would read AND and OR as operators)`]),
  ]
  const lowerBound =
    causes.length === 0
      ? null
      : `"${name}" is counted by ${asked.length} of ${names.length} names, so its counts are lower bounds: without ${causes.join(' and ')}`
  return { kind: 'clause', query: asked.join(' OR '), lowerBound }
}

/**
 * A client of the infini-gram HTTP protocol: POST `{index, query_type: 'count', query}` gives `{count, approx, …}`.
 * In a query OR binds closer than AND; a co-occurrence counts where the clauses stand at most `maxDiffTokens` apart.
 *
 * Source: Liu et al., "Infini-gram", arXiv:2401.17377, and the server's documentation.
 */
export function createIndexClient(
  endpoint: string,
  index: string,
  maxDiffTokens: number | null,
): IndexClient {
  return {
    async count(query) {
      const body = {
        index,
        query_type: 'count',
        query,
        ...(maxDiffTokens === null ? {} : { max_diff_tokens: maxDiffTokens }),
      }
      const response = await fetchPatiently(fetch, endpoint, endpoint, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
      let value: unknown
      try {
        value = await response.json()
      } catch (error) {
        throw raise('index-failed', `the answer is not JSON: ${messageOf(error)}`, { path: endpoint }, error)
      }
      const parsed = answer.safeParse(value)
      if (!parsed.success)
        throw raise(
          'index-failed',
          `the answer has neither count nor error: ${JSON.stringify(value).slice(0, 200)}`,
          {
            path: endpoint,
          },
        )
      if ('error' in parsed.data) return { kind: 'refused', reason: parsed.data.error }
      return { kind: 'count', count: parsed.data.count, approx: parsed.data.approx ?? false }
    },
  }
}
