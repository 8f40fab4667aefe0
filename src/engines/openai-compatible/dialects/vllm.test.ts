import { describe, expect, it } from 'vitest'
import { echo } from './echo.js'
import { vllm } from './vllm.js'

/*
 * Recorded on 2026-11-26: vLLM 0.32.0 on a processor, the smallest ladder model in float32 (test/servers/wide-heads.ts). Fields
 * that nothing reads are left out.
 */
const asked = { model: 'ladder', spell: () => undefined }

describe('what vLLM 0.32.0 answered', () => {
  it('to prompt_logprobs: the prompt’s own tokens, and the first without', () => {
    const answer = {
      choices: [
        {
          index: 0,
          text: ' (',
          logprobs: null,
          finish_reason: 'length',
          prompt_logprobs: [
            null,
            { '17': { logprob: -8.066312789916992, rank: 173, decoded_token: '1' } },
            { '300': { logprob: -6.721254348754883, rank: 104, decoded_token: ' e' } },
            { '4095': { logprob: -11.695440292358398, rank: 3563, decoded_token: 'edef' } },
          ],
        },
      ],
      usage: { prompt_tokens: 4, total_tokens: 5, completion_tokens: 1 },
    }
    const { read } = vllm.score(asked, Int32Array.of(0, 17, 300, 4095), 2)
    expect(Array.from(read(answer))).toEqual([-6.721254348754883, -11.695440292358398])
  })

  it('to a prompt to go on from: ids as texts', () => {
    const answer = {
      choices: [
        {
          index: 0,
          text: '.\n',
          logprobs: {
            text_offset: [0, 11],
            token_logprobs: [-2.011366367340088, -2.3312225341796875],
            tokens: ['token_id:14', 'token_id:199'],
            top_logprobs: [{ 'token_id:14': -2.011366367340088 }, { 'token_id:199': -2.3312225341796875 }],
          },
          finish_reason: 'length',
        },
      ],
    }
    const request = { tokens: Int32Array.of(0, 17, 300), maxTokens: 2, temperature: 0, seed: 1 }
    expect(vllm.write(asked, request).read(answer)).toEqual({
      text: '.\n',
      tokens: [14, 199],
      logProbabilities: [-2.011366367340088, -2.3312225341796875],
    })
  })

  it('to echo: the prompt’s tokens and, last, the one written; the same values as prompt_logprobs', () => {
    const answer = {
      choices: [
        {
          index: 0,
          text: '<|endoftext|>1 e.',
          logprobs: {
            text_offset: [0, 10, 21, 33],
            token_logprobs: [null, -8.066312789916992, -6.721254348754883, -2.011366367340088],
            tokens: ['token_id:0', 'token_id:17', 'token_id:300', 'token_id:14'],
          },
          finish_reason: 'length',
        },
      ],
      usage: { prompt_tokens: 3, total_tokens: 4, completion_tokens: 1 },
    }
    const { read } = echo.score(asked, Int32Array.of(0, 17, 300), 1)
    expect(Array.from(read(answer))).toEqual([-8.066312789916992, -6.721254348754883])
  })
})
