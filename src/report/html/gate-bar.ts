import type { GateResult } from '../../core/index.js'
import { colourVariable } from '../palette.js'
import { boundText, formatEstimate } from '../text/numbers.js'
import { html, type Markup, trusted } from './markup.js'

const WIDTH = 240
const HEIGHT = 30
/** The interval's farther end stands this share of the half-width away from the bound. */
const REACH = 0.86

const failsAbove = ({ failsOn }: GateResult): boolean => failsOn !== 'below'

/**
 * One gate's interval drawn against its bound. The bound stands in the middle of every row, the failing side is
 * shaded, and each row has a scale of its own: what is compared is how far an interval is from its bound.
 */
export function gateBar(gate: GateResult): Markup | undefined {
  const { estimate, limit, status, bound, reason } = gate
  // The cell of the number says why there is none.
  if (estimate.kind === 'notEstimable') return undefined
  if (limit === undefined) return html`<span class="missing">${reason}</span>`
  const { low, high } = estimate.interval
  const reach = Math.max(Math.abs(low - limit), Math.abs(high - limit), Math.abs(estimate.value - limit))
  const middle = WIDTH / 2
  const x = (value: number): string =>
    (middle + (reach === 0 ? 0 : ((value - limit) / reach) * middle * REACH)).toFixed(1)
  const y = HEIGHT / 2
  const fill = colourVariable(status)
  const shaded = failsAbove(gate) ? middle : 0
  const width = Math.max(3, Number(x(high)) - Number(x(low))).toFixed(1)
  const drawing = [
    `<rect x="${shaded}" width="${middle}" height="${HEIGHT}" fill="${colourVariable('fail')}" fill-opacity=".12"/>`,
    `<path d="M0,${y}H${WIDTH}" stroke="${colourVariable('line')}"/>`,
    `<path d="M${middle},0V${HEIGHT}" stroke="${colourVariable('ink')}" stroke-width="1.5"/>`,
    `<rect x="${x(low)}" y="${y - 4}" width="${width}" height="8" rx="4" fill="${fill}" fill-opacity=".45"/>`,
    `<circle cx="${x(estimate.value)}" cy="${y}" r="5" fill="${fill}" stroke="${colourVariable('page')}"/>`,
  ].join('')
  const told = `${formatEstimate(estimate)} against ${boundText(bound, estimate)}: ${reason}`
  return html`<svg role="img" aria-label="${told}" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}">${trusted(drawing)}</svg>`
}
