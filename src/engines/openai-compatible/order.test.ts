import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { orderRequests } from './order.js'

const request = (tokens: number[], from: number) => ({ tokens: Int32Array.from(tokens), from })
const sent = (requests: ReturnType<typeof request>[]) =>
  orderRequests(requests).map(({ tokens, from, serves, shared, leader, context }) => ({
    tokens: Array.from(tokens),
    from,
    serves,
    shared,
    leader,
    nexts: context?.nexts,
  }))

describe('the order of requests', () => {
  it('puts together what begins alike, behind the first that has it', () => {
    expect(
      sent([request([1, 2, 9], 1), request([5, 5], 1), request([1, 2, 3, 4], 3), request([1, 2, 3, 7], 3)]),
    ).toEqual([
      { tokens: [1, 2, 3, 4], from: 3, serves: [2], shared: 0, leader: undefined, nexts: [4, 7] },
      { tokens: [1, 2, 3, 7], from: 3, serves: [3], shared: 3, leader: 0, nexts: [4, 7] },
      { tokens: [1, 2, 9], from: 1, serves: [0], shared: 2, leader: 0, nexts: undefined },
      { tokens: [5, 5], from: 1, serves: [1], shared: 0, leader: 0, nexts: undefined },
    ])
  })

  it('sends once what is asked for twice, and nothing that another begins with', () => {
    expect(sent([request([1, 2], 1), request([1, 2, 3], 2), request([1, 2, 3], 1), request([4], 1)])).toEqual(
      [{ tokens: [1, 2, 3], from: 1, serves: [1, 2, 0], shared: 0, leader: undefined, nexts: undefined }],
    )
  })

  const sequences = fc.array(
    fc
      .array(fc.integer({ min: 0, max: 2 }), { minLength: 2, maxLength: 8 })
      .chain((tokens) => fc.integer({ min: 1, max: tokens.length - 1 }).map((from) => request(tokens, from))),
    { maxLength: 20 },
  )

  it('answers every request, and waits for nothing that is not evaluated by then', () => {
    fc.assert(
      fc.property(sequences, (requests) => {
        const leaves = orderRequests(requests)
        expect(leaves.flatMap((leaf) => leaf.serves).toSorted((a, b) => a - b)).toEqual(
          requests.map((_, i) => i),
        )
        const held = new Set<string>()
        let evaluated = 0
        for (const [i, { tokens, from, serves, shared, leader }] of leaves.entries()) {
          for (const index of serves) {
            const own = requests[index]!
            expect(Array.from(tokens.subarray(0, own.tokens.length))).toEqual(Array.from(own.tokens))
            expect(from).toBeLessThanOrEqual(own.from)
          }
          if (leader !== undefined) {
            expect(leader).toBeLessThan(i)
            expect(Array.from(leaves[leader]!.tokens.subarray(0, shared))).toEqual(
              Array.from(tokens.subarray(0, shared)),
            )
          }
          tokens.forEach((_, k) => void held.add(tokens.subarray(0, k + 1).join()))
          evaluated += tokens.length - shared
        }
        // What is left after sharing is the trie, token by token.
        expect(evaluated).toBe(held.size)
      }),
    )
  })
})
