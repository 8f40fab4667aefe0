import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { toClause } from '../../src/corpus/infini-gram/client.js'
import { countInIndex } from '../../src/corpus/infini-gram/count.js'
import { fact } from './helpers.js'

let server: Server | undefined
afterEach(() => server?.close())

/** A local server that speaks the protocol; `answer` sees the request's body. */
async function serve(
  answer: (body: { index: string; query_type: string; query: string }) => object | number,
): Promise<string> {
  server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const result = answer(JSON.parse(Buffer.concat(chunks).toString()))
      response.writeHead(typeof result === 'number' ? result : 200, { 'content-type': 'application/json' })
      response.end(JSON.stringify(typeof result === 'number' ? {} : result))
    })
  })
  await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}

const hooks = { progress: () => {}, signal: new AbortController().signal }
const job = (endpoint: string) => ({
  facts: [fact('France', 'Paris'), fact('Peru', 'Lima')],
  endpoint,
  index: 'v4_test',
  aliases: true,
  within: null,
  concurrency: 2,
})
const COUNTS: Readonly<Record<string, number>> = {
  France: 10,
  Paris: 20,
  'France AND Paris': 5,
  Peru: 7,
  Lima: 3,
  'Peru AND Lima': 0,
}

describe('the infini-gram engine', () => {
  it('asks for every name and pair once and keeps the approximate flag', async () => {
    const asked: string[] = []
    const endpoint = await serve(({ index, query_type, query }) => {
      asked.push(`${index} ${query_type} ${query}`)
      return { count: COUNTS[query], approx: query === 'Peru AND Lima', token_ids: [1], latency: 0.1 }
    })
    const { rows, skipped, queries } = await countInIndex(job(endpoint), hooks)
    expect(rows.map((r) => [r.n_s, r.n_o, r.n_so, r.approx])).toEqual([
      [10, 20, 5, false],
      [7, 3, 0, true],
    ])
    expect(skipped).toEqual([])
    expect(queries).toBe(6)
    expect(asked.sort()).toEqual(
      Object.keys(COUNTS)
        .map((q) => `v4_test count ${q}`)
        .sort(),
    )
  })

  it('leaves a fact out, with the reason, where the server refuses with HTTP 200', async () => {
    const endpoint = await serve(({ query }) =>
      query === 'Lima' ? { error: 'query too long' } : { count: 1, approx: false },
    )
    const { rows, skipped } = await countInIndex(job(endpoint), hooks)
    expect(rows.map((r) => r.subject)).toEqual(['France'])
    expect(skipped).toEqual([
      { path: 'v4_test', reason: 'query too long', documents: null, where: 'fact "Peru>Lima"' },
    ])
  })

  it('fails where the server refuses everything, or answers something else', async () => {
    const refusing = await serve(() => ({ error: 'Invalid index' }))
    await expect(countInIndex(job(refusing), hooks)).rejects.toMatchObject({
      code: 'corpus/index-failed',
      message: 'Invalid index',
    })
    server?.close()
    const other = await serve(() => ({ status: 'ok' }))
    await expect(countInIndex(job(other), hooks)).rejects.toMatchObject({ code: 'corpus/index-failed' })
  })

  it('asks again after a failing server', async () => {
    let failures = 2
    const endpoint = await serve(() => (failures-- > 0 ? 503 : { count: 1, approx: false }))
    expect((await countInIndex(job(endpoint), hooks)).rows).toHaveLength(2)
  })

  it('joins aliases with OR, and takes no name for an operator', async () => {
    const asked: string[] = []
    const endpoint = await serve(({ query }) => {
      asked.push(query)
      return { count: 1, approx: false }
    })
    const facts = [
      { ...fact('US', 'Rock AND Roll'), subject_aliases: ['USA'] },
      { ...fact('US', 'Jazz'), subject_aliases: ['USA'] },
    ]
    const { rows, skipped } = await countInIndex({ ...job(endpoint), facts }, hooks)
    expect(rows).toHaveLength(1)
    expect(skipped[0]?.reason).toContain('operators')
    expect(asked).toContain('US OR USA AND Jazz')
  })

  it('tells a count without some of the names as a lower bound', async () => {
    const asked: string[] = []
    const endpoint = await serve(({ query }) => {
      asked.push(query)
      return { count: 1, approx: false }
    })
    const facts = [
      { ...fact('a', 'Paris'), subject_aliases: ['b', 'c', 'd', 'e', 'f'] },
      { ...fact('Rock', 'Lima'), subject_aliases: ['Rock AND Roll'] },
      fact('Peru', 'Cusco'),
    ]
    const { rows, skipped } = await countInIndex({ ...job(endpoint), facts }, hooks)
    expect(rows.map((r) => r.approx)).toEqual([true, true, false])
    expect(asked).toContain('a OR b OR c OR d AND Paris')
    expect(skipped.map(({ where, reason }) => [where, reason])).toEqual([
      [
        'fact "a>Paris"',
        '"a" is counted by 4 of 6 names, so its counts are lower bounds: without "e", "f" (the server takes 4 at once)',
      ],
      [
        'fact "Rock>Lima"',
        '"Rock" is counted by 1 of 2 names, so its counts are lower bounds: without "Rock AND Roll" (the server would read AND and OR as operators)',
      ],
    ])
    const alone = await countInIndex({ ...job(endpoint), facts, aliases: false }, hooks)
    expect(alone.rows.map((r) => r.approx)).toEqual([false, false, false])
    expect(alone.skipped).toEqual([])
  })

  it('asks for no alias in place of a name that would be misread', async () => {
    const asked: string[] = []
    const endpoint = await serve(({ query }) => {
      asked.push(query)
      return { count: 1, approx: false }
    })
    const facts = [
      { ...fact('Trinidad AND Tobago', 'Port of Spain'), subject_aliases: ['TT'] },
      fact('Peru', 'Lima'),
    ]
    const { rows, skipped } = await countInIndex({ ...job(endpoint), facts }, hooks)
    expect(rows.map((r) => r.subject)).toEqual(['Peru'])
    expect(skipped).toMatchObject([
      {
        where: 'fact "Trinidad AND Tobago>Port of Spain"',
        reason: 'the name "Trinidad AND Tobago" holds AND or OR, which the server would read as operators',
      },
    ])
    expect(asked.filter((query) => query.includes('TT'))).toEqual([])
  })

  it('counts a spelling that is given twice as one', () => {
    expect(toClause('a', ['b', 'a', 'c', 'b', 'd'])).toEqual({
      kind: 'clause',
      query: 'a OR b OR c OR d',
      lowerBound: null,
    })
  })
})
