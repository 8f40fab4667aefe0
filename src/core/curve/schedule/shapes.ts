import type { DecayKind } from '../../evidence/index.js'
import { lineThrough, nonNegativeLeastSquares } from '../../linear/index.js'
import { mean } from '../../stats/moments.js'

/** Learning-rate schedules that are told apart (docs/methods/curve.md#schedule). */
export type ScheduleKind =
  | 'constant'
  | 'cosine'
  | 'linear'
  | 'wsd'
  | 'inverse-sqrt'
  | 'power'
  | 'step'
  | 'exponential'
  | 'other'
  | 'unknown'

/** A schedule after its peak: rate at a step, for fitted parameters. */
export interface Shape {
  readonly kind: ScheduleKind
  /** Free parameters, for BIC. */
  readonly parameters: number
  readonly rate: (step: number) => number
  /** Step at which the decay ends (its lowest rate is reached), where the shape has an end. */
  readonly decayEnd?: number
  /** How it goes down behind a plateau. */
  readonly decay?: DecayKind
  /** Lowest rate that the shape reaches. */
  readonly floor?: number
}

/** Points of the schedule from its peak on. */
export interface RatePoints {
  readonly step: Float64Array
  readonly rate: Float64Array
}

type Fall = (share: number) => number

/** Shapes of a decay as the share that is left (1 → 0) of its way from peak to floor. */
export const FALLS: Readonly<Record<'cosine' | 'linear' | 'sqrt', Fall>> = {
  cosine: (u) => 0.5 * (1 + Math.cos(Math.PI * u)),
  linear: (u) => 1 - u,
  sqrt: (u) => 1 - Math.sqrt(u),
}

/** Least squares of rate on 1 and g: rate = floor + height · g, neither below zero. */
function affine(
  points: RatePoints,
  g: (step: number) => number,
): { floor: number; height: number; error: number } {
  const one = new Float64Array(points.step.length).fill(1)
  const { coefficients, squares } = nonNegativeLeastSquares([one, points.step.map(g)], points.rate)
  const [floor, height] = coefficients
  return { floor, height, error: squares }
}

/** Best of a grid, refined around its best cell thrice. */
function search(low: number, high: number, cells: number, error: (x: number) => number): number {
  let best = low
  let bestError = Number.POSITIVE_INFINITY
  let a = low
  let b = high
  for (let round = 0; round < 5; round++) {
    const width = (b - a) / cells
    for (let i = 0; i <= cells; i++) {
      const x = a + i * width
      const e = error(x)
      if (e < bestError) {
        bestError = e
        best = x
      }
    }
    a = Math.max(low, best - width)
    b = Math.min(high, best + width)
  }
  return best
}

/** A fall from `start` to `end`, flat before and behind. */
function fallBetween(fall: Fall, start: number, end: number): (step: number) => number {
  return (step) => fall(Math.min(1, Math.max(0, (step - start) / Math.max(1e-9, end - start))))
}

/** Decay from the peak on whose end may lie within the run (flat tail) or beyond it (unfinished). */
function fitDecay(kind: 'cosine' | 'linear', points: RatePoints): Shape {
  const first = points.step[0]
  const span = points.step[points.step.length - 1] - first
  const errorOf = (logEnd: number): number =>
    affine(points, fallBetween(FALLS[kind], first, first + span * Math.exp(logEnd))).error
  const logEnd = search(Math.log(0.05), Math.log(8), 60, errorOf)
  const decayEnd = first + span * Math.exp(logEnd)
  const g = fallBetween(FALLS[kind], first, decayEnd)
  const { floor, height } = affine(points, g)
  return { kind, parameters: 3, rate: (step) => floor + height * g(step), decayEnd, floor }
}

/** Warm-up, stable, decay: constant up to a step, then a linear, cosine or 1 − √ fall. */
function fitWsd(points: RatePoints): Shape | undefined {
  const n = points.step.length
  const first = points.step[0]
  const last = points.step[n - 1]
  const peak = points.rate[0]
  const low = points.rate[n - 1]
  // The plateau ends where the rate leaves its peak for good.
  let leave = n - 1
  while (leave > 0 && points.rate[leave] < 0.998 * peak) leave--
  const start = points.step[leave]
  if (leave >= n - 2 || start - first < 0.05 * (last - first) || low > 0.99 * peak) return undefined
  let best: { shape: Shape; error: number } | undefined
  for (const [decay, fall] of Object.entries(FALLS) as [keyof typeof FALLS, Fall][]) {
    const span = last - start
    const errorOf = (logEnd: number): number =>
      affine(points, fallBetween(fall, start, start + span * Math.exp(logEnd))).error
    const logEnd = search(Math.log(0.05), Math.log(8), 60, errorOf)
    const decayEnd = start + span * Math.exp(logEnd)
    const g = fallBetween(fall, start, decayEnd)
    const { floor, height, error } = affine(points, g)
    if (best === undefined || error < best.error)
      best = {
        error,
        shape: {
          kind: 'wsd',
          parameters: 4,
          rate: (step) => floor + height * g(step),
          decay,
          decayEnd,
          floor,
        },
      }
  }
  const exponential = exponentialBehind(points, leave)
  return best === undefined || (exponential !== undefined && exponential.error < best.error)
    ? exponential?.shape
    : best.shape
}

/** Constant up to an index, then down by the same share every step; where that ends the log cannot tell. */
function exponentialBehind(points: RatePoints, leave: number): { shape: Shape; error: number } | undefined {
  const falling = { step: points.step.subarray(leave), rate: points.rate.subarray(leave) }
  const line = falling.rate.every((r) => r > 0) ? lineThrough(falling.step, falling.rate.map(Math.log)) : null
  if (line === null || line.slope >= 0) return undefined
  const [peak] = points.rate
  const rate = (step: number): number => Math.min(peak, Math.exp(line.intercept + line.slope * step))
  const error = falling.rate.reduce((sum, r, i) => sum + (r - rate(falling.step[i])) ** 2, 0)
  return { shape: { kind: 'wsd', parameters: 4, decay: 'exp', rate }, error }
}

/** rate = peak · (t / t0)^(−a) with a free or 1/2; steps count from the start of training. */
function fitPower(points: RatePoints, exponent?: number): Shape | undefined {
  const kept = [...points.step.keys()].filter((i) => points.step[i] > 0 && points.rate[i] > 0)
  if (kept.length === 0) return undefined
  const x = kept.map((i) => Math.log(points.step[i]))
  const y = kept.map((i) => Math.log(points.rate[i]))
  const slope = exponent === undefined ? (lineThrough(x, y)?.slope ?? 0) : -exponent
  const intercept = mean(y) - slope * mean(x)
  return {
    kind: exponent === 0.5 ? 'inverse-sqrt' : 'power',
    parameters: exponent === undefined ? 2 : 1,
    rate: (step) => Math.exp(intercept + slope * Math.log(Math.max(1e-9, step))),
  }
}

function fitExponential(points: RatePoints): Shape | undefined {
  const positive = points.rate.every((r) => r > 0)
  if (!positive) return undefined
  const logs = points.rate.map((r) => Math.log(r))
  const { floor, height } = affineFree(points.step, logs)
  return { kind: 'exponential', parameters: 2, rate: (step) => Math.exp(floor + height * step) }
}

function affineFree(x: Float64Array, y: Float64Array): { floor: number; height: number } {
  const line = lineThrough(x, y)
  return line === null ? { floor: mean(y), height: 0 } : { floor: line.intercept, height: line.slope }
}

function fitConstant(points: RatePoints): Shape {
  let mean = 0
  for (const r of points.rate) mean += r / points.rate.length
  return { kind: 'constant', parameters: 1, rate: () => mean }
}

/** A few levels with jumps between them. */
function fitSteps(points: RatePoints): Shape | undefined {
  const { step, rate } = points
  const starts = [0]
  for (let i = 1; i < rate.length; i++) if (Math.abs(rate[i] / rate[i - 1] - 1) > 0.02) starts.push(i)
  if (starts.length < 2 || starts.length > 12 || starts.length > rate.length / 4) return undefined
  const levels = starts.map((from, k) => {
    const to = starts[k + 1] ?? rate.length
    let mean = 0
    for (let i = from; i < to; i++) mean += rate[i] / (to - from)
    return { from: step[from], rate: mean }
  })
  return {
    kind: 'step',
    parameters: 2 * levels.length - 1,
    rate: (at) => {
      let found = levels[0].rate
      for (const level of levels) if (at >= level.from) found = level.rate
      return found
    },
  }
}

/** Every shape that can be fitted to the points. */
export function candidateShapes(points: RatePoints): Shape[] {
  return [
    fitConstant(points),
    fitDecay('cosine', points),
    fitDecay('linear', points),
    fitWsd(points),
    fitPower(points, 0.5),
    fitPower(points),
    fitExponential(points),
    fitSteps(points),
  ].filter((s) => s !== undefined)
}
