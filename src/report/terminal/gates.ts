import type { GateResult } from '../../core/index.js'
import { boundText, formatEstimate } from '../text/numbers.js'
import { oneLine } from '../text/safe.js'
import { pad, wrap } from '../text/width.js'
import { STATUS_WORDS } from '../verdict.js'
import { intervalBar } from './bar.js'
import type { Paint } from './style.js'

const BAR = 31
/** The interval's farther end stands this share of the bar away from the bound in its middle. */
const REACH = 0.42

function gateBarText({ estimate, limit }: GateResult): string {
  if (estimate.kind === 'notEstimable' || limit === undefined) return ''
  const { low, high } = estimate.interval
  const reach = Math.max(Math.abs(low - limit), Math.abs(high - limit)) || 1
  const place = (value: number): number => 0.5 + ((value - limit) / reach) * REACH
  return intervalBar({
    width: BAR,
    low: place(low),
    value: place(estimate.value),
    high: place(high),
    marks: [0.5],
  })
}

/** A gate: its title with the interval drawn against the bound, then the numbers, nothing cut; `width` cells wide. */
export function gateLines(gates: readonly GateResult[], width: number, paint: Paint): string[] {
  return gates.flatMap((gate) => {
    const { sign, word } = STATUS_WORDS[gate.status]
    const room = width - BAR - 4
    const [title, ...more] = wrap(oneLine(gate.title), room)
    const numbers = `${gate.tier}, ${word} · ${oneLine(formatEstimate(gate.estimate))} · ${boundText(gate.bound, gate.estimate)}`
    return [
      `${paint(sign, gate.status)} ${paint(pad(title, room), 'bold')}  ${paint(gateBarText(gate), gate.status)}`.trimEnd(),
      ...more.map((line) => `  ${paint(line, 'bold')}`),
      ...wrap(numbers, width - 4).map((line) => `    ${paint(line, 'dim')}`),
    ]
  })
}
