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
  if (value instanceof Date) return [value.toISOString()]
  return [typeof value === 'object' ? JSON.stringify(value) : String(value)]
}
