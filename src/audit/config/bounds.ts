import { z } from 'zod'
import type { Gate } from '../../core/index.js'
import { decimal } from '../../ingest/index.js'
import { isPercent } from '../../report/index.js'

/** A bound as it is written: its value, a percentage as a share, and its unit where one stands beside it. */
export interface Bound {
  readonly text: string
  readonly value: number
  readonly unit: string | null
}

/** `0.7`, `70 %`, `1.2 bits/byte`; the value is NaN where it is none. */
function readBound(given: number | string): Bound {
  const text = String(given)
  const [, number = '', unit = ''] = /^\s*([-+]?[\d.]+(?:e[-+]?\d+)?)\s*(.*?)\s*$/i.exec(text) ?? []
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

/** Why a bound cannot be meant, by the unit of its metric; undefined where it can. */
export function boundProblem(
  kind: BoundKind,
  { text, value, unit }: Bound,
  measured: string,
): string | undefined {
  const isRelative = kind === 'max_relative_drop'
  const isShare = isRelative || isPercent(measured)
  if (unit !== null && unit !== (isShare ? '%' : measured) && !(measured === 'ratio' && /^[×x]$/.test(unit)))
    return `found ${text}, expected ${isRelative ? 'a share of the baseline, as in .05 or 5 %' : `${isShare ? '%' : measured}, which it is measured in`}${unit === '%' && kind === 'max_drop' ? '; max_relative_drop is a share of the baseline' : ''}`
  if (!isShare || Math.abs(value) < 1 || (value === 1 && !isRelative)) return undefined
  const meant = unit === null && value < 100 ? `; ${value} % are ${value / 100}` : ''
  return `found ${text}, expected ${isRelative ? 'a share of the baseline below 1' : 'a share of at most 1'}${meant}`
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
