import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { OpenedModel } from '../../src/core/index.js'
import { openEngine } from '../../src/engines/index.js'
import { testModel } from '../models/test-models.js'
import { buildReference, referenceUnavailable } from './reference.js'

const model = testModel('smollm2')
const skip = model.skip ?? referenceUnavailable()
const TEXT = readFileSync(new URL('../../texts/README.md', import.meta.url), 'utf8').slice(0, 600)

/**
 * lm-evaluation-harness's windows, written from its definition (lm_eval/utils.py, get_rolling_token_windows and
 * make_disjoint_window) and not from our own: `[context, continuation]` pairs.
 */
function harnessWindows(tokens: readonly number[], prefix: number, length: number): [number[], number[]][] {
  const windows: [number[], number[]][] = []
  const first = Math.min(length, tokens.length)
  windows.push([[prefix, ...tokens.slice(0, first - 1)], tokens.slice(0, first)])
  let predicted = first
  while (predicted < tokens.length) {
    const count = Math.min(tokens.length - predicted, length)
    const end = predicted + count
    windows.push([tokens.slice(end - length - 1, end - 1), tokens.slice(end - count, end)])
    predicted += count
  }
  // Disjoint: the context keeps only what is not predicted in the same window.
  return windows.map(([context, continuation]) => [
    context.slice(0, context.length - (continuation.length - 1)),
    continuation,
  ])
}

const sum = (values: Iterable<number>) => [...values].reduce((total, value) => total + value, 0)

describe.skipIf(skip !== undefined)(
  `agreement with llama.cpp's own logits${skip === undefined ? '' : ` (${skip})`}`,
  { timeout: 600_000 },
  () => {
    let reference: ReturnType<typeof buildReference>
    /** The program's answers, one run for all engines: their tokens are the same. */
    const known = new Map<string, Float64Array>()
    const ask = (tokens: Int32Array, batch: number): Float64Array => {
      const key = `${batch}: ${tokens.join()}`
      const answer = known.get(key) ?? reference(model.path, tokens, batch)
      known.set(key, answer)
      return answer
    }
    const engines: Record<string, OpenedModel> = {}
    beforeAll(async () => {
      reference = buildReference()
      for (const engine of ['llama-cpp', 'llama-cpp-public'])
        engines[engine] = await openEngine(model.path, { threads: 1, contextLength: 1024, engine })
    }, 300_000)
    afterAll(async () => {
      for (const engine of Object.values(engines)) await engine.close()
    })

    it.each(['llama-cpp', 'llama-cpp-public'])(
      '%s: every token within 1e-3 nats, whatever the batch of the reference',
      async (name) => {
        const engine = engines[name]!
        const tokens = Int32Array.of(engine.prefix.document!.id, ...engine.tokenizer.tokenize(TEXT))
        const [found] = await engine.scorer.score([{ tokens, from: 1 }])
        for (const batch of [512, 48]) {
          const expected = ask(tokens, batch)
          expect(expected.length).toBe(tokens.length - 1)
          const worst = expected.reduce((most, value, i) => Math.max(most, Math.abs(value - found![i]!)), 0)
          console.log(
            `${name}, reference in batches of ${batch}: largest difference ${worst.toExponential(1)} nats over ${expected.length} tokens`,
          )
          expect(worst).toBeLessThan(1e-3)
        }
      },
    )

    it.each(['llama-cpp', 'llama-cpp-public'])(
      "%s: rolling perplexity by lm-evaluation-harness's definition within 1e-3",
      async (name) => {
        const engine = engines[name]!
        const tokens = Array.from(engine.tokenizer.tokenize(TEXT))
        const windows = harnessWindows(tokens, engine.prefix.document!.id, 64)
        expect(sum(windows.map(([, continuation]) => continuation.length))).toBe(tokens.length)
        const requests = windows.map(([context, continuation]) => ({
          tokens: Int32Array.of(...context, ...continuation),
          from: context.length,
        }))
        const scored = await engine.scorer.score(requests)
        const ours = sum(scored.map(sum))
        const theirs = sum(requests.map(({ tokens: all, from }) => sum(ask(all, 512).slice(from - 1))))
        const perplexity = (total: number) => Math.exp(-total / tokens.length)
        console.log(
          `${name}: token perplexity ${perplexity(ours)}, reference ${perplexity(theirs)}, ${windows.length} windows`,
        )
        expect(Math.abs(perplexity(ours) / perplexity(theirs) - 1)).toBeLessThan(1e-3)
      },
    )
  },
)
