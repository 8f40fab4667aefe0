import { describe, expect, it } from 'vitest'
import { requireSoundEngine } from '../../src/audit/index.js'
import {
  createRandom,
  type EngineCheckEvidence,
  type OpenedModel,
  type ScoreRequest,
} from '../../src/core/index.js'
import { openByteModel } from '../contract/engine.byte-model.js'

/** Log-probability of token `at` of a request that has `company` others beside it. */
type Rule = (request: ScoreRequest, at: number, company: number) => number

/** The byte model with its numbers replaced. */
function scoredBy(rule: Rule): OpenedModel {
  const model = openByteModel()
  return {
    ...model,
    scorer: {
      score: async (requests) =>
        requests.map((request) =>
          Float64Array.from({ length: request.tokens.length - request.from }, (_, i) =>
            rule(request, request.from + i, requests.length - 1),
          ),
        ),
    },
  }
}

const EVEN = -Math.log(openByteModel().tokenizer.vocabularySize)
/** A number in [−1, 1) that depends on a token and nothing else. */
const noise = (token: number): number => ((token * 2654435761) % 2 ** 32) / 2 ** 31 - 1

async function check(model: OpenedModel): Promise<{ evidence: EngineCheckEvidence; notes: string[] }> {
  const notes: string[] = []
  return { evidence: await requireSoundEngine(model, createRandom(1), (text) => notes.push(text)), notes }
}

describe('the self-check', () => {
  it('says nothing of a model that has learnt something', async () => {
    const { evidence, notes } = await check(openByteModel())
    expect(evidence.model).toBeUndefined()
    expect(notes).toEqual([])
    expect(evidence.checks.length).toBe(8)
    expect(evidence.checks.every(({ passed }) => passed)).toBe(true)
  })

  it.each<[string, Rule, string]>([
    ['all tokens alike', () => EVEN, 'uniform'],
    // ln V on the average, by token and not by what stands before it: sums of any order are the same.
    ['random weights', ({ tokens }, at) => EVEN + noise(tokens[at]!) / 10, 'untrained'],
  ])('tells an untrained model from a broken engine: %s', async (_, rule, state) => {
    const { evidence, notes } = await check(scoredBy(rule))
    expect(evidence.model?.state).toBe(state)
    expect(notes).toEqual([expect.stringContaining('whatever engine scores it')])
    expect(evidence.checks.every(({ passed }) => passed)).toBe(true)
  })

  it.each<[string, Rule, string]>([
    ['zeros for prompt tokens', () => 0, 'audit/engine-failed-check'],
    [
      'values that depend on company',
      (_, at, company) => EVEN / 2 - at * 1e-4 - company,
      'audit/engine-failed-check',
    ],
    // Consistent, and far worse than guessing: weights and tokenizer of two models.
    [
      'another model’s tokenizer',
      ({ tokens }, at) => 3 * EVEN + noise(tokens[at]!),
      'audit/model-failed-check',
    ],
  ])('stops at %s', async (_, rule, code) => {
    await expect(check(scoredBy(rule))).rejects.toMatchObject({ code, kind: 'engine' })
  })

  it('allows what an engine promises to drift, and no more', async () => {
    const drifting = scoredBy(
      ({ tokens }, at, company) => -1 + noise(tokens[at]! + tokens[at - 1]!) / 2 - company / 100,
    )
    await expect(check({ ...drifting, drift: 0.01 })).rejects.toMatchObject({
      code: 'audit/engine-failed-check',
    })
  })

  it('names a model that brings a template for chats', async () => {
    const model = openByteModel()
    const { notes } = await check({ ...model, evidence: { ...model.evidence, chatTemplate: true } })
    expect(notes).toEqual([expect.stringContaining('chat template')])
  })
})
