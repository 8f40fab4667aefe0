/**
 * What a scaling law is, for the fitter and for its readers: a named equation with bounded parameters,
 * its gradient, and where it comes from. A form is one file in `forms/` and one line in `forms/index.ts`.
 */

/** Quantities that a form can depend on. Those in `LOG_INPUTS` enter a row as natural logarithms. */
export type Input =
  | 'flops'
  | 'params'
  | 'tokens'
  | 'samples'
  | 'loss'
  | 'activeParams'
  | 'weightBits'
  | 'activationBits'
  | 'cacheBits'
  | 'postTrainBits'
  | 'fineTuneTokens'
  | 'contextLength'
  | 'contextLimit'
  | 'updatesToData'

/** Inputs that span decades: rows hold ln(value). Bits, losses and context lengths enter as they are. */
export const LOG_INPUTS: ReadonlySet<Input> = new Set<Input>([
  'flops',
  'params',
  'tokens',
  'samples',
  'activeParams',
  'fineTuneTokens',
  'updatesToData',
])

/**
 * Space in which the residuals of a form are taken.
 * - `lnNegLnAccuracy`: ln(−ln Q′), Q′ the (chance-normalised) accuracy in (0, 1)
 * - `accuracy`: Q itself, a share
 * - `loss`: nats/token; `lnLoss`: its logarithm
 * - `lnTokens`: ln of a number of tokens; `lnSteps`: ln of a number of environment steps; `lnCoverage`: ln of a pass rate; `metric`: any score
 */
export type Response =
  | 'lnNegLnAccuracy'
  | 'accuracy'
  | 'loss'
  | 'lnLoss'
  | 'lnTokens'
  | 'lnSteps'
  | 'lnCoverage'
  | 'metric'

/** Which loss of a run a stage speaks of: of held-out text, or of the benchmark's own right answers. */
export type LossKind = 'loss' | 'taskLoss'

/**
 * How a form takes part in `assay forecast`; every form can be fitted by name (`assay fit`), and one without a role is
 * fitted only so.
 * - `candidate`: accuracy in one step; with `average` it carries the forecast (docs/decisions/0020), else it is shown
 *   and back-tested beside it
 * - `first-stage`: the loss that a second stage turns into accuracy. It meets every `second-stage` of its loss whose
 *   `pairs` is `any` (named `two-stage-<second>[-<variant>]`), or, with `only`, one second stage alone
 * - `second-stage`: accuracy from loss; `ideal` adds the point of no loss and full marks
 * - `sampling`: pass@k of repeated sampling
 */
export type Role =
  | { readonly as: 'candidate'; readonly average: boolean }
  | {
      readonly as: 'first-stage'
      readonly loss: LossKind
      /** Tells this stage's pairs from those of the others, in ids and in titles. */
      readonly variant?: { readonly id: string; readonly title: string }
      readonly only?: { readonly second: string; readonly id: string; readonly title: string }
    }
  | {
      readonly as: 'second-stage'
      readonly loss: LossKind
      readonly name: string
      readonly pairs: 'any' | 'named'
      readonly ideal?: boolean
    }
  | { readonly as: 'sampling' }

/** A parameter of a form and the bounds that it is kept within. */
export interface Parameter {
  readonly name: string
  readonly unit: string
  readonly lower: number
  readonly upper: number
  /** The logarithm of a term that may vanish (`Problem.vanishing`). */
  readonly vanishes?: true
}

/** A design to fit on: one row of inputs a point (see `LOG_INPUTS`), one response a point. */
export interface Design {
  /** Shape (n) of rows, each of shape (inputs). */
  readonly rows: readonly Float64Array[]
  /** Shape (n), in the form's response space. */
  readonly response: Float64Array
}

/** Terms A·N^(−alpha) + B·D^(−beta) of a law, for the closed form of its compute-optimal N and D. */
export interface PowerTerms {
  readonly logA: number
  readonly alpha: number
  readonly logB: number
  readonly beta: number
}

/** A law of scaling: its parameters, its value with gradient, where fitting begins, how it takes part. */
export interface ScalingForm {
  /** Permanent, the file's name. */
  readonly id: string
  readonly title: string
  readonly equation: string
  readonly inputs: readonly Input[]
  readonly response: Response
  readonly parameters: readonly Parameter[]
  readonly roles: readonly Role[]
  /** Residuals enter the parameters linearly: one least-squares solve, no starts. */
  readonly linear: boolean
  /** Where Huber's loss turns linear in the response's unit, as the source does it; Infinity = least squares. */
  readonly delta: number
  /**
   * Value at one row; where `gradient` is given, d value / d theta is written to it, shape (parameters).
   */
  evaluate(theta: ArrayLike<number>, row: ArrayLike<number>, gradient: Float64Array | null): number
  /** Where N and D enter as A·N^(−alpha) + B·D^(−beta) and nowhere else: those terms. */
  readonly powers?: (theta: ArrayLike<number>) => PowerTerms
  /** Points to start the search from. */
  starts(design: Design): readonly (readonly number[])[]
  readonly source: string
  /** A plausible case, for documentation and for the suite that every form passes. */
  readonly example: {
    readonly theta: readonly number[]
    /** Range of every input, in its own unit (not its logarithm). */
    readonly ranges: readonly (readonly [number, number])[]
  }
}

/** Every combination of the values of each axis, as starts. */
export function grid(...axes: readonly (readonly number[])[]): number[][] {
  return axes.reduce<number[][]>((rows, axis) => rows.flatMap((row) => axis.map((v) => [...row, v])), [[]])
}

/** Shares of the terms of the last `logSumExp`, e^term / Σ e^terms: the gradient's factors, at no extra exponential. */
export interface Shares {
  a: number
  b: number
  c: number
}

/**
 * ln(e^a + e^b + e^c) without overflow; the inner loop of every fit, so of fixed arity and free of allocation.
 *
 * @param shares receives each term's share of the sum
 */
export function logSumExp(a: number, b: number, c: number, shares: Shares): number {
  const top = Math.max(a, b, c)
  if (top === -Infinity) {
    shares.a = 0
    shares.b = 0
    shares.c = 0
    return -Infinity
  }
  const ea = a === top ? 1 : Math.exp(a - top)
  const eb = b === top ? 1 : Math.exp(b - top)
  const ec = c === -Infinity ? 0 : c === top ? 1 : Math.exp(c - top)
  const sum = ea + eb + ec
  shares.a = ea / sum
  shares.b = eb / sum
  shares.c = ec / sum
  return top + Math.log(sum)
}

/** Mean of one input over a design: starts are laid out around the data's centre. */
export function meanInput(design: Design, index: number): number {
  let total = 0
  for (const row of design.rows) total += row[index]
  return total / design.rows.length
}

/** Smallest, mean and largest response of a design. */
export function responseRange(design: Design): { low: number; mean: number; high: number } {
  let low = Infinity
  let high = -Infinity
  let total = 0
  for (const v of design.response) {
    low = Math.min(low, v)
    high = Math.max(high, v)
    total += v
  }
  return { low, mean: total / design.response.length, high }
}
