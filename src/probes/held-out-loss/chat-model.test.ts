import { describe, expect, it } from 'vitest'
import { SAMPLES } from '../../../test/contract/evidence-samples.js'
import { createRandom, type ModelEvidence } from '../../core/index.js'
import { heldOutLoss } from './index.js'

const { surprisal, model } = SAMPLES.usual

function told(change: Partial<ModelEvidence>, prefixToken = '<s>'): unknown[] {
  if (surprisal === undefined || model === undefined) throw new Error('no sample')
  const evidence = {
    surprisal: { ...surprisal, protocol: { ...surprisal.protocol, prefixToken } },
    model: { ...model, ...change },
  }
  const { findings } = heldOutLoss.judge(evidence, { random: createRandom(1), level: 0.95 })
  return findings.filter(({ code }) => code === 'held-out-loss/chat-model').map(({ status }) => status)
}

describe('a model tuned for chats', () => {
  it.each([
    ['SmolLM2-135M-Instruct', '<s>'],
    ['gemma-3-1b-it', '<bos>'],
    ['Some model', '<|im_start|>'],
  ])('%s behind %s is called one', (name, prefix) => {
    expect(told({ name, chatTemplate: true }, prefix)).toEqual(['warn'])
    expect(told({ name, chatTemplate: false }, prefix)).toEqual(['warn'])
  })

  it('may be one where the file brings a template alone, as some base models do', () => {
    expect(told({ name: 'Qwen3-0.6B-Base', chatTemplate: true }, '<|endoftext|>')).toEqual(['pass'])
  })

  it('is none otherwise, whatever letters its name has', () => {
    for (const name of ['SmolLM2-135M', 'pythia-410m', 'bitnet', 'chatty'])
      expect(told({ name, chatTemplate: false }), name).toEqual([])
  })
})
