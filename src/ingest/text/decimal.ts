/** Numbers in other bases, which `Number` takes as well. */
const OTHER_BASE = /^\s*0[xob]/i

/** A number as tables write it, in decimal digits: what `Number` gives, NaN for `0x1F`, `0o17` and `0b11`. */
export function decimal(text: string): number {
  return OTHER_BASE.test(text) ? Number.NaN : Number(text)
}
