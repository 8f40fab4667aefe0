import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { openEngine } from '../../src/engines/index.js'

/** What `ship.py` writes: texts, their tokens (BOS first) and ln p of tokens[1…] by JAX in float32. */
interface Reference {
  model: string
  passages: { text: string; tokens: number[]; logProbabilities: number[] }[]
}

const repository = new URL('../../', import.meta.url)
const runs = fileURLToPath(new URL('ladder/runs/', repository))
const references = readdirSync(runs)
  .map((run) => `${runs}${run}/reference.json`)
  .filter((file) => existsSync(file))
  .map((file): Reference => JSON.parse(readFileSync(file, 'utf8')))

describe.each(references)('$model against the JAX model it was exported from', ({ model, passages }) => {
  it('tokenizes alike and gives the same log-probabilities', async () => {
    const engine = await openEngine(fileURLToPath(new URL(model, repository)), { threads: 1 })
    try {
      for (const { text, tokens } of passages) {
        expect([...engine.tokenize(text)].slice(0, tokens.length - 1)).toEqual(tokens.slice(1))
      }
      const scores = await engine.score(
        passages.map(({ tokens }) => ({ tokens: Int32Array.from(tokens), from: 1 })),
      )
      const differences = passages.flatMap(({ logProbabilities }, i) =>
        logProbabilities.map((expected, j) => Math.abs(expected - scores[i]![j]!)),
      )
      // Weights rounded to float16 have a relative error of 2^-11; through at most five layers of logits of
      // magnitude 10 that is below 10 · 2^-11 · 2 ≈ 0.01 nats a token, and it must not lean to one side.
      expect(Math.max(...differences)).toBeLessThan(1e-2)
    } finally {
      await engine.close()
    }
  })
})
