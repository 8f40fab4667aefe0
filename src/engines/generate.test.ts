import { describe, expect, it } from 'vitest'
import { createRandom } from '../core/index.js'
import { createTextCollector, generate, sample } from './generate.js'

const row = (...logits: number[]) => Float32Array.from(logits)

describe('sampling from logits', () => {
  it('inverts the distribution function: weights 1, 2, 1 at temperature 1', () => {
    const logits = row(0, Math.log(2), 0)
    expect([0, 0.24, 0.26, 0.74, 0.76, 0.99].map((u) => sample(logits, 1, u))).toEqual([0, 0, 1, 1, 2, 2])
  })

  it('divides logits by the temperature: weights 1, 4, 1 at one half', () => {
    const logits = row(0, Math.log(2), 0)
    expect([0.16, 0.17, 0.83, 0.84].map((u) => sample(logits, 0.5, u))).toEqual([0, 1, 1, 2])
  })

  it('draws in proportion', () => {
    const random = createRandom(3)
    const logits = row(Math.log(3), Math.log(7))
    const draws = 4000
    let ones = 0
    for (let i = 0; i < draws; i++) ones += sample(logits, 1, random.uniform())
    // Four standard errors of a proportion of .7.
    expect(Math.abs(ones / draws - 0.7)).toBeLessThan(4 * Math.sqrt((0.7 * 0.3) / draws))
  })
})

describe('text of a completion', () => {
  it('keeps a character back until all of its bytes have come', () => {
    const collector = createTextCollector([])
    for (const byte of new TextEncoder().encode('é😀')) collector.add(byte, Uint8Array.of(byte))
    expect(collector.result().text).toBe('é😀')
  })

  it('marks bytes that end in the middle of a character', () => {
    const collector = createTextCollector([])
    collector.add(0, Uint8Array.of(0x61, 0xe6))
    expect(collector.result().text).toBe('a\ufffd')
  })

  it('finds a stop text across tokens and leaves it out, the first of several', () => {
    const collector = createTextCollector(['##', '\n\n'])
    const parts = ['one ', '\n', '\n', '## two']
    const stopped = parts.map((part, i) => collector.add(i, new TextEncoder().encode(part)))
    expect(stopped).toEqual([false, false, true, true])
    expect(collector.result().text).toBe('one ')
  })
})

describe('generation loop', () => {
  const source = (rows: Float32Array[], room = 10) => {
    const asked: number[][] = []
    return {
      asked,
      room,
      bytes: (token: number) => Uint8Array.of(0x61 + token),
      isEnd: (token: number) => token === 3,
      next: async (tokens: Int32Array) => {
        asked.push([...tokens])
        return rows[asked.length - 1] ?? row(1, 0, 0, 0)
      },
    }
  }
  const request = { tokens: Int32Array.of(7, 8), maxTokens: 5, temperature: 0, seed: 1 }

  it('feeds the prompt, then each token it chose, and ends at an end token', async () => {
    const engine = source([row(0, 1, 0, 0), row(0, 0, 1, 0), row(0, 0, 0, 1)])
    expect(await generate(request, engine)).toEqual({ text: 'bc', tokens: Int32Array.of(1, 2) })
    expect(engine.asked).toEqual([[7, 8], [1], [2]])
  })

  it('keeps to the wanted length and to the context', async () => {
    expect((await generate(request, source([]))).text).toBe('aaaaa')
    expect((await generate(request, source([], 2))).text).toBe('aa')
    expect((await generate({ ...request, maxTokens: 0 }, source([]))).text).toBe('')
  })
})
