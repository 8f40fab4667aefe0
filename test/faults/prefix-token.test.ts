import { describe, expect, it } from 'vitest'
import { scoreChoices } from '../../src/audit/index.js'
import { candidateTokens } from '../../src/audit/knowledge/prompts.js'
import type { OpenedModel, PrefixTokens } from '../../src/core/index.js'
import { openByteModel } from '../contract/engine.byte-model.js'

const BOS = { id: 256, text: '<s>' }
const bytes = (text: string): number[] => [...new TextEncoder().encode(text)]
/** A model whose tokenizer puts no BOS before a prompt, though documents get one. */
const unprompted: PrefixTokens = { choice: 'auto', document: BOS, prompt: null }

function modelWith(prefix: PrefixTokens, seen: number[][] = []): OpenedModel {
  const model = openByteModel()
  return {
    ...model,
    prefix,
    scorer: {
      ...model.scorer,
      score(requests, usage) {
        seen.push(...requests.map(({ tokens, from }) => [from, ...tokens]))
        return model.scorer.score(requests, usage)
      },
    },
  }
}

const ask = (prefix: PrefixTokens, before: string) =>
  candidateTokens(modelWith(prefix), '', { before, after: '.' }, ['a', 'bc'])

describe('prompts of a tokenizer that puts no BOS in front', () => {
  it('begin with their own first token', () => {
    const { tokens, from } = ask(unprompted, 'It is ')
    expect(tokens.map((ids) => [...ids])).toEqual([bytes('It is a.'), bytes('It is bc.')])
    expect(from).toBe('It is'.length)
    const prompted = ask({ ...unprompted, prompt: BOS }, 'It is ')
    expect([...prompted.tokens[0]!]).toEqual([BOS.id, ...bytes('It is a.')])
  })

  it('are conditioned on the token in front of documents where they are empty', () => {
    const { tokens, from } = ask(unprompted, '')
    expect(tokens.map((ids) => [...ids])).toEqual([
      [BOS.id, ...bytes('a.')],
      [BOS.id, ...bytes('bc.')],
    ])
    expect(from).toBe(1)
  })

  it('leave the first token unscored with --prefix-token none', () => {
    const { tokens, from } = ask({ choice: 'none', document: null, prompt: null }, '')
    expect(tokens.map((ids) => [...ids])).toEqual([bytes('a.'), bytes('bc.')])
    expect(from).toBe(1)
  })

  it('are those of choices, too', async () => {
    const seen: number[][] = []
    const items = ['It', ''].map((context) => ({ id: context, context, choices: [' is'], gold: 0 }))
    await scoreChoices(modelWith(unprompted, seen), items)
    expect(seen).toEqual([
      [2, ...bytes('It is')],
      [1, BOS.id, ...bytes(' is')],
    ])
  })
})
