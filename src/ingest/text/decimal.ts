/** Numbers in other bases, which `Number` takes as well. */
const OTHER_BASE = /^\s*0[xob]/i

/** A number as tables write it, in decimal digits: what `Number` gives, NaN for `0x1F`, `0o17` and `0b11`. */
export function decimal(text: string): number {
  return OTHER_BASE.test(text) ? Number.NaN : Number(text)
}

/** A share as `.7` or `70%`; NaN for anything else, and for more than 100 %. */
export function share(text: string): number {
  const [, percent] = /^\s*([^\s]+)\s*%\s*$/.exec(text) ?? []
  if (percent === undefined) return text.trim() === '' ? Number.NaN : decimal(text)
  const value = decimal(`${percent}e-2`)
  return Math.abs(value) <= 1 ? value : Number.NaN
}
