/** Powers of ten that a double holds exactly. */
export const EXACT_POWERS = Float64Array.from({ length: 23 }, (_, i) => 10 ** i)
/** Below this every integer is a double. */
export const EXACT_INTEGERS = 2 ** 53
/** Digits that always fit an exact integer; `divideDigits` takes up to four more. */
export const HEAD_DIGITS = 15
export const TAIL_DIGITS = 4

/** Veltkamp's constant: cuts a double's 53 bits into two halves whose products are exact. */
const HALVES = 2 ** 27 + 1

function upperHalf(a: number): number {
  const shifted = HALVES * a
  return shifted - (shifted - a)
}

/** What `a·b` loses when it is rounded to `product` (Dekker 1971). */
function lostIn(product: number, a: number, b: number): number {
  const aHigh = upperHalf(a)
  const aLow = a - aHigh
  const bHigh = upperHalf(b)
  const bLow = b - bHigh
  return aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow)
}

/**
 * The double nearest to `(head · 10^tailDigits + tail) / 10^places`: what `Number` gives for a decimal number of
 * 16 to 19 digits, as Python prints its floats, without making a string of it.
 *
 * The integer m < 2^64 is held as a sum of two doubles; the remainder of its rounded quotient is exact, since it is
 * a multiple of the quotient's last bit times 2^places and below 5^places ≤ 5^22 < 2^52 of them; for the same reason
 * quotient plus remainder over divisor is further from a rounding boundary than its own error, or on it.
 *
 * @param head first 15 significant digits, an integer
 * @param tail the next `tailDigits` ≤ 4 digits, an integer
 * @param places 0 to 22
 */
export function divideDigits(head: number, tail: number, tailDigits: number, places: number): number {
  const scale = EXACT_POWERS[tailDigits]
  const product = head * scale
  const low = lostIn(product, head, scale) + tail
  const m = product + low
  const rest = product - m + low
  const divisor = EXACT_POWERS[places]
  const quotient = m / divisor
  const back = quotient * divisor
  return quotient + (m - back + rest - lostIn(back, quotient, divisor)) / divisor
}
