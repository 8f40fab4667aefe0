/* AssemblyScript: what is left of HTML, for scan.ts. */

/** As in scan-memory.ts. */
const TAGS: usize = 0x1000
const ENTITIES: usize = 0x1800

/** Whether a table of 2ᵏ = `mask` + 1 names, of eight bytes each, has this one. */
function holds(table: usize, mask: i32, name: u64): bool {
  const h = <i32>(name ^ (name >>> 32)) * 0x9e3779b1
  let slot = (h >>> 20) & mask
  for (
    let found = load<u64>(table + ((<usize>slot) << 3));
    found !== 0;
    found = load<u64>(table + ((<usize>slot) << 3))
  ) {
    if (found === name) return true
    slot = (slot + 1) & mask
  }
  return false
}

/** Whether a tag of HTML begins at `<`: its name, `</` allowed, then a space, `/` or `>`. */
export function isTag(at: usize, end: usize): bool {
  let to = at + 1
  if (to < end && load<u8>(to) === 0x2f) to++
  let name: u64 = 0
  for (let i = 0; to < end; i++, to++) {
    const byte: u32 = load<u8>(to)
    const lower = byte | 0x20
    const isLetter = lower - 0x61 < 26
    if (!isLetter && byte - 0x30 >= 10) break
    if (i === 8) return false
    name |= (<u64>(isLetter ? lower : byte)) << ((<u64>i) << 3)
  }
  if (to >= end || name === 0 || !holds(TAGS, 255, name)) return false
  const after = load<u8>(to)
  return after === 0x20 || after === 0x2f || after === 0x3e || after === 0x0a || after === 0x09
}

/** Whether an entity of HTML begins at `&`: `&nbsp;`, `&#39;`, `&#x27;`. */
export function isEntity(at: usize, end: usize): bool {
  let name: u64 = 0
  let to = at + 1
  let isNumber = true
  let isHex = true
  for (let i = 0; ; i++, to++) {
    if (to >= end) return false
    const byte: u32 = load<u8>(to)
    if (byte === 0x3b) break
    if (i === 8) return false
    name |= (<u64>byte) << ((<u64>i) << 3)
    const isDigit = byte - 0x30 < 10
    if (i === 0) {
      isNumber = byte === 0x23
      isHex = isNumber
    } else {
      if (!isDigit) isNumber = false
      if (i === 1) isHex = isHex && (byte | 0x20) === 0x78
      else isHex = isHex && (isDigit || (byte | 0x20) - 0x61 < 6)
    }
  }
  const length = <i32>(to - at) - 1
  if ((isNumber && length > 1) || (isHex && length > 2)) return true
  return length > 0 && holds(ENTITIES, 63, name)
}
