import { describe, expect, it } from 'vitest'
import { modelFacts } from './model-facts.js'

describe('facts of a model', () => {
  it('are those that are known, and one phrase for the rest', () => {
    const named = { name: 'm', tokenizer: 't' }
    const whole = {
      ...named,
      kind: 'checkpoint folder' as const,
      architecture: 'llama',
      params: 134_515_008,
      quantization: 'Q4_1',
      contextLength: 8192,
      vocabularySize: 49_152,
      fileBytes: 98_000_000,
      chatTemplate: true,
    }
    expect(modelFacts(whole, { vocabulary: true })).toEqual([
      'checkpoint folder',
      '135M parameters',
      'llama',
      'Q4_1',
      '8192 tokens of context',
      '49,152 in the vocabulary',
      '98 MB',
      'has a chat template (measured on plain text, without it)',
    ])
    expect(modelFacts({ ...named, contextLength: 8192 }, { vocabulary: false })).toEqual([
      '8192 tokens of context',
      'unknown: parameters, architecture, quantisation, size',
    ])
  })
})
