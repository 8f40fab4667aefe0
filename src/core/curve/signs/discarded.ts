import type { Curve } from '../../series/curve.js'
import { median } from '../../stats/quantile.js'
import type { Restart } from '../prepare/last-writes.js'
import type { PreparedRun } from '../prepare/prepare.js'
import { trailingMedians } from './trailing.js'

/** Discarded stretches of fewer values are taken as they are, longer ones by medians. */
const SHORT = 20
const AROUND = 10
/** A value has left the base at this share of the way to the peak. */
const LEFT = 0.4

/** Levels of what a restart threw away, and of what lies around it; NaN where there is no finite loss. */
interface Measures {
  readonly base: number
  readonly peak: number
  readonly peakIndex: number
  readonly tail: number
  /** Median of the last three values: a divergence that was stopped at once. */
  readonly last: number
}

/** What a restart threw away. */
export interface Discarded extends Measures {
  readonly restart: Restart
  /** Index of the first value that left the base. */
  readonly onset: number
}

/** Up to ten finite losses before the first discarded row, and after the restart. */
function around(prepared: PreparedRun, restart: Restart): { before: number[]; after: number[] } {
  const { run } = prepared
  const values = run.loss.length > 0 ? run.loss : run.validationLoss
  const take = (from: number, by: 1 | -1): number[] => {
    const out: number[] = []
    for (let row = from; row >= 0 && row < values.length && out.length < AROUND; row += by)
      if (Number.isFinite(values[row])) out.push(values[row])
    return out
  }
  return { before: take(restart.rowBefore, -1), after: take(restart.rowAfter, 1) }
}

function measure(discarded: Curve, before: readonly number[], after: readonly number[]): Measures {
  const values = discarded.value.filter((v) => Number.isFinite(v))
  const short = values.length < SHORT
  const smooth = short ? values : trailingMedians(values)
  let peakIndex = 0
  for (let i = 0; i < smooth.length; i++) if (smooth[i] > smooth[peakIndex]) peakIndex = i
  const nearby = short ? [...before.slice(0, 1), ...after.slice(0, 1), ...values] : [...before, ...after]
  return {
    base: nearby.length === 0 ? Number.NaN : short ? Math.min(...nearby) : median(nearby),
    peak: smooth[peakIndex] ?? Number.NaN,
    peakIndex,
    tail: values.length === 0 ? Number.NaN : median(values.slice(short ? -3 : -AROUND)),
    last: values.length === 0 ? Number.NaN : median(values.slice(-3)),
  }
}

/** Every stretch that was thrown away, in the order of the log. */
export function discardedOf(prepared: PreparedRun): Discarded[] {
  return prepared.restarts.map((restart) => {
    const { before, after } = around(prepared, restart)
    const measures = measure(restart.discarded, before, after)
    const left = measures.base + LEFT * (measures.peak - measures.base)
    const onset = restart.discarded.value.findIndex((v) => !Number.isFinite(v) || v > left)
    return { restart, ...measures, onset: Math.max(0, onset) }
  })
}
