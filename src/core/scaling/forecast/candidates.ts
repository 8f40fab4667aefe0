import { counted } from '../../text/counted.js'
import type { Role, ScalingForm } from '../form.js'
import { FORMS } from '../forms/index.js'
import { inputAt, type RunPoint, type Target } from './point.js'
import { type Candidate, type FitData, single, twoStage } from './stages.js'

type RoleOf<As extends Role['as']> = Extract<Role, { as: As }>

/** Forms that declare a role, each with it, in the order of the index. */
function withRole<As extends Role['as']>(
  forms: readonly ScalingForm[],
  as: As,
): { form: ScalingForm; role: RoleOf<As> }[] {
  return forms.flatMap((form) =>
    form.roles.flatMap((role) => (role.as === as ? [{ form, role: role as RoleOf<As> }] : [])),
  )
}

/**
 * Candidates that the forms' declared roles give: laws in one step, then every pair of a first and a second stage on
 * the same loss, then the pairs that a first stage names.
 *
 * @throws {RangeError} where a first stage names a second one that no form of the list is
 */
export function candidatesOf(forms: readonly ScalingForm[]): Candidate[] {
  const firsts = withRole(forms, 'first-stage')
  const seconds = withRole(forms, 'second-stage')
  const pairs = seconds
    .filter((second) => second.role.pairs === 'any')
    .flatMap((second) =>
      firsts
        .filter(({ role }) => role.only === undefined && role.loss === second.role.loss)
        .map(({ form, role: { variant, loss } }) =>
          twoStage(
            ['two-stage', second.role.name, ...(variant === undefined ? [] : [variant.id])].join('-'),
            ['Two stages', second.role.name, ...(variant === undefined ? [] : [variant.title])].join(', '),
            form,
            second.form,
            loss,
            second.role.ideal === true,
          ),
        ),
    )
  const named = firsts.flatMap(({ form, role: { only, loss } }) => {
    if (only === undefined) return []
    const second = seconds.find((s) => s.form.id === only.second && s.role.loss === loss)
    if (second === undefined)
      throw new RangeError(
        `form ${form.id} names the second stage "${only.second}", which is not in the index`,
      )
    return [twoStage(only.id, only.title, form, second.form, loss, second.role.ideal === true)]
  })
  return [
    ...withRole(forms, 'candidate').map(({ form, role }) => single(form, role.average)),
    ...pairs,
    ...named,
  ]
}

/**
 * Every way to forecast an accuracy. Those with `average` carry the forecast (docs/decisions/0020); the others
 * are fitted and back-tested beside them, so that a reader can compare.
 */
export const CANDIDATES: readonly Candidate[] = candidatesOf(FORMS)

/** A form needs this many points more than it has parameters: fewer, and it would follow the noise. */
export const SPARE_POINTS = 2
/** Token-to-parameter ratios that vary by less cannot tell N from D. */
export const RATIO_SPREAD_FOR_PARAMS_TOKENS = 2

/** Why a candidate cannot be used on these points for this target, or null when it can. */
export function refusal(
  candidate: Candidate,
  data: FitData,
  target: Target | RunPoint,
  spread: number,
): string | null {
  const { loss, inputs, parameterCount } = candidate
  const points = loss === null ? data.usable : data.all.filter((point) => point[loss] !== null)
  const need = parameterCount + SPARE_POINTS
  if (points.length < need)
    return `${counted(points.length, 'usable point')}${loss === null ? '' : ' with a loss'}, ${need} needed for ${parameterCount} parameters`
  for (const input of inputs) {
    if (inputAt(target, input) === null) return `the target has no ${input}`
    const missing = points.find((point) => inputAt(point, input) === null)
    if (missing !== undefined) return `${missing.run} has no ${input} (${missing.source})`
  }
  if (inputs.includes('params') && spread < RATIO_SPREAD_FOR_PARAMS_TOKENS)
    return `tokens per parameter vary by ${spread.toFixed(1)}×, too little to tell N from D`
  return null
}
