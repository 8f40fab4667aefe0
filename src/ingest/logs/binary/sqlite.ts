/** The first bytes of every SQLite database. */
export const SQLITE = new TextEncoder().encode('SQLite format 3\0')

type Value = number | string | null
/** A row's values by the names of their columns. */
export type SqliteRow = ReadonlyMap<string, Value>

const decoder = new TextDecoder('utf-8')
const [INTERIOR, LEAF] = [5, 13]
/** Bytes of an integer, by its serial type. */
const INTEGER_BYTES = [0, 1, 2, 3, 4, 6, 8]
const [FLOAT, ZERO, ONE] = [7, 8, 9]
const LEAST_PAGE = 512

/** Names of the columns that a CREATE TABLE statement declares. */
function columnsOf(sql: string): string[] {
  const inner = sql.slice(sql.indexOf('(') + 1, sql.lastIndexOf(')'))
  return inner
    .replaceAll(/\([^)]*\)/g, '')
    .split(',')
    .map((part) => /^["`[]?([^"`\]\s]+)/.exec(part.trim())?.[1] ?? '')
    .filter((name) => !/^(?:primary|unique|check|foreign|constraint|)$/i.test(name))
}

/** A database as its pages; reads past its end are no bytes. */
class Database {
  private readonly view: DataView
  private readonly pageSize: number
  private readonly usable: number
  /** A damaged file may send the reader round in circles: no page is entered twice. */
  private readonly entered = new Set<number>()

  constructor(private readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const size = this.view.getUint16(16)
    this.pageSize = size === 1 ? 65_536 : Math.max(LEAST_PAGE, size)
    this.usable = this.pageSize - bytes[20]
  }

  private next = 0

  /** A big-endian integer of seven bits a byte; sets `next`. */
  private varint(at: number): number {
    let value = 0
    for (let i = 0; i < 9; i++) {
      const byte = this.bytes[at + i]
      this.next = at + i + 1
      if (i === 8) return value * 256 + byte
      value = value * 128 + (byte & 127)
      if (byte < 128) return value
    }
    return value
  }

  /** Payloads of a table's rows, in the order of their keys. */
  *payloads(page: number): Generator<Uint8Array> {
    const start = (page - 1) * this.pageSize
    if (this.entered.has(page) || start < 0 || start + this.pageSize > this.bytes.length) return
    this.entered.add(page)
    const at = page === 1 ? 100 : start
    const kind = this.bytes[at]
    if (kind !== LEAF && kind !== INTERIOR) return
    const cells = this.view.getUint16(at + 3)
    for (let i = 0; i < cells; i++) {
      const pointer = at + (kind === LEAF ? 8 : 12) + 2 * i
      const cell = start + (pointer + 2 <= this.bytes.length ? this.view.getUint16(pointer) : 0)
      if (cell + 4 > this.bytes.length) return
      if (kind === INTERIOR) yield* this.payloads(this.view.getUint32(cell))
      else {
        const payload = this.payload(cell)
        if (payload !== undefined) yield payload
      }
    }
    if (kind === INTERIOR) yield* this.payloads(this.view.getUint32(at + 8))
  }

  /** A leaf cell's payload with what stands on overflow pages; undefined where some of it is missing. */
  private payload(cell: number): Uint8Array | undefined {
    const { bytes, usable } = this
    const length = this.varint(cell)
    this.varint(this.next)
    const from = this.next
    const most = usable - 35
    const least = Math.floor(((usable - 12) * 32) / 255) - 23
    const some = least + ((length - least) % (usable - 4))
    const here = length <= most ? length : some <= most ? some : least
    if (!(length <= bytes.length) || from + here > bytes.length) return undefined
    if (here === length) return bytes.subarray(from, from + length)
    const out = new Uint8Array(length)
    out.set(bytes.subarray(from, from + here))
    let filled = here
    let page = this.view.getUint32(from + here)
    while (filled < length) {
      // A page past the end, or the one that ends a chain too soon.
      const at = (page - 1) * this.pageSize
      if (page === 0 || at + this.pageSize > bytes.length) return undefined
      const part = bytes.subarray(at + 4, at + 4 + Math.min(usable - 4, length - filled))
      out.set(part, filled)
      filled += part.length
      page = this.view.getUint32(at)
    }
    return out
  }
}

function integer(view: DataView, at: number, length: number): number {
  let value = length > 0 ? view.getInt8(at) : 0
  for (let i = 1; i < length; i++) value = value * 256 + view.getUint8(at + i)
  return value
}

/** The values of a record; undefined where its header does not fit it. */
function valuesOf(payload: Uint8Array): Value[] | undefined {
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength)
  let at = 0
  const varint = (): number => {
    let value = 0
    for (;;) {
      const byte = payload[at++]
      value = value * 128 + (byte & 127)
      if (!(byte >= 128)) return value
    }
  }
  const header = varint()
  const types: number[] = []
  while (at < header) types.push(varint())
  const values: Value[] = []
  for (const type of types) {
    const length =
      type >= 12 ? (type - (type % 2 === 0 ? 12 : 13)) / 2 : type === FLOAT ? 8 : (INTEGER_BYTES[type] ?? 0)
    if (at + length > payload.length) return undefined
    if (type === 0 || (type >= 12 && type % 2 === 0)) values.push(null)
    else if (type >= 12) values.push(decoder.decode(payload.subarray(at, at + length)))
    else if (type === FLOAT) values.push(view.getFloat64(at))
    else values.push(type === ZERO ? 0 : type === ONE ? 1 : integer(view, at, length))
    at += length
  }
  return values
}

/**
 * Rows of a table of a SQLite database, in the order of their keys; of a cut or damaged one those that are whole. What
 * a write-ahead log beside it holds is not seen.
 *
 * @returns undefined where there is no such table
 * Source: SQLite, "Database File Format" (sqlite.org/fileformat2.html), §1.3, 1.6, 2.1.
 */
export function sqliteRows(bytes: Uint8Array, table: string): Iterable<SqliteRow> | undefined {
  if (bytes.length < 100) return undefined
  const database = new Database(bytes)
  for (const payload of database.payloads(1)) {
    // sqlite_schema: type, name, tbl_name, rootpage, sql.
    const [type, name, , root, sql] = valuesOf(payload) ?? []
    if (type !== 'table' || name !== table || typeof root !== 'number' || typeof sql !== 'string') continue
    const columns = columnsOf(sql)
    return (function* () {
      for (const row of database.payloads(root)) {
        const values = valuesOf(row)
        if (values !== undefined) yield new Map(columns.map((column, i) => [column, values[i] ?? null]))
      }
    })()
  }
  return undefined
}
