import { type Censored, counted, type Estimate, type GainAnalysis } from '../../core/index.js'

export const PROBE = 'pretraining-gain'

/** `13.0` of .13: points are hundredths of accuracy. */
export const points = (share: number): string => (100 * share).toFixed(1).replace('-', '−')

/** `13.0 points [11.1, 15.0]`, or null where there is no number. */
export function pointsText(e: Estimate): string | null {
  if (e.kind === 'notEstimable') return null
  return `${points(e.value)} points [${points(e.interval.low)}, ${points(e.interval.high)}]`
}

/** `at least 3.0`, `at most .5`, or null where nothing bounds it; that something is at least less than nothing says nothing. */
export function boundText({ atLeast, atMost }: Censored, digits = 3): string | null {
  if (atLeast !== null && atLeast <= 0) return null
  if (atLeast !== null) return `at least ${atLeast.toPrecision(digits)}`
  return atMost === null ? null : `at most ${atMost.toPrecision(digits)}`
}

/** Which sizes a figure is about. */
export function sizesText({ settings, bySize }: GainAnalysis): string {
  const of = settings.task === undefined ? '' : ` of ${settings.task}`
  const sizes = bySize.filter(({ split }) => split === 'id')
  if (settings.at === 'all' && sizes.length !== 1) return `over ${sizes.length} training-set sizes${of}`
  return `at ${counted(settings.at === 'all' ? sizes[0].n : settings.at, 'training example')}${of}`
}

/** What this design could have shown, so that nothing found is not read as nothing there. */
export function detectableText({ smallestDetectable }: GainAnalysis): string {
  return smallestDetectable === null
    ? 'this design cannot tell what it could have shown'
    : `the smallest gain that this design shows in four of five cases is ${points(smallestDetectable)} points`
}

/** Whether an interval lies above or below a value, or holds it. */
export function sideOf(e: Estimate, value = 0): 'above' | 'below' | 'open' {
  if (e.kind === 'notEstimable') return 'open'
  if (e.interval.low > value) return 'above'
  return e.interval.high < value ? 'below' : 'open'
}
