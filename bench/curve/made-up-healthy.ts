import { createRandom, type TrainingRun } from '../../src/core/index.js'

/** A healthy made-up run: level, noise, length, log interval and schedule drawn at random. */
export function madeUp(seed: number): TrainingRun {
  const random = createRandom(seed)
  const steps = Math.round(10 ** (2.3 + 2 * random.uniform()))
  const every = [1, 1, 10, 50][random.integer(4)]
  const rows = Math.max(12, Math.floor(steps / every))
  const fineTune = random.uniform() < 0.3
  const floor = fineTune ? 0.4 + 1.5 * random.uniform() : 1.8 + 2 * random.uniform()
  const drop = fineTune ? 0.3 + 0.8 * random.uniform() : 11 - floor
  const noise = 10 ** (-2.3 + 1.5 * random.uniform())
  const exponent = 0.4 + 0.5 * random.uniform()
  const decay = random.uniform() < 0.7
  const column = (of: (step: number) => number): Float64Array =>
    Float64Array.from({ length: rows }, (_, i) => of(i * every))
  const knee = Math.max(2, 0.01 * rows * every)
  let drift = 0
  return {
    id: `made-up ${seed}`,
    format: 'made-up',
    source: 'made-up',
    step: column((s) => s),
    tokens: new Float64Array(0),
    // Noise with memory (data of one kind come together) and now and then a heavy tail.
    loss: column((s) => {
      drift = 0.9 * drift + 0.2 * noise * random.normal()
      const tail = random.uniform() < 0.002 ? 3 * noise * Math.abs(random.normal()) : 0
      return floor + drop * (1 + s / knee) ** -exponent + noise * random.normal() + drift + tail
    }),
    validationLoss: new Float64Array(0),
    gradNorm: new Float64Array(0),
    learningRate: decay
      ? column(
          (s) =>
            1e-3 *
            Math.min(1, (s + 1) / (0.02 * rows * every)) *
            (0.55 + 0.45 * Math.cos((Math.PI * s) / ((rows - 1) * every))),
        )
      : new Float64Array(0),
    seconds: new Float64Array(0),
    line: column((s) => s + 1),
    nonFinite: [],
    notes: [],
  }
}
