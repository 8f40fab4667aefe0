import { z } from 'zod'
import type { Gate, MetricDeclaration } from '../../core/index.js'
import { decimal } from '../../ingest/index.js'
import { isPercent, unitText } from '../../report/index.js'

/** A bound as it is written: its value, a percentage as a share, and its unit where one stands beside it. */
export interface Bound {
  readonly text: string
  readonly value: number
  readonly unit: string | null
}

const NUMBER_AND_UNIT = /^\s*([-+−]?(?:[1-9]\d{0,2}(?:,\d{3})+(?:\.\d*)?|[\d.]+)(?:e[-+]?\d+)?)\s*(.*?)\s*$/i

/** `0.7`, `70 %`, `1.2 bits/byte`, `12,000 tokens/s`; the value is NaN where it is none. */
function readBound(given: number | string): Bound {
  const text = String(given)
  const [, written = '', unit = ''] = NUMBER_AND_UNIT.exec(text) ?? []
  const number = written.replaceAll(',', '').replace('−', '-')
  const value = number === '' ? Number.NaN : decimal(unit === '%' ? `${number}e-2` : number)
  return { text, value, unit: unit === '' ? null : unit }
}

/** In the metric's own unit, or a number with the unit behind it. */
export const bound = z
  .union([z.number(), z.string()])
  .transform(readBound)
  .refine(({ value }) => Number.isFinite(value), 'expected a number, as in 1.2, 5 % or 1.2 bits/byte')

/** What only grows: a drop. */
export const drop = bound.refine(({ value }) => value >= 0, 'expected 0 or more')

export type BoundKind = 'min' | 'max' | 'max_drop' | 'max_relative_drop'
export const BOUND_KINDS: readonly BoundKind[] = ['min', 'max', 'max_drop', 'max_relative_drop']

export type WrittenGate = Pick<Gate, 'metric' | 'tier' | 'why'> & Readonly<Partial<Record<BoundKind, Bound>>>

/** Why a bound cannot be meant, by what its metric is; undefined where it can. */
export function boundProblem(
  kind: BoundKind,
  { text, value, unit }: Bound,
  { unit: measured, better }: Pick<MetricDeclaration, 'unit' | 'better'>,
): string | undefined {
  const isRelative = kind === 'max_relative_drop'
  const isShare = isRelative || isPercent(measured)
  const units = isRelative ? ['%'] : [unitText(measured, 1), unitText(measured, 2)]
  if (measured === 'ratio' && !isRelative) units.push('ratio', 'x')
  if (unit !== null && !units.includes(unit))
    return `found ${text}, expected ${isRelative ? 'a share of the baseline, as in .05 or 5 %' : `${isShare ? '%' : measured}, which it is measured in`}${unit === '%' && kind === 'max_drop' ? '; max_relative_drop is a share of the baseline' : ''}`
  if (!isShare) return undefined
  const canGrow = isRelative && better === 'lower'
  const isRatio = !isRelative && measured !== 'accuracy'
  // What is better when low can grow to any multiple; without the sign, a number above 1 is rather a percentage.
  const below = canGrow && unit === '%' ? Number.POSITIVE_INFINITY : isRatio ? 2 : 1
  const size = Math.abs(value)
  if (size < below || (size === 1 && (canGrow || !isRelative))) return undefined
  const most = canGrow ? 'of at most 1, or in %' : isRelative || isRatio ? `below ${below}` : 'of at most 1'
  const share = Number((value / 100).toPrecision(12))
  const meant = unit === null && value < 100 ? `; ${value} % are ${share}` : ''
  return `found ${text}, expected a share ${isRelative ? 'of the baseline ' : ''}${most}${meant}`
}

/** The gate that a config writes, its bounds in the metric's unit. */
export function toGate({ metric, tier, why, ...bounds }: WrittenGate): Gate {
  return {
    metric,
    tier,
    ...Object.fromEntries(
      BOUND_KINDS.flatMap((kind) => (bounds[kind] === undefined ? [] : [[kind, bounds[kind].value]])),
    ),
    ...(why === undefined ? {} : { why }),
  }
}
