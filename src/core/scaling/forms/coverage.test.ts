import { describe, expect, it } from 'vitest'
import { fitForm } from '../fit-form.js'
import { coverage } from './coverage.js'

describe('the coverage law', () => {
  it('is fitted to ln coverage, as its docstring and arXiv:2407.21787 (log c ≈ a·k^b) have it', () => {
    const k = [1, 2, 4, 8, 16, 32, 64, 128, 256]
    const covered = [0.012, 0.02, 0.05, 0.09, 0.2, 0.34, 0.55, 0.74, 0.9]
    const { theta } = fitForm(coverage, {
      rows: k.map((v) => Float64Array.of(Math.log(v))),
      response: Float64Array.from(covered, Math.log),
    })
    // Σ (ln c − a·k^b)²: for a given b the best a is Σ ln c·k^b / Σ k^2b; b by a search apart from the fitter.
    const best = (b: number): { a: number; squares: number } => {
      const powers = k.map((v) => v ** b)
      const a =
        powers.reduce((s, x, i) => s + x * Math.log(covered[i]), 0) / powers.reduce((s, x) => s + x * x, 0)
      return { a, squares: powers.reduce((s, x, i) => s + (Math.log(covered[i]) - a * x) ** 2, 0) }
    }
    let [low, high] = [-2, 0]
    for (let i = 0; i < 100; i++) {
      const third = (high - low) / 3
      if (best(low + third).squares < best(high - third).squares) high -= third
      else low += third
    }
    expect(theta[1]).toBeCloseTo(low, 6)
    expect(theta[0]).toBeCloseTo(Math.log(-best(low).a), 6)
  })
})
