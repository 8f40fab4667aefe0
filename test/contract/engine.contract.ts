import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AssayError, type OpenedModel, type ScoreRequest } from '../../src/core/index.js'

/** Nats by which two ways of asking the same may differ; 0 = bit for bit. */
export interface Tolerance {
  /** In another order or company. */
  readonly company: number
  /** Cut in two requests: each then takes other batches. */
  readonly cut: number
}

type Capability = 'generate' | 'measureCost'

/**
 * What every engine must do, as checks that ask an engine questions.
 */
export interface EngineCheck {
  readonly name: string
  /** What the scorer may leave out. */
  readonly needs?: Capability
  run(model: OpenedModel, tolerance: Tolerance): Promise<void>
}

const PROSE =
  'The river is low in the summer and the children walk across it on the stones. In the spring the water is high, and the boats come up to the old mill.'

const TEXTS = [PROSE, 'naïve “café”, 漢字 😀', 'a\tb\n\n  c', ' x', '<s></s><|im_start|>']

/** Prefix and text as one sequence of tokens. */
function withPrefix(model: OpenedModel, text: string): Int32Array {
  const tokens = model.tokenizer.tokenize(text)
  return model.prefix.document === null ? tokens : Int32Array.of(model.prefix.document.id, ...tokens)
}

const scoreOne = async (model: OpenedModel, request: ScoreRequest): Promise<Float64Array> =>
  (await model.scorer.score([request]))[0]!

function expectSame(found: Float64Array, expected: Float64Array, tolerance: number): void {
  expect(found.length).toBe(expected.length)
  const worst = found.reduce((most, value, i) => Math.max(most, Math.abs(value - expected[i]!)), 0)
  expect(worst).toBeLessThanOrEqual(tolerance)
}

/** Requests with a shared beginning and different ends, and one that shares nothing. */
function company(model: OpenedModel): ScoreRequest[] {
  const shared = withPrefix(model, PROSE.slice(0, 100))
  const ends = [' The end.', ' The water is warm.', ' A boat', ' A bird']
  return [
    ...ends.map((end) => ({
      tokens: Int32Array.of(...shared, ...model.tokenizer.tokenize(end)),
      from: shared.length,
    })),
    { tokens: withPrefix(model, 'Another text altogether.'), from: 1 },
  ]
}

const argumentChecks = (model: OpenedModel): [ScoreRequest, string][] => [
  [{ tokens: Int32Array.of(1, 2), from: 0 }, 'engines/bad-request'],
  [{ tokens: Int32Array.of(1, 2), from: 3 }, 'engines/bad-request'],
  [{ tokens: Int32Array.of(1, model.tokenizer.vocabularySize), from: 1 }, 'engines/bad-request'],
  [{ tokens: Int32Array.of(1, -1), from: 1 }, 'engines/bad-request'],
  ...(model.scorer.contextLength === undefined
    ? []
    : ([
        [{ tokens: new Int32Array(model.scorer.contextLength + 2), from: 1 }, 'engines/context-too-small'],
      ] as [ScoreRequest, string][])),
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
    async run(model) {
      expect(model.tokenizer.tokenize('').length).toBe(0)
      for (const text of TEXTS) {
        const tokens = model.tokenizer.tokenize(text)
        expect(
          Buffer.concat(Array.from(tokens, (token) => model.tokenizer.tokenBytes(token))).toString('utf8'),
        ).toBe(text)
        for (const token of tokens) expect(model.tokenizer.tokenKind(token)).not.toBe('control')
      }
      if (model.prefix.document !== null) {
        expect(model.tokenizer.tokenKind(model.prefix.document.id)).toBe('control')
        expect(model.tokenizer.tokenBytes(model.prefix.document.id).length).toBe(0)
      }
    },
  },
  {
    name: 'there is one finite log-probability for each wanted token',
    async run(model) {
      const tokens = withPrefix(model, PROSE)
      const scores = await scoreOne(model, { tokens, from: 1 })
      expect(scores.length).toBe(tokens.length - 1)
      // A probability may exceed 1 by the rounding of its normaliser.
      for (const value of scores) expect(value).toBeLessThan(1e-3)
      expect(scores.every(Number.isFinite)).toBe(true)
      expect((await scoreOne(model, { tokens, from: tokens.length })).length).toBe(0)
      expect(await model.scorer.score([])).toEqual([])
    },
  },
  {
    name: 'splitting a request changes nothing',
    async run(model, { cut }) {
      const tokens = withPrefix(model, PROSE)
      const whole = await scoreOne(model, { tokens, from: 1 })
      const middle = Math.floor(tokens.length / 2)
      const head = await scoreOne(model, { tokens: tokens.slice(0, middle), from: 1 })
      const tail = await scoreOne(model, { tokens, from: middle })
      expectSame(Float64Array.of(...head, ...tail), whole, cut)
    },
  },
  {
    name: 'the order of requests changes nothing, nor does their company',
    async run(model, { company: tolerance }) {
      const requests = company(model)
      const together = await model.scorer.score(requests)
      const backwards = await model.scorer.score(requests.toReversed())
      for (const [i, request] of requests.entries()) {
        expectSame(backwards[requests.length - 1 - i]!, together[i]!, tolerance)
        expectSame(await scoreOne(model, request), together[i]!, tolerance)
      }
    },
  },
  {
    name: 'the same request twice in a call gets the same answer',
    async run(model) {
      const request = { tokens: withPrefix(model, PROSE), from: 1 }
      const [first, second] = await model.scorer.score([request, request])
      expect(second).toEqual(first)
    },
  },
  {
    name: 'text scores better than the same tokens shuffled',
    async run(model) {
      const tokens = withPrefix(model, PROSE)
      // Reversed: a shuffle that needs no seed.
      const shuffled = Int32Array.of(tokens[0]!, ...tokens.slice(1).reverse())
      const [straight, crooked] = await model.scorer.score(
        [tokens, shuffled].map((all) => ({ tokens: all, from: 1 })),
      )
      const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0)
      expect(sum(straight!)).toBeGreaterThan(sum(crooked!))
    },
  },
  {
    name: 'usage tells what was sent and what every request by itself would have sent',
    async run(model) {
      const requests = company(model)
      const usage = { evaluated: 0, naive: 0 }
      await model.scorer.score(requests, usage)
      expect(usage.naive).toBe(requests.reduce((sum, { tokens }) => sum + tokens.length - 1, 0))
      expect(usage.evaluated).toBeLessThanOrEqual(usage.naive)
    },
  },
  {
    needs: 'generate',
    name: 'greedy completion takes the likeliest token, ends at a stop text and keeps to its length',
    async run(model) {
      const { scorer } = model
      const tokens = withPrefix(model, 'The river')
      const request = { tokens, maxTokens: 6, temperature: 0, seed: 1 }
      const plain = await scorer.generate!(request)
      expect(plain.tokens.length).toBeLessThanOrEqual(6)
      expect((await scorer.generate!({ ...request, maxTokens: 0 })).text).toBe('')
      expect(plain.text.length).toBeGreaterThan(0)
      // A tiny model may write a single character.
      const stop = plain.text.slice(Math.min(1, plain.text.length - 1), 3)
      expect((await scorer.generate!({ ...request, stop: [stop] })).text).toBe(
        plain.text.slice(0, plain.text.indexOf(stop)),
      )
      const drawn = { ...request, temperature: 1, seed: 7 }
      expect(await scorer.generate!(drawn)).toEqual(await scorer.generate!(drawn))
    },
  },
  {
    needs: 'generate',
    name: 'the likeliest token, where it is told, is the one that is written: the same to the bit, another is less',
    async run(model) {
      const { scorer, tokenizer } = model
      const prompt = withPrefix(model, 'The river rises in the hills to the north of')
      const { tokens } = await scorer.generate!({ tokens: prompt, maxTokens: 3, temperature: 0, seed: 0 })
      const other = Int32Array.from(tokens, (id, i) => (i === 0 ? (id + 1) % tokenizer.vocabularySize : id))
      const likeliest: Float64Array[] = []
      const scores = await scorer.score(
        [tokens, other].map((own) => ({ tokens: Int32Array.of(...prompt, ...own), from: prompt.length })),
        undefined,
        likeliest,
      )
      const isLikeliest = likeliest.map((all, i) => all.every((v, k) => v === scores[i]![k]))
      expect(isLikeliest).toEqual(likeliest.length === 0 ? [] : [true, false])
      for (const [i, all] of likeliest.entries())
        for (const [k, v] of all.entries()) expect(v).toBeGreaterThanOrEqual(scores[i]![k]!)
    },
  },
  {
    needs: 'measureCost',
    name: 'costs are times of one prefill and of every decoded token',
    async run(model) {
      const { prefillSeconds, decodeSeconds } = await model.scorer.measureCost!(new Int32Array(16), 3)
      expect(decodeSeconds.length).toBe(3)
      for (const seconds of [prefillSeconds, ...decodeSeconds]) expect(seconds).toBeGreaterThan(0)
    },
  },
  {
    name: 'impossible requests are refused by name',
    async run(model) {
      for (const [request, code] of argumentChecks(model))
        expect(await codeOf(async () => model.scorer.score([request]))).toBe(code)
    },
  },
]

export interface ContractOptions {
  /** Default: bit for bit. */
  readonly tolerance?: Tolerance
  /** What this scorer does not do, and so must leave out. */
  readonly cannot?: readonly Capability[]
  /** Why the suite cannot run here. */
  readonly skip?: string | undefined
}

export const BIT_FOR_BIT: Tolerance = { company: 0, cut: 0 }

/** Run the contract on a model. */
export function engineContract(
  name: string,
  open: () => Promise<OpenedModel>,
  { tolerance = BIT_FOR_BIT, cannot = [], skip }: ContractOptions = {},
): void {
  describe.skipIf(skip !== undefined)(
    `engine ${name}${skip === undefined ? '' : ` (${skip})`}`,
    { timeout: 300_000 },
    () => {
      let model: OpenedModel
      beforeAll(async () => {
        model = await open()
      }, 120_000)
      afterAll(async () => {
        await model.close()
        await model.close()
        expect(await codeOf(() => model.scorer.score([{ tokens: Int32Array.of(1, 1), from: 1 }]))).toBe(
          'engines/closed',
        )
      })
      for (const { name: does, needs, run } of ENGINE_CHECKS) {
        if (needs !== undefined && cannot.includes(needs))
          it(`leaves ${needs} out`, () => expect(model.scorer[needs]).toBeUndefined())
        else it(does, () => run(model, tolerance))
      }
    },
  )
}
