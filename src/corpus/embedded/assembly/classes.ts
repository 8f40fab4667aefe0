/* AssemblyScript: what a character is to names. Source: UAX #29. */

export const NONE: i32 = 0
export const JOINING: i32 = 1
export const SINGLE: i32 = 2
export const EXTEND: i32 = 3
export const LINKER: i32 = 4
export const PREPEND: i32 = 5
const CLASS_TABLE: i32 = 0x40000

let classes: usize = 0

export function setClasses(classes_: usize): void {
  classes = classes_
}

export function classOf(codePoint: i32): i32 {
  if (codePoint < CLASS_TABLE) return load<u8>(classes + codePoint)
  const isMark =
    (codePoint >= 0xe0100 && codePoint <= 0xe01ef) || (codePoint >= 0xe0020 && codePoint <= 0xe007f)
  return isMark ? EXTEND : NONE
}
