import { type FormFit, fitForm, warningsOf } from '../fit-form.js'
import { type Design, type Input, LOG_INPUTS, type LossKind, type ScalingForm } from '../form.js'
import type { FitWarning } from '../identifiability.js'
import { type AccuracyScale, clampU } from './accuracy-scale.js'
import { inputAt, type RunPoint, type Target } from './point.js'

/** A fitted way to get from runs to an accuracy: one form, or two in a row. */
export interface Fitted {
  readonly stages: readonly FormFit[]
  readonly converged: boolean
  /** u = ln(−ln Q′) at a target, within the scale's limits; null where the target lacks an input. */
  predict(place: RunPoint | Target): number | null
}

/** What a form is fitted on. Loss tells something even where accuracy is at chance, so two stages see `all`. */
export interface FitData {
  readonly usable: readonly RunPoint[]
  readonly all: readonly RunPoint[]
}

export interface RefitOptions {
  readonly weights?: Float64Array
  readonly warm?: Fitted
  readonly maxIterations?: number
  /** How the stages of a pair are fitted; `fitForm` when left out. */
  readonly fitStage?: FitStage
}

export type FitStage = (form: ScalingForm, design: Design) => FormFit

/** Each stage fitted once to each design: a stage stands in several pairs, whatever it is paired with. */
export function fitStagesOnce(): FitStage {
  const made = new Map<string, FormFit>()
  return (form, design) => {
    const key = [form.id, design.response.join(), ...design.rows.map((row) => row.join())].join(';')
    const fit = made.get(key) ?? fitForm(form, design)
    made.set(key, fit)
    return fit
  }
}

/** Something that can forecast one benchmark. `average`: takes part in the averaged forecast. */
export interface Candidate {
  readonly id: string
  readonly title: string
  readonly equation: string
  readonly source: string
  readonly parameterCount: number
  readonly average: boolean
  /** Inputs that every point and the target must have. */
  readonly inputs: readonly Input[]
  /** Which loss the points must have, for two stages. */
  readonly loss: LossKind | null
  fit(data: FitData, scale: AccuracyScale, options?: RefitOptions): Fitted
  warnings(data: FitData, scale: AccuracyScale, fitted: Fitted): FitWarning[]
}

function rowOf(inputs: readonly Input[], place: RunPoint | Target): Float64Array | null {
  const row = new Float64Array(inputs.length)
  for (let i = 0; i < inputs.length; i++) {
    const value = inputAt(place, inputs[i])
    if (value === null) return null
    row[i] = LOG_INPUTS.has(inputs[i]) ? Math.log(value) : value
  }
  return row
}

function designOf(
  form: ScalingForm,
  points: readonly RunPoint[],
  response: (point: RunPoint) => number,
): Design {
  const rows = points.map((point) => {
    const row = rowOf(form.inputs, point)
    if (row === null)
      throw new RangeError(`form ${form.id}: a point of ${point.run} lacks one of ${form.inputs.join(', ')}`)
    return row
  })
  return { rows, response: Float64Array.from(points, response) }
}

/** A law from inputs to accuracy in one step. */
export function single(form: ScalingForm, average: boolean): Candidate {
  const onAccuracy = form.response === 'accuracy'
  const design = (points: readonly RunPoint[], scale: AccuracyScale): Design =>
    designOf(form, points, (point) => (onAccuracy ? point.accuracy : scale.toU(point.accuracy)))
  return {
    id: form.id,
    title: form.title,
    equation: form.equation,
    source: form.source,
    parameterCount: form.parameters.length,
    average,
    inputs: form.inputs,
    loss: null,
    fit(data, scale, options = {}) {
      const fit = fitForm(form, design(data.usable, scale), {
        weights: options.weights,
        warmStart: options.warm?.stages[0].theta,
        maxIterations: options.maxIterations,
      })
      return {
        stages: [fit],
        converged: fit.converged,
        predict(place) {
          const row = rowOf(form.inputs, place)
          if (row === null) return null
          const value = form.evaluate(fit.theta, row, null)
          return onAccuracy ? scale.toU(value) : clampU(value)
        },
      }
    },
    warnings: (data, scale, fitted) => warningsOf(fitted.stages[0], design(data.usable, scale)),
  }
}

/**
 * Loss from inputs, then accuracy from loss; each stage is fitted by itself, as the sources do. The loss stage sees
 * every run that recorded a loss; a link without a floor (linear) sees accuracies above the near-chance filter
 * alone. `ideal` adds the ladder's point of no loss and full marks.
 */
export function twoStage(
  id: string,
  title: string,
  first: ScalingForm,
  second: ScalingForm,
  loss: LossKind,
  ideal: boolean,
): Candidate {
  const lossOf = (point: RunPoint): number => point[loss] ?? Number.NaN
  const withLoss = (points: readonly RunPoint[]): RunPoint[] => points.filter((point) => point[loss] !== null)
  const firstDesign = (data: FitData): Design =>
    designOf(first, withLoss(data.all), (point) =>
      first.response === 'lnLoss' ? Math.log(lossOf(point)) : lossOf(point),
    )
  const secondDesign = (data: FitData): Design => {
    const points = withLoss(second.linear ? data.usable : data.all)
    const rows = points.map((point) => Float64Array.of(lossOf(point)))
    const response = points.map((point) => point.accuracy)
    if (ideal) {
      rows.push(Float64Array.of(0))
      response.push(1)
    }
    return { rows, response: Float64Array.from(response) }
  }
  return {
    id,
    title,
    equation: `${first.equation}; ${second.equation}`,
    source: `${first.source}; ${second.source}`,
    parameterCount: Math.max(first.parameters.length, second.parameters.length),
    average: false,
    inputs: first.inputs,
    loss,
    fit(data, scale, { fitStage = fitForm } = {}) {
      const a = fitStage(first, firstDesign(data))
      const b = fitStage(second, secondDesign(data))
      return {
        stages: [a, b],
        converged: a.converged && b.converged,
        predict(place) {
          const row = rowOf(first.inputs, place)
          if (row === null) return null
          const value = first.evaluate(a.theta, row, null)
          const predicted = first.response === 'lnLoss' ? Math.exp(value) : value
          return scale.toU(second.evaluate(b.theta, Float64Array.of(predicted), null))
        },
      }
    },
    warnings: (data, _scale, fitted) => [
      ...warningsOf(fitted.stages[0], firstDesign(data)),
      ...warningsOf(fitted.stages[1], secondDesign(data)),
    ],
  }
}
