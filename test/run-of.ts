import type { TrainingRun } from '../src/core/index.js'

const none = new Float64Array(0)

/** A run of one row per given step, at a loss of 3. */
export function runOf(steps: readonly number[], more: Partial<TrainingRun> = {}): TrainingRun {
  return {
    id: 'run',
    format: 'test',
    source: 'test.log',
    step: Float64Array.from(steps),
    tokens: none,
    loss: Float64Array.from(steps, () => 3),
    validationLoss: none,
    gradNorm: none,
    learningRate: none,
    seconds: none,
    line: Float64Array.from(steps, (_, i) => i + 1),
    nonFinite: [],
    notes: [],
    ...more,
  }
}
