import { z } from 'zod'
import { messageOf, raise } from '../errors.js'
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

/** Names as one clause, `A OR B`; undefined where a name would be read as an operator. */
export function toClause(names: readonly string[]): string | undefined {
  const usable = names.filter((name) => !/(^|\s)(AND|OR)(\s|$)/.test(name)).slice(0, MAX_TERMS_PER_CLAUSE)
  return usable.length === 0 ? undefined : usable.join(' OR ')
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
