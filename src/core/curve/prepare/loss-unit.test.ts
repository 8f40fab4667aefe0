import { describe, expect, it } from 'vitest'
import type { TrainingRun } from '../../evidence/index.js'
import { judgeRun } from '../judge-run.js'
import { lossUnitOf } from './loss-unit.js'

const none = new Float64Array(0)

/** A sound pretraining loss from ln(50,257) down to 3, through a function. */
function runOf(as: (nats: number) => number): TrainingRun {
  const nats = Array.from(
    { length: 400 },
    (_, i) => 2.9 + 7.92 * (1 + i / 8) ** -0.7 + 0.01 * Math.sin(9 * i),
  )
  return {
    id: 'run',
    format: 'test',
    source: 'test.log',
    step: Float64Array.from(nats.keys(), (i) => 10 * i),
    tokens: none,
    loss: Float64Array.from(nats, as),
    validationLoss: none,
    gradNorm: none,
    learningRate: none,
    seconds: none,
    line: Float64Array.from(nats.keys(), (i) => i + 1),
    nonFinite: [],
    notes: [],
  }
}

describe('lossUnitOf', () => {
  it('takes nats and bits as they are', () => {
    expect(lossUnitOf(runOf((x) => x))).toMatchObject({ kind: 'nats' })
    expect(lossUnitOf(runOf((x) => x / Math.LN2))).toMatchObject({ kind: 'nats' })
  })

  it('knows perplexities and sums by their size', () => {
    expect(lossUnitOf(runOf(Math.exp))).toMatchObject({ kind: 'perplexity' })
    expect(lossUnitOf(runOf((x) => 1024 * x))).toMatchObject({ kind: 'sum', factor: 1024 })
  })
})

describe('a run in other units', () => {
  const plain = judgeRun(runOf((x) => x))

  it('gives perplexities their natural logarithms and says so', () => {
    const judged = judgeRun(runOf(Math.exp))
    expect(judged.verdict).toBe(plain.verdict)
    expect(judged.events[0]).toMatchObject({ code: 'unusual-unit', confidence: 'weak' })
    if (judged.finalLoss.kind !== 'estimate' || plain.finalLoss.kind !== 'estimate') throw new Error('no end')
    expect(judged.finalLoss.value).toBeCloseTo(plain.finalLoss.value, 9)
    expect(judged.finalLoss.unit).toBe('nats/token')
  })

  it('divides sums and names the divisor in every unit', () => {
    const judged = judgeRun(runOf((x) => 1024 * x))
    expect(judged.verdict).toBe(plain.verdict)
    expect(judged.finalLoss).toMatchObject({ unit: 'logged loss ÷ 1024' })
    expect(judged.unit).toBe('logged loss ÷ 1024')
  })
})
