import { describe, expect, it } from 'vitest'
import { flopsPerToken } from './flops-per-token.js'

describe('FLOPs per token', () => {
  it('are two a parameter and four a layer, position and dimension', () => {
    // GPT-2 small without its embeddings: 85.0M parameters, 12 layers of 768; at position 1,000: 4·12·1000·768 = 36.9M.
    const model = { activeParams: 85e6, layers: 12, embeddingLength: 768 }
    expect(flopsPerToken(model, 0)).toBe(170e6)
    expect(flopsPerToken(model, 1000)).toBe(170e6 + 36_864_000)
  })

  it('are unknown where the shape is', () => {
    expect(flopsPerToken({ activeParams: 85e6, layers: 12 }, 0)).toBeUndefined()
  })
})
