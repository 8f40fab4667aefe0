import { raise } from '../errors.js'
import { PassingFailure } from '../passing.js'

/** Servers put this in place of minus infinity. */
const FLOOR = -9999
/** A probability may exceed 1 by the rounding of its normaliser; nats. */
const ROUNDING = 1e-3

type Fault = Parameters<typeof raise>[0]

/** An answer that is none to what was asked; said in plain words if it stays so. */
export function strange(fault: Fault, message: string): PassingFailure {
  return new PassingFailure('strange', message, undefined, raise(fault, message))
}

/** A field of an answer, by its way down; undefined where the way ends. */
export function dig(value: unknown, ...way: (string | number)[]): unknown {
  return way.reduce<unknown>(
    (at, key) =>
      typeof at === 'object' && at !== null ? (at as Record<string | number, unknown>)[key] : undefined,
    value,
  )
}

/**
 * Log-probabilities as a server sent them, checked: as many as asked for, each a finite number that can be one.
 *
 * @param values of tokens[from…], in nats
 * @throws {PassingFailure} with the fault that fits
 */
export function checkedValues(values: readonly unknown[], wanted: number): Float64Array {
  if (values.length !== wanted)
    throw strange('server-value-count', `${values.length} values came for ${wanted} tokens`)
  const missing = values.findIndex((value) => typeof value !== 'number' || !Number.isFinite(value))
  if (missing >= 0)
    throw strange(
      'server-missing-values',
      `value ${missing + 1} of ${wanted} is ${JSON.stringify(values[missing])}; only the first token of all has none`,
    )
  const numbers = Float64Array.from(values as number[])
  const floored = numbers.indexOf(FLOOR)
  if (floored >= 0) throw strange('server-floor', `value ${floored + 1} of ${wanted} is ${FLOOR}`)
  const impossible = numbers.findIndex((value) => value > ROUNDING)
  if (impossible >= 0)
    throw strange(
      'server-impossible',
      `value ${impossible + 1} of ${wanted} is ${numbers[impossible]}, above ln 1 = 0`,
    )
  return numbers
}

/** In place of an id that an answer does not tell. */
export const UNTOLD = -1

/**
 * Compare the ids that an answer is about with those that were asked for.
 *
 * @throws {PassingFailure} `server-other-prompt`, or what was done to the prompt where that can be seen
 */
export function requireSameTokens(found: readonly number[], asked: Int32Array, what = 'prompt'): void {
  const front = found.length - asked.length
  const same = (from: number, to: number, at: number) =>
    found.slice(from, to).every((token, i) => token === UNTOLD || token === asked[at + i])
  if (front === 0 && same(0, found.length, 0)) return
  if (front < 0 && found.length > 1 && same(0, found.length, -front))
    throw strange(
      'server-truncates',
      `of ${asked.length} tokens only the last ${found.length} were evaluated`,
    )
  if (front > 0 && same(front, found.length, 0))
    throw strange('server-adds-tokens', `${front} more than the ${asked.length} tokens sent were evaluated`)
  const differs = found.findIndex((token, i) => token !== UNTOLD && token !== asked[i])
  throw strange(
    'server-other-prompt',
    `the ${what} has ${asked.length} tokens and the answer is about ${found.length}${differs < 0 ? '' : `; the first that differs is number ${differs + 1}`}`,
  )
}
