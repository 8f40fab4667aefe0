import { leastSquares } from '../../linear/index.js'
import { quantised } from '../counts/mutual-information.js'

/** What a pooled form knows of a model: its size, and how much text it was trained on. */
export interface Setting {
  readonly params: number
  /** Documents of the model's corpus. */
  readonly documents: number
}

/** One group of facts of one model, as the pooled forms see it. */
export interface PooledPoint extends Setting {
  readonly bin: number
  /** Mean accuracy of the group, in [0, 1]. */
  readonly accuracy: number
  readonly weight: number
}

/**
 * Retention as a function of frequency and model size together, fitted over all models at once.
 * z = q, the quantised log2 of the mutual information (or of n_so); n = log10 of the parameters; d = log10 of the
 * documents of the model's corpus, a term only where models were trained on corpora of different sizes.
 */
export interface PooledForm {
  readonly id: 'logistic' | 'interaction'
  readonly title: string
  /** @param like a fit whose floor is held, so that a resample need not search for its own */
  fit(points: readonly PooledPoint[], like?: PooledFit): PooledFit | null
}

export interface PooledFit {
  /** Coefficients in the units of z, n and d; terms that the models cannot tell apart are 0. */
  readonly parameters: {
    readonly constant: number
    readonly frequency: number
    readonly size: number
    readonly sizeTimesFrequency: number
    readonly corpus: number
    /** Accuracy without any knowledge: guessing among candidates, or what the relation gives away. */
    readonly floor: number
  }
  predict(bin: number, setting: Setting): number
}

type Features = readonly [constant: number, frequency: number, size: number, product: number, corpus: number]
type Term = 0 | 1 | 2 | 3 | 4

/** Whether settings differ in both logarithms, and not along one line: else size and corpus are one thing. */
function tellsCorpusFromSize(settings: readonly { n: number; d: number }[]): boolean {
  const mn = settings.reduce((s, v) => s + v.n, 0) / settings.length
  const md = settings.reduce((s, v) => s + v.d, 0) / settings.length
  let nn = 0
  let dd = 0
  let nd = 0
  for (const { n, d } of settings) {
    nn += (n - mn) ** 2
    dd += (d - md) ** 2
    nd += (n - mn) * (d - md)
  }
  // A share of the corpus' variance that size leaves open; below it the coefficient would be noise.
  return nn > 0 && dd > 0 && nn * dd - nd * nd > 0.02 * nn * dd
}

function settingsOf(points: readonly PooledPoint[]): { n: number; d: number }[] {
  const seen = new Map<string, { n: number; d: number }>()
  for (const { params, documents } of points)
    seen.set(`${params}/${documents}`, { n: Math.log10(params), d: Math.log10(documents) })
  return [...seen.values()]
}

/** Which of the five terms can be told apart: one size has no size terms, and only the interaction has a product. */
function activeTerms(points: readonly PooledPoint[], withProduct: boolean): Term[] {
  const severalSizes = points.some((p) => p.params !== points[0].params)
  const severalBins = points.some((p) => p.bin !== points[0].bin)
  const terms: Term[] = [0]
  if (severalBins) terms.push(1)
  if (severalSizes) terms.push(2)
  if (severalBins && severalSizes && withProduct) terms.push(3)
  if (tellsCorpusFromSize(settingsOf(points))) terms.push(4)
  return terms
}

interface Spread {
  readonly centre: number
  readonly width: number
}

/** Centre and half-width of the regressors, so that the normal equations are well conditioned. */
interface Scale {
  readonly z: Spread
  readonly n: Spread
  readonly d: Spread
}

function spread(values: readonly number[]): Spread {
  const low = Math.min(...values)
  const high = Math.max(...values)
  return { centre: (low + high) / 2, width: high > low ? (high - low) / 2 : 1 }
}

function scaleOf(points: readonly PooledPoint[]): Scale {
  const settings = settingsOf(points)
  return {
    z: spread([...new Set(points.map((p) => quantised(p.bin)))]),
    n: spread(settings.map((s) => s.n)),
    d: spread(settings.map((s) => s.d)),
  }
}

function featuresOf(bin: number, { params, documents }: Setting, { z, n, d }: Scale): Features {
  const frequency = (quantised(bin) - z.centre) / z.width
  const size = (Math.log10(params) - n.centre) / n.width
  return [1, frequency, size, frequency * size, (Math.log10(documents) - d.centre) / d.width]
}

function inUnits(beta: Features, { z, n, d }: Scale, floor: number): PooledFit['parameters'] {
  const [constant, frequency, size, scaledProduct, corpus] = beta
  const product = scaledProduct / (z.width * n.width)
  return {
    constant:
      constant -
      (frequency * z.centre) / z.width -
      (size * n.centre) / n.width -
      (corpus * d.centre) / d.width +
      product * z.centre * n.centre,
    frequency: frequency / z.width - product * n.centre,
    size: size / n.width - product * z.centre,
    sizeTimesFrequency: product,
    corpus: corpus / d.width,
    floor,
  }
}

/** The inverse of `inUnits` where there is no product. */
function scaled(
  { constant, frequency, size, corpus }: PooledFit['parameters'],
  { z, n, d }: Scale,
): Features {
  const atCentre = constant + frequency * z.centre + size * n.centre + corpus * d.centre
  return [atCentre, frequency * z.width, size * n.width, 0, corpus * d.width]
}

/** Columns of the active terms, shape (terms)(points), then a row a term but the constant that a ridge holds to 0. */
interface Design {
  readonly terms: readonly Term[]
  readonly columns: readonly Float64Array[]
}

function designOf(rows: readonly Features[], terms: readonly Term[], isRidged: boolean): Design {
  const n = rows.length
  const held = isRidged ? terms.filter((term) => term !== 0) : []
  const columns = terms.map((term) => {
    const column = new Float64Array(n + held.length)
    for (let i = 0; i < n; i++) column[i] = rows[i][term]
    held.forEach((other, k) => {
      if (other === term) column[n + k] = 1
    })
    return column
  })
  return { terms, columns }
}

/**
 * Weighted least squares on the active terms; null when they cannot be told apart.
 *
 * @param target, weight  shape (points and ridge rows): of a ridge row the target is 0, the weight the ridge
 */
function solveTerms({ terms, columns }: Design, target: Float64Array, weight: Float64Array): Features | null {
  const { coefficients, rank } = leastSquares(columns, target, weight)
  if (rank < terms.length) return null
  const beta = [0, 0, 0, 0, 0]
  terms.forEach((term, k) => {
    beta[term] = coefficients[k]
  })
  return [beta[0], beta[1], beta[2], beta[3], beta[4]]
}

function dot(a: Features, b: Features): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2] + a[3] * b[3] + a[4] * b[4]
}

const sigmoid = (t: number): number => 1 / (1 + Math.exp(-t))

/** Keeps a perfectly separated set (all zeros, all ones) finite; far below what shows in a printed digit. */
const RIDGE = 1e-4
const MAX_NEWTON_STEPS = 60

/** Floors that are tried, as shares of the mean accuracy, which no floor exceeds. */
const FLOOR_SHARES = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]

interface LogisticFit {
  readonly beta: Features
  /** −2 × the log-likelihood of fractional responses. */
  readonly deviance: number
}

const NO_EFFECT: Features = [0, 0, 0, 0, 0]

/** Iteratively re-weighted least squares for μ = γ + (1 − γ)·σ(η), γ held; `start` saves steps, it moves no number. */
function fitLogistic(
  points: readonly PooledPoint[],
  rows: readonly Features[],
  terms: readonly Term[],
  floor: number,
  start: Features,
): LogisticFit | null {
  const mean = (eta: number): number => Math.min(1 - 1e-9, Math.max(1e-9, floor + (1 - floor) * sigmoid(eta)))
  const design = designOf(rows, terms, true)
  const target = new Float64Array(design.columns[0].length)
  const weight = new Float64Array(target.length).fill(RIDGE)
  let beta = start
  for (let step = 0; step < MAX_NEWTON_STEPS; step++) {
    for (let i = 0; i < points.length; i++) {
      const eta = dot(rows[i], beta)
      const mu = mean(eta)
      const share = sigmoid(eta)
      const slope = Math.max((1 - floor) * share * (1 - share), 1e-9)
      target[i] = eta + (points[i].accuracy - mu) / slope
      weight[i] = (points[i].weight * slope * slope) / (mu * (1 - mu))
    }
    const next = solveTerms(design, target, weight)
    if (next === null) return null
    // A full step can overshoot when nearly all answers are right or wrong: no coefficient moves by more than 4.
    const moved = Math.max(...next.map((b, i) => Math.abs(b - beta[i])))
    const share = Math.min(1, 4 / moved)
    const from = beta
    const along = (i: Term): number => from[i] + share * (next[i] - from[i])
    beta = [along(0), along(1), along(2), along(3), along(4)]
    if (moved < 1e-7) break
  }
  const deviance = points.reduce((s, { accuracy, weight }, i) => {
    const mu = mean(dot(rows[i], beta))
    return s - 2 * weight * (accuracy * Math.log(mu) + (1 - accuracy) * Math.log(1 - mu))
  }, 0)
  return { beta, deviance }
}

function meanAccuracyOf(points: readonly PooledPoint[]): number {
  const weight = points.reduce((s, p) => s + p.weight, 0)
  return points.reduce((s, p) => s + p.weight * p.accuracy, 0) / weight
}

/**
 * accuracy = γ + (1 − γ)/(1 + exp(−(a + b·z + c·n + e·d))), by maximum likelihood of a fractional response with a tiny
 * ridge; the floor γ is the most likely of ten between 0 and the mean accuracy.
 *
 * Source: ours, docs/methods/smi.md#pooled-forms. Differs from a plain logistic: the floor; ranking
 * among few candidates never falls below chance.
 */
const LOGISTIC: PooledForm = {
  id: 'logistic',
  title: 'logistic in log frequency and log N',
  fit(points, like) {
    if (points.length < 2) return null
    const scale = scaleOf(points)
    const terms = activeTerms(points, false)
    const rows = points.map((p) => featuresOf(p.bin, p, scale))
    const mean = meanAccuracyOf(points)
    const floors = like === undefined ? FLOOR_SHARES.map((share) => share * mean) : [like.parameters.floor]
    let best: (LogisticFit & { floor: number }) | null = null
    let start = like === undefined ? NO_EFFECT : scaled(like.parameters, scale)
    for (const floor of floors) {
      const fit = fitLogistic(points, rows, terms, floor, start)
      start = fit?.beta ?? NO_EFFECT
      if (fit !== null && (best === null || fit.deviance < best.deviance)) best = { ...fit, floor }
    }
    if (best === null) return null
    const { beta, floor } = best
    return {
      parameters: inUnits(beta, scale, floor),
      predict: (bin, setting) => floor + (1 - floor) * sigmoid(dot(featuresOf(bin, setting, scale), beta)),
    }
  },
}

/**
 * accuracy = a + b·z + c·n + g·z·n + e·d by least squares; predictions are cut to [0, 1].
 *
 * Source: ours, docs/methods/smi.md#pooled-forms.
 */
const INTERACTION: PooledForm = {
  id: 'interaction',
  title: 'log frequency × log N, least squares',
  fit(points) {
    if (points.length < 2) return null
    const scale = scaleOf(points)
    const rows = points.map((p) => featuresOf(p.bin, p, scale))
    const beta = solveTerms(
      designOf(rows, activeTerms(points, true), false),
      Float64Array.from(points, (p) => p.accuracy),
      Float64Array.from(points, (p) => p.weight),
    )
    if (beta === null) return null
    return {
      parameters: inUnits(beta, scale, 0),
      predict: (bin, setting) => Math.min(1, Math.max(0, dot(featuresOf(bin, setting, scale), beta))),
    }
  },
}

export const POOLED_FORMS: readonly PooledForm[] = [LOGISTIC, INTERACTION]
