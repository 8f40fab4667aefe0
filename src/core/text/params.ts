const LETTERS = [
  [1e12, 'T'],
  [1e9, 'B'],
  [1e6, 'M'],
  [1e3, 'k'],
] as const

/**
 * A number in thousands, millions, billions or trillions, to so many digits; undefined below a thousand. Rounded first: 999,999 is a
 * million, not a thousand thousands.
 */
export function scaled(x: number, digits: number): readonly [rounded: number, letter: string] | undefined {
  for (const [size, letter] of LETTERS) {
    const rounded = Number((x / size).toPrecision(digits))
    if (Math.abs(rounded) >= 1) return [rounded, letter]
  }
  return undefined
}

/** A number of parameters as models are named: `134M`, `1.20B`. */
export function formatParams(params: number): string {
  const [rounded, letter] = scaled(params, 3) ?? [params / 1e3, 'k']
  return `${rounded.toPrecision(3)}${letter}`
}
