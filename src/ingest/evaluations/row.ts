import type { EvaluationRow } from '../../core/index.js'

/** A measurement with everything unknown but what is given. */
export function evaluationRow(
  known: Pick<EvaluationRow, 'model' | 'benchmark' | 'metric' | 'value' | 'source'> & Partial<EvaluationRow>,
): EvaluationRow {
  return {
    family: null,
    params: null,
    tokens: null,
    flops: null,
    checkpoint: null,
    n_items: null,
    chance: null,
    k: null,
    loss: null,
    task_loss: null,
    subset: null,
    ...known,
  }
}

/** Powers of ten. */
const SUFFIX: Readonly<Record<string, number>> = { k: 3, m: 6, b: 9, g: 9, t: 12 }
const QUANTITY =
  /^([+-]?(?:\d+\.?\d*|\.\d+))(?:e([+-]?\d+))?\s*([kmbgt])?(?:\s*(?:params|parameters|tokens|flops|%))?$/i

/** `1.4B`, `300B`, `6.9e9`, `45.1 %` → a number; null for anything else (also for NaN, N/A, an empty cell). */
export function parseQuantity(text: string): number | null {
  const match = QUANTITY.exec(text.trim().replaceAll('_', ''))
  if (match === null) return null
  const [, digits, exponent = '0', suffix = ''] = match
  // As one decimal number: 4.1 times a million is less than 4,100,000.
  const value = Number(`${digits}e${Number(exponent) + (SUFFIX[suffix.toLowerCase()] ?? 0)}`)
  return Number.isFinite(value) ? value : null
}

/** How much of something, as tables and people write it: `7e9`, `7B`, `300_000`; NaN for anything else, and for percent. */
export const quantity = (text: string): number =>
  text.includes('%') ? Number.NaN : (parseQuantity(text) ?? Number.NaN)

/** A cell of a table or a member of a JSON object as a finite number, or null. */
export function asNumber(cell: unknown): number | null {
  if (typeof cell === 'number') return Number.isFinite(cell) ? cell : null
  return typeof cell === 'string' ? parseQuantity(cell) : null
}

export function asText(cell: unknown): string | null {
  if (typeof cell === 'string') return cell.trim() === '' ? null : cell.trim()
  return typeof cell === 'number' ? String(cell) : null
}

export type JsonObject = { readonly [name: string]: unknown }

export function asObject(value: unknown): JsonObject | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : null
}
