import type { Column, Columns } from '../parquet.js'

/** One kind of evidence on disk: a JSON head and, for what grows with the data, a Parquet table. */
export interface Encoded {
  readonly head: unknown
  readonly table?: Columns
}

export interface Codec<Value> {
  /** Oldest schema whose files `decode` takes; left out: only the current one. */
  readonly since?: number
  /** Columns of the table, empty when there is none. */
  readonly columns: readonly string[]
  /** Columns that evidence of an earlier schema lacks; they come back as `undefined`. */
  readonly laterColumns?: readonly string[]
  encode(value: Value): Encoded
  decode(head: unknown, table: Record<string, unknown[]>): Value
}

export const plainJson = <Value>(since?: number): Codec<Value> => ({
  ...(since === undefined ? {} : { since }),
  columns: [],
  encode: (value) => ({ head: value }),
  decode: (head) => head as Value,
})

type FieldType = 'VARCHAR' | 'DOUBLE'

/** Evidence whose bulk is one list of flat rows under `key`; all else goes into the head. */
export function flatRows<Value, Key extends keyof Value & string>(
  key: Key,
  fields: Value[Key] extends readonly (infer Row)[]
    ? { readonly [F in keyof Row & string as undefined extends Row[F] ? never : F]: FieldType }
    : never,
): Codec<Value> {
  const names = Object.keys(fields)
  return {
    columns: names,
    encode(value) {
      const { [key]: rows, ...head } = value
      const list = rows as readonly Record<string, string | number | null>[]
      const column = (name: string): Column =>
        (fields as Record<string, FieldType>)[name] === 'VARCHAR'
          ? { type: 'VARCHAR', values: list.map((row) => row[name] as string | null) }
          : { type: 'DOUBLE', values: list.map((row) => row[name] as number | null) }
      return { head, table: Object.fromEntries(names.map((name) => [name, column(name)])) }
    },
    decode(head, table) {
      const rows = (table[names[0]] ?? []).map((_, i) =>
        Object.fromEntries(names.map((name) => [name, table[name]?.[i] ?? null])),
      )
      return { ...(head as object), [key]: rows } as Value
    },
  }
}
