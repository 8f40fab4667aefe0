import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AssayError, type Engine, type ScoreRequest } from '../../src/core/index.js'

/**
 * What every engine must do, as checks that ask an engine questions. `tolerance` is in nats: 0 = bit for bit.
 */
export interface EngineCheck {
  readonly name: string
  run(engine: Engine, tolerance: number): Promise<void>
}

const PROSE =
  'The river is low in the summer and the children walk across it on the stones. In the spring the water is high, and the boats come up to the old mill.'

const TEXTS = [PROSE, 'naïve “café”, 漢字 😀', 'a\tb\n\n  c', ' x', '<s></s><|im_start|>']

/** Prefix and text as one sequence of tokens. */
function withPrefix(engine: Engine, text: string): Int32Array {
  const tokens = engine.tokenize(text)
  return engine.prefixToken === null ? tokens : Int32Array.of(engine.prefixToken.id, ...tokens)
}

const scoreOne = async (engine: Engine, request: ScoreRequest): Promise<Float64Array> =>
  (await engine.score([request]))[0]!

function expectSame(found: Float64Array, expected: Float64Array, tolerance: number): void {
  expect(found.length).toBe(expected.length)
  const worst = found.reduce((most, value, i) => Math.max(most, Math.abs(value - expected[i]!)), 0)
  expect(worst).toBeLessThanOrEqual(tolerance)
}

/** Requests with a shared beginning and different ends, and one that shares nothing. */
function company(engine: Engine): ScoreRequest[] {
  const shared = withPrefix(engine, PROSE.slice(0, 100))
  const ends = [' The end.', ' The water is warm.', ' A boat', ' A bird']
  return [
    ...ends.map((end) => ({
      tokens: Int32Array.of(...shared, ...engine.tokenize(end)),
      from: shared.length,
    })),
    { tokens: withPrefix(engine, 'Another text altogether.'), from: 1 },
  ]
}

const argumentChecks = (engine: Engine): [ScoreRequest, string][] => [
  [{ tokens: Int32Array.of(1, 2), from: 0 }, 'engines/bad-request'],
  [{ tokens: Int32Array.of(1, 2), from: 3 }, 'engines/bad-request'],
  [{ tokens: Int32Array.of(1, engine.vocabularySize), from: 1 }, 'engines/bad-request'],
  [{ tokens: Int32Array.of(1, -1), from: 1 }, 'engines/bad-request'],
  [{ tokens: new Int32Array(engine.contextLength + 2), from: 1 }, 'engines/context-too-small'],
]

async function codeOf(work: () => Promise<unknown>): Promise<string> {
  try {
    await work()
    return 'no error'
  } catch (error) {
    return error instanceof AssayError ? error.code : String(error)
  }
}

export const ENGINE_CHECKS: readonly EngineCheck[] = [
  {
    name: 'tokens stand for the bytes of their text, without a prefix and without special tokens',
    async run(engine) {
      expect(engine.tokenize('').length).toBe(0)
      for (const text of TEXTS) {
        const tokens = engine.tokenize(text)
        expect(Buffer.concat(Array.from(tokens, (token) => engine.tokenBytes(token))).toString('utf8')).toBe(
          text,
        )
        for (const token of tokens) expect(engine.tokenKind(token)).not.toBe('control')
      }
      if (engine.prefixToken !== null) {
        expect(engine.tokenKind(engine.prefixToken.id)).toBe('control')
        expect(engine.tokenBytes(engine.prefixToken.id).length).toBe(0)
      }
    },
  },
  {
    name: 'there is one finite log-probability for each wanted token',
    async run(engine) {
      const tokens = withPrefix(engine, PROSE)
      const scores = await scoreOne(engine, { tokens, from: 1 })
      expect(scores.length).toBe(tokens.length - 1)
      // A probability may exceed 1 by the rounding of its normaliser.
      for (const value of scores) expect(value).toBeLessThan(1e-3)
      expect(scores.every(Number.isFinite)).toBe(true)
      expect((await scoreOne(engine, { tokens, from: tokens.length })).length).toBe(0)
      expect(await engine.score([])).toEqual([])
    },
  },
  {
    name: 'splitting a request changes nothing',
    async run(engine, tolerance) {
      const tokens = withPrefix(engine, PROSE)
      const whole = await scoreOne(engine, { tokens, from: 1 })
      const middle = Math.floor(tokens.length / 2)
      const head = await scoreOne(engine, { tokens: tokens.slice(0, middle), from: 1 })
      const tail = await scoreOne(engine, { tokens, from: middle })
      expectSame(Float64Array.of(...head, ...tail), whole, tolerance)
    },
  },
  {
    name: 'the order of requests changes nothing, nor does their company',
    async run(engine, tolerance) {
      const requests = company(engine)
      const together = await engine.score(requests)
      const backwards = await engine.score(requests.toReversed())
      for (const [i, request] of requests.entries()) {
        expectSame(backwards[requests.length - 1 - i]!, together[i]!, tolerance)
        expectSame(await scoreOne(engine, request), together[i]!, tolerance)
      }
    },
  },
  {
    name: 'the same request twice in a call gets the same answer',
    async run(engine) {
      const request = { tokens: withPrefix(engine, PROSE), from: 1 }
      const [first, second] = await engine.score([request, request])
      expect(second).toEqual(first)
    },
  },
  {
    name: 'text scores better than the same tokens shuffled',
    async run(engine) {
      const tokens = withPrefix(engine, PROSE)
      // Reversed: a shuffle that needs no seed.
      const shuffled = Int32Array.of(tokens[0]!, ...tokens.slice(1).reverse())
      const [straight, crooked] = await engine.score(
        [tokens, shuffled].map((all) => ({ tokens: all, from: 1 })),
      )
      const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0)
      expect(sum(straight!)).toBeGreaterThan(sum(crooked!))
    },
  },
  {
    name: 'usage tells what was sent and what every request by itself would have sent',
    async run(engine) {
      const requests = company(engine)
      const usage = { evaluated: 0, naive: 0 }
      await engine.score(requests, usage)
      expect(usage.naive).toBe(requests.reduce((sum, { tokens }) => sum + tokens.length - 1, 0))
      expect(usage.evaluated).toBeLessThanOrEqual(usage.naive)
    },
  },
  {
    name: 'greedy completion takes the likeliest token, ends at a stop text and keeps to its length',
    async run(engine) {
      const tokens = withPrefix(engine, 'The river')
      const request = { tokens, maxTokens: 6, temperature: 0, seed: 1 }
      const plain = await engine.generate(request)
      expect(plain.tokens.length).toBeLessThanOrEqual(6)
      expect((await engine.generate({ ...request, maxTokens: 0 })).text).toBe('')
      expect(plain.text.length).toBeGreaterThan(2)
      const stop = plain.text.slice(1, 3)
      expect((await engine.generate({ ...request, stop: [stop] })).text).toBe(
        plain.text.slice(0, plain.text.indexOf(stop)),
      )
      const drawn = { ...request, temperature: 1, seed: 7 }
      expect(await engine.generate(drawn)).toEqual(await engine.generate(drawn))
    },
  },
  {
    name: 'costs are times of one prefill and of every decoded token',
    async run(engine) {
      const { prefillSeconds, decodeSeconds } = await engine.measureCost(16, 3)
      expect(decodeSeconds.length).toBe(3)
      for (const seconds of [prefillSeconds, ...decodeSeconds]) expect(seconds).toBeGreaterThan(0)
    },
  },
  {
    name: 'impossible requests are refused by name',
    async run(engine) {
      for (const [request, code] of argumentChecks(engine))
        expect(await codeOf(async () => engine.score([request]))).toBe(code)
    },
  },
]

export interface ContractOptions {
  /** Nats by which two ways of asking the same may differ. Default 0: bit for bit. */
  readonly tolerance?: number
  /** Why the suite cannot run here. */
  readonly skip?: string | undefined
}

/** Run the contract on an engine. */
export function engineContract(
  name: string,
  open: () => Promise<Engine>,
  { tolerance = 0, skip }: ContractOptions = {},
): void {
  describe.skipIf(skip !== undefined)(
    `engine ${name}${skip === undefined ? '' : ` (${skip})`}`,
    { timeout: 300_000 },
    () => {
      let engine: Engine
      beforeAll(async () => {
        engine = await open()
      }, 120_000)
      afterAll(async () => {
        await engine.close()
        await engine.close()
        expect(await codeOf(() => engine.score([{ tokens: Int32Array.of(1, 1), from: 1 }]))).toBe(
          'engines/closed',
        )
      })
      for (const check of ENGINE_CHECKS) it(check.name, () => check.run(engine, tolerance))
    },
  )
}
