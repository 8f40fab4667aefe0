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
  /** Step at which the decay begins, where it is not the peak. */
  readonly decayStart?: number
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
const FALLS: Readonly<Record<'cosine' | 'linear' | 'sqrt', Fall>> = {
  cosine: (u) => 0.5 * (1 + Math.cos(Math.PI * u)),
  linear: (u) => 1 - u,
  sqrt: (u) => 1 - Math.sqrt(u),
}

/** Least squares of rate on 1 and g: rate = floor + height · g; both kept non-negative. */
function affine(
  points: RatePoints,
  g: (step: number) => number,
): { floor: number; height: number; error: number } {
  let n = 0
  let sg = 0
  let sr = 0
  let sgg = 0
  let sgr = 0
  for (let i = 0; i < points.step.length; i++) {
    const x = g(points.step[i])
    const r = points.rate[i]
    n++
    sg += x
    sr += r
    sgg += x * x
    sgr += x * r
  }
  const determinant = n * sgg - sg * sg
  let height = determinant > 1e-12 * n * sgg ? (n * sgr - sg * sr) / determinant : 0
  let floor = (sr - height * sg) / n
  if (floor < 0) {
    floor = 0
    height = sgg > 0 ? sgr / sgg : 0
  }
  let error = 0
  for (let i = 0; i < points.step.length; i++) {
    const d = points.rate[i] - floor - height * g(points.step[i])
    error += d * d
  }
  return { floor, height, error }
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
  for (const fall of Object.values(FALLS)) {
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
          decayStart: start,
          decayEnd,
          floor,
        },
      }
  }
  return best?.shape
}

/** rate = peak · (t / t0)^(−a) with a free or 1/2; steps count from the start of training. */
function fitPower(points: RatePoints, exponent?: number): Shape {
  const n = points.step.length
  let x = 0
  let y = 0
  let xx = 0
  let xy = 0
  let count = 0
  for (let i = 0; i < n; i++) {
    if (points.step[i] <= 0 || points.rate[i] <= 0) continue
    const a = Math.log(points.step[i])
    const b = Math.log(points.rate[i])
    x += a
    y += b
    xx += a * a
    xy += a * b
    count++
  }
  const free = (count * xy - x * y) / (count * xx - x * x)
  const slope = exponent === undefined ? free : -exponent
  const intercept = (y - slope * x) / count
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
  const n = x.length
  let mx = 0
  let my = 0
  for (let i = 0; i < n; i++) {
    mx += x[i] / n
    my += y[i] / n
  }
  let xx = 0
  let xy = 0
  for (let i = 0; i < n; i++) {
    xx += (x[i] - mx) ** 2
    xy += (x[i] - mx) * (y[i] - my)
  }
  const height = xx > 0 ? xy / xx : 0
  return { floor: my - height * mx, height }
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
