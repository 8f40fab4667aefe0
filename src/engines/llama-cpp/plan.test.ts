import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ScoreRequest } from '../../core/index.js'
import { naiveTokens } from '../requests.js'
import { planSteps } from './plan.js'
import type { PlanLimits } from './steps.js'

/**
 * A cache that remembers tokens as text: executing a plan with it shows for every wanted target which context
 * it would have been scored in.
 */
function execute(requests: readonly ScoreRequest[], limits: PlanLimits) {
  const sequences = new Map<number, number[]>()
  /** Which sequences hold each cell; a new token takes the first free one, as llama.cpp's cache does. */
  const cells: Set<number>[] = []
  const seen = requests.map(() => new Map<number, string>())
  let evaluated = 0
  let batches = 0
  for (const step of planSteps(requests, limits)) {
    if (step.kind === 'clear') {
      sequences.clear()
      cells.length = 0
    } else if (step.kind === 'drop') {
      sequences.delete(step.sequence)
      for (const holders of cells) holders.delete(step.sequence)
    } else if (step.kind === 'share') {
      expect(sequences.has(step.to)).toBe(false)
      const source = sequences.get(step.from) ?? []
      expect(source.length).toBeGreaterThanOrEqual(step.length)
      sequences.set(step.to, source.slice(0, step.length))
      for (const holders of cells.slice(0, step.length)) holders.add(step.to)
    } else {
      expect(step.tokens.length).toBeGreaterThan(0)
      expect(step.tokens.length).toBeLessThanOrEqual(limits.batchTokens)
      batches++
      for (const { token, position, sequence, wants } of step.tokens) {
        expect(sequence).toBeGreaterThanOrEqual(0)
        expect(sequence).toBeLessThan(limits.sequences)
        const context = sequences.get(sequence) ?? []
        expect(position).toBe(context.length)
        context.push(token)
        const cell = cells.findIndex((holders) => holders.size === 0)
        const taken = cell < 0 ? cells.length : cell
        // The property that makes numbers independent of company: docs/decisions/0011.
        expect(taken).toBe(position)
        cells[taken] = new Set([sequence])
        sequences.set(sequence, context)
        evaluated++
        for (const { request, index, target } of wants) {
          expect(seen[request]!.has(index)).toBe(false)
          seen[request]!.set(index, `${context.join(',')} → ${target}`)
        }
      }
    }
  }
  return { seen, evaluated, batches }
}

const request = (tokens: readonly number[], from = 1): ScoreRequest => ({
  tokens: Int32Array.from(tokens),
  from,
})
const range = (length: number, start = 0) => Array.from({ length }, (_, i) => start + i)

const requestsArbitrary = fc.array(
  fc
    .record({
      tokens: fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 40 }),
      from: fc.nat(),
    })
    .map(({ tokens, from }) => {
      const first = 1 + (from % tokens.length)
      return request(tokens, first)
    }),
  { minLength: 1, maxLength: 30 },
)

describe('plan of batches', () => {
  it('scores every wanted token once, after exactly its own prefix', () => {
    fc.assert(
      fc.property(
        requestsArbitrary,
        fc.integer({ min: 1, max: 24 }),
        fc.integer({ min: 1, max: 12 }),
        (requests, batchTokens, sequences) => {
          const { seen, evaluated } = execute(requests, { batchTokens, sequences })
          requests.forEach(({ tokens, from }, r) => {
            expect(seen[r]!.size).toBe(tokens.length - from)
            for (let i = from; i < tokens.length; i++)
              expect(seen[r]!.get(i - from)).toBe(`${[...tokens.subarray(0, i)].join(',')} → ${tokens[i]}`)
          })
          expect(evaluated).toBeLessThanOrEqual(naiveTokens(requests))
        },
      ),
    )
  })

  it('makes the same batches whatever the order of the requests', () => {
    const decodes = (requests: readonly ScoreRequest[]) =>
      [...planSteps(requests, { batchTokens: 16, sequences: 8 })].map((step) =>
        step.kind === 'decode'
          ? step.tokens.map(({ token, position, sequence }) => [token, position, sequence])
          : step,
      )
    fc.assert(
      fc.property(requestsArbitrary, (requests) => {
        expect(decodes(requests.toReversed())).toEqual(decodes(requests))
      }),
    )
  })

  it('evaluates a few-shot prefix once, each question once, and one token per choice not at all', () => {
    // 2 questions × 4 one-token choices behind 400 shared tokens
    const shots = range(400)
    const questions = [range(50, 1000), range(50, 2000)]
    const requests = questions.flatMap((question) =>
      range(4, 9000).map((choice) => request([...shots, ...question, choice], 450)),
    )
    const { evaluated } = execute(requests, { batchTokens: 512, sequences: 64 })
    expect(naiveTokens(requests)).toBe(8 * 450)
    expect(evaluated).toBe(400 + 2 * 50)
  })

  it('leaves documents apart that have only their first token in common', () => {
    const documents = range(30).map((d) => request([7, ...range(300, 1000 * (d + 1))]))
    const alone = execute([documents[4]!], { batchTokens: 128, sequences: 64 })
    const { evaluated, batches } = execute(documents, { batchTokens: 128, sequences: 64 })
    expect(evaluated).toBe(30 * 300)
    expect(batches).toBe(30 * alone.batches)
  })

  it('shares a prompt among candidate answers of several tokens', () => {
    const candidates = range(20).map((c) => request([...range(14), 100 + c, 200 + c, 300 + c], 14))
    // The prompt once, then two tokens a candidate: its last token is never evaluated.
    expect(execute(candidates, { batchTokens: 512, sequences: 8 }).evaluated).toBe(14 + 20 * 2)
  })

  it('plans nothing when nothing is wanted', () => {
    expect([...planSteps([], { batchTokens: 8, sequences: 2 })]).toEqual([])
    expect([...planSteps([request([1, 2, 3], 3)], { batchTokens: 8, sequences: 2 })]).toEqual([])
  })
})
