import { describe, expect, it } from 'vitest'
import { choosePrefix, type SpecialTokens } from './prefix-tokens.js'

const special = (of: Partial<SpecialTokens>): SpecialTokens => ({
  bos: 1,
  eos: 2,
  addsBos: false,
  vocabularySize: 10,
  text: (token) => `<${token}>`,
  ...of,
})
const BOS = { id: 1, text: '<1>' }
const EOS = { id: 2, text: '<2>' }

describe('the token in front', () => {
  // lm-evaluation-harness 0.4.13: rolling windows from prefix_token_id (BOS, else EOS); prompts by the tokenizer's default.
  it.each([
    ['adds BOS itself (Llama, Gemma)', special({ addsBos: true }), BOS, BOS],
    ['has a BOS that it does not add (SmolLM2-Instruct)', special({}), BOS, null],
    ['has no BOS (Qwen)', special({ bos: null }), EOS, null],
    ['would add a BOS that it does not have', special({ bos: null, addsBos: true }), EOS, null],
    ['has neither', special({ bos: null, eos: null }), null, null],
  ])('auto, of a tokenizer that %s', (_, tokens, document, prompt) => {
    expect(choosePrefix(tokens)).toEqual({ choice: 'auto', document, prompt })
  })

  it('is the same everywhere when it is named', () => {
    expect(choosePrefix(special({}), 'bos')).toEqual({ choice: 'bos', document: BOS, prompt: BOS })
    expect(choosePrefix(special({}), 'eos')).toEqual({ choice: 'eos', document: EOS, prompt: EOS })
    expect(choosePrefix(special({}), 'none')).toEqual({ choice: 'none', document: null, prompt: null })
    expect(choosePrefix(special({}), 9).document).toEqual({ id: 9, text: '<9>' })
  })

  it('is refused where the model has no such token', () => {
    for (const work of [
      () => choosePrefix(special({ bos: null }), 'bos'),
      () => choosePrefix(special({}), 10),
      () => choosePrefix(special({}), -1),
    ])
      expect(work).toThrow(expect.objectContaining({ code: 'engines/no-such-token' }))
  })
})
