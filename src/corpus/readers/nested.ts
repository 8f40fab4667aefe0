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
