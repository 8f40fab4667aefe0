import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { openEngine } from '../../src/engines/index.js'

/** What `ship.py` writes: texts, their tokens (BOS first) and ln p of tokens[1…] by JAX in float32. */
interface Reference {
  model: string
  passages: { heldOut: boolean; text: string; tokens: number[]; logProbabilities: number[] }[]
}

/**
 * Nats a token. Activations that the engine rounds to float16 are off by up to 2^-11 of themselves and so, to first order,
 * is every logit; these lie within about 20 of each other, so 2^-11 · 20 ≈ 0.01 bounds text like what the models read.
 * The hard text's rare bytes have had few updates and larger logits: twice that.
 */
const allowed = (heldOut: boolean) => (heldOut ? 1e-2 : 2e-2)

const repository = new URL('../../', import.meta.url)
const runs = fileURLToPath(new URL('ladder/runs/', repository))
const references = readdirSync(runs)
  .map((run) => `${runs}${run}/reference.json`)
  .filter((file) => existsSync(file))
  .map((file): Reference => JSON.parse(readFileSync(file, 'utf8')))

describe.each(references)('$model against the JAX model it was exported from', ({ model, passages }) => {
  it('tokenizes alike and gives the same log-probabilities', async () => {
    const opened = await openEngine(fileURLToPath(new URL(model, repository)), { threads: 1 })
    try {
      for (const { text, tokens } of passages) {
        expect([...opened.tokenizer.tokenize(text)].slice(0, tokens.length - 1)).toEqual(tokens.slice(1))
      }
      const scores = await opened.scorer.score(
        passages.map(({ tokens }) => ({ tokens: Int32Array.from(tokens), from: 1 })),
      )
      const excess = passages.flatMap(({ heldOut, logProbabilities }, i) =>
        logProbabilities.map((expected, j) => Math.abs(scores[i]![j]! - expected) / allowed(heldOut)),
      )
      expect(Math.max(...excess)).toBeLessThan(1)
    } finally {
      await opened.close()
    }
  })
})
