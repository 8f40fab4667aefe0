const TAGS = new Set(
  'a b body br center dd div dl dt em embed font footer form h1 h2 h3 h4 h5 h6 head header hr html i iframe img input li link meta nav noscript object ol option p param pre script section select small span strong style sub sup table tbody td th tr u ul'.split(
    ' ',
  ),
)
const LONGEST_TAG = 8
const ENTITIES = new Set(
  'amp apos copy gt hellip laquo ldquo lsquo lt mdash nbsp ndash quot raquo rdquo rsquo'.split(' '),
)
const LONGEST_ENTITY = 7

function isLetter(byte: number): boolean {
  const lower = byte | 0x20
  return lower >= 0x61 && lower <= 0x7a
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39
}

/** Whether a tag of HTML begins at `<`: its name, `</` allowed, then a space, `/` or `>`. */
export function isTag(bytes: Uint8Array, at: number, end: number): boolean {
  let from = at + 1
  if (bytes[from] === 0x2f) from++
  let to = from
  let name = ''
  while (to < end && to - from <= LONGEST_TAG && (isLetter(bytes[to]!) || isDigit(bytes[to]!)))
    name += String.fromCharCode(bytes[to++]!)
  if (to >= end || !TAGS.has(name.toLowerCase())) return false
  const after = bytes[to]!
  return after === 0x20 || after === 0x2f || after === 0x3e || after === 0x0a || after === 0x09
}

/** Whether an entity of HTML begins at `&`: `&nbsp;`, `&#39;`, `&#x27;`. */
export function isEntity(bytes: Uint8Array, at: number, end: number): boolean {
  let to = at + 1
  let name = ''
  while (to < end && to - at <= LONGEST_ENTITY + 1 && bytes[to] !== 0x3b)
    name += String.fromCharCode(bytes[to++]!)
  if (to >= end || bytes[to] !== 0x3b) return false
  return ENTITIES.has(name) || /^#(\d+|[xX][0-9a-fA-F]+)$/.test(name)
}
