import { describe, expect, it } from 'vitest'
import { smallestModel } from '../../../test/cli/run-cli.js'
import { createRandom, type ScoreRequest } from '../../core/index.js'
import { openEngine } from '../open-engine.js'
import { planPackedSteps } from './packed-plan.js'
import type { PlannedToken } from './steps.js'

const LIMITS = { batchTokens: 64, sequences: 16 }

/** Requests with shared beginnings: prompts of random length, several continuations each. */
function requests(seed: number, vocabulary: number): ScoreRequest[] {
  const random = createRandom(seed)
  const draw = (n: number): number[] => Array.from({ length: n }, () => random.integer(vocabulary))
  return Array.from({ length: 6 }, () => draw(1 + random.integer(20))).flatMap((prompt) =>
    Array.from({ length: 1 + random.integer(30) }, () => ({
      tokens: Int32Array.from([...prompt, ...draw(1 + random.integer(4))]),
      from: prompt.length,
    })),
  )
}

describe('a packed plan', () => {
  it.each([1, 2, 3, 4, 5, 6])(
    'gives every wanted token its whole context, within the limits (seed %i)',
    (seed) => {
      // A tiny vocabulary makes prefixes collide often.
      const asked = requests(seed, 5)
      const cache = new Map<number, number[]>()
      const seen = new Set<string>()
      const place = ({ token, position, sequence, wants }: PlannedToken): void => {
        const line = cache.get(sequence) ?? []
        expect(position).toBe(line.length)
        line.push(token)
        cache.set(sequence, line)
        for (const { request, index, target } of wants) {
          const { tokens, from } = asked[request]!
          expect(line).toEqual(Array.from(tokens.subarray(0, from + index)))
          expect(target).toBe(tokens[from + index])
          seen.add(`${request}/${index}`)
        }
      }
      for (const step of planPackedSteps(asked, LIMITS)) {
        if (step.kind === 'clear') cache.clear()
        else if (step.kind === 'drop') cache.delete(step.sequence)
        else if (step.kind === 'share') cache.set(step.to, (cache.get(step.from) ?? []).slice(0, step.length))
        else {
          expect(step.tokens.length).toBeLessThanOrEqual(LIMITS.batchTokens)
          step.tokens.forEach(place)
        }
        expect(cache.size).toBeLessThanOrEqual(LIMITS.sequences)
      }
      expect(seen.size).toBe(asked.reduce((n, r) => n + r.tokens.length - r.from, 0))
    },
  )

  it.each([1, 2, 3, 4, 5, 6])(
    'evaluates each token of the trie once, behind what is held, and keeps no more than the cache has (seed %i)',
    (seed) => {
      const stem = [7, 7, 7, 7, 7, 7, 7, 7, 7]
      const asked = requests(seed, 5).map(({ tokens, from }) => ({
        tokens: Int32Array.of(...stem, ...tokens),
        from: from + stem.length,
      }))
      const prefixes = new Set(
        asked.flatMap(({ tokens }) =>
          Array.from({ length: tokens.length - 1 - stem.length }, (_, i) =>
            tokens.subarray(0, stem.length + i + 1).join(),
          ),
        ),
      )
      const limits = { batchTokens: 16, sequences: 64, held: stem.length, contextTokens: 9 + 24 }
      // Sequences as the cells that they see: a cell is free when none sees it.
      const cache = new Map([[0, stem.map((_, i) => i)]])
      let cells = stem.length
      let evaluated = 0
      for (const step of planPackedSteps(asked, limits)) {
        expect(step.kind).not.toBe('clear')
        if (step.kind === 'drop') cache.delete(step.sequence)
        if (step.kind === 'share') cache.set(step.to, (cache.get(step.from) ?? []).slice(0, step.length))
        if (step.kind !== 'decode') continue
        evaluated += step.tokens.length
        for (const { sequence, position } of step.tokens) {
          const line = cache.get(sequence) ?? []
          expect(line).toHaveLength(position)
          cache.set(sequence, [...line, cells++])
        }
        const live = new Set([...cache.values()].flat()).size
        expect(live).toBeLessThanOrEqual(limits.contextTokens + limits.batchTokens)
      }
      expect(evaluated).toBe(prefixes.size)
      expect([...cache.keys()]).toEqual([0])
    },
  )

  it('scores as the exact plan does, on weights that are not quantised', async () => {
    const path = smallestModel()
    const exact = await openEngine(path, { threads: 1 })
    const packed = await openEngine(path, { threads: 1, packBranches: true })
    try {
      const asked = requests(7, 1000)
      const [a, b] = [await exact.scorer.score(asked), await packed.scorer.score(asked)]
      const again = await packed.scorer.score(asked)
      let largest = 0
      a.forEach((values, i) => {
        values.forEach((value, k) => {
          largest = Math.max(largest, Math.abs(value - b[i]![k]!))
        })
      })
      // Sums in another order: rounding of 32-bit floats, some 1e-7 of logits of order ten.
      expect(largest).toBeLessThan(1e-4)
      expect(again).toEqual(b)
      expect(packed.settings.engine).not.toBe(exact.settings.engine)
    } finally {
      await exact.close()
      await packed.close()
    }
  })
})

describe('lanes', () => {
  it('serve calls side by side with the numbers of one after the other', async () => {
    const path = smallestModel()
    const alone = await openEngine(path, { threads: 1, packBranches: true })
    const lanes = await openEngine(path, { threads: 2, packBranches: true, sideBySide: true })
    try {
      expect([alone.scorer.lanes, lanes.scorer.lanes]).toEqual([1, 2])
      const calls = [1, 2, 3, 4, 5].map((seed) => requests(seed, 1000))
      const expected = []
      for (const call of calls) expected.push(await alone.scorer.score(call))
      expect(await Promise.all(calls.map((call) => lanes.scorer.score(call)))).toEqual(expected)
    } finally {
      await alone.close()
      await lanes.close()
    }
    await expect(lanes.scorer.score(requests(1, 1000))).rejects.toMatchObject({ code: 'engines/closed' })
  })
})
