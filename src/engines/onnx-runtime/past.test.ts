import { describe, expect, it } from 'vitest'
import { LADDER_FOLDER } from '../../../test/servers/ladder.js'
import { openEngine } from '../open-engine.js'
import { sharedLength } from './past.js'
import { INSTALL, isInstalled } from './runtime.js'

const line = (from: number, length: number): number[] =>
  Array.from({ length }, (_, i) => 100 + ((from + i * 7) % 900))
/** Requests of 200 tokens alike and 12 of their own, the last two of which are scored. */
const call = (first: number, alike: readonly number[]) =>
  Array.from({ length: 40 }, (_, i) => ({
    tokens: Int32Array.from([...alike, ...line(first + i, 12)]),
    from: alike.length + 10,
  }))

describe('what calls begin with', () => {
  it('ends before the first token that somebody wants, and where the tokens part', () => {
    const known = Int32Array.from([1, 2, 3, 4])
    const request = (tokens: number[], from: number) => ({ tokens: Int32Array.from(tokens), from })
    expect(sharedLength([request([1, 2, 3, 9], 3)], known)).toBe(2)
    expect(sharedLength([request([1, 2, 3, 9], 3), request([1, 7], 1)], known)).toBe(0)
    expect(sharedLength([request([1, 2, 3, 4, 5, 6], 6)], known)).toBe(4)
  })

  it.skipIf(!isInstalled())(
    `is evaluated once, also where a call begins with a part of it (needs ${INSTALL})`,
    async () => {
      const alike = line(0, 200)
      const later = [call(1000, alike), call(2000, alike.slice(0, 150))] as const
      const open = () => openEngine(LADDER_FOLDER, { engine: 'onnx-runtime' })
      const one = await open()
      const fresh = [await open(), await open()]
      try {
        await one.scorer.score(call(0, alike).slice(0, 4))
        for (const [i, requests] of later.entries()) {
          const usage = { evaluated: 0, naive: 0 }
          const alone = { evaluated: 0, naive: 0 }
          const scores = await one.scorer.score(requests, usage)
          const expected = await fresh[i]!.scorer.score(requests, alone)
          expect(alone.evaluated - usage.evaluated).toBe([200, 150][i])
          scores.forEach((row, r) => {
            row.forEach((value, at) => {
              expect(Math.abs(value - expected[r]![at]!)).toBeLessThan(1e-5)
            })
          })
        }
      } finally {
        for (const model of [one, ...fresh]) await model.close()
      }
    },
  )
})
