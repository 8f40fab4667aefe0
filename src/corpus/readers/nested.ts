/** The name itself, and the way to it through the fields that hold it: `meta.content` may be either. */
export function waysTo(column: string): readonly (readonly string[])[] {
  return column.includes('.') ? [[column], column.split('.')] : [[column]]
}

/** What stands at the end of a way, all elements of lists on it; nothing where a field is missing. */
export function follow(value: unknown, way: readonly string[], from = 0): unknown[] {
  if (Array.isArray(value)) return value.flatMap((element) => follow(element, way, from))
  if (from === way.length) return [value]
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, way[from]!)) return []
  return follow((value as Readonly<Record<string, unknown>>)[way[from]!], way, from + 1)
}

/** The value of a field as a label: several of a list are joined by commas; '' where there is none. */
export function labelAt(value: unknown, ways: readonly (readonly string[])[]): string {
  for (const way of ways) {
    const found = follow(value, way).flatMap(wordsOf)
    if (found.length > 0) return found.join(', ')
  }
  return ''
}

function wordsOf(value: unknown): string[] {
  if (value === null || value === undefined) return []
  if (value instanceof Uint8Array) return [Buffer.from(value).toString('utf8')]
  // Days are days, as tables of text have them.
  if (value instanceof Date) return [value.toISOString().replace('T00:00:00.000Z', '')]
  return [typeof value === 'object' ? JSON.stringify(value, plainly) : String(value)]
}

/** What JSON has no form for, as text. */
function plainly(_: string, value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8')
  return typeof value === 'bigint' ? String(value) : value
}
