/** Dots of a braille character by column and row, as bits above U+2800. */
const BITS = [
  [0x01, 0x02, 0x04, 0x40],
  [0x08, 0x10, 0x20, 0x80],
] as const

/** A drawing surface of `columns` × `rows` characters, each two dots wide and four high. */
export interface BraillePlane {
  readonly dotsAcross: number
  readonly dotsDown: number
  /** Set a dot; x from the left, y from the top. Places outside are left out. */
  set(x: number, y: number): void
  /** Set every dot on the straight line between two places. */
  line(x0: number, y0: number, x1: number, y1: number): void
  /** The character at a cell; an empty cell is a space. */
  at(column: number, row: number): string
}

export function createBraillePlane(columns: number, rows: number): BraillePlane {
  const bits = new Uint8Array(columns * rows)
  const set = (x: number, y: number): void => {
    if (!(x >= 0 && y >= 0 && x < columns * 2 && y < rows * 4)) return
    const column = Math.floor(x / 2)
    const row = Math.floor(y / 4)
    const at = row * columns + column
    bits[at] = (bits[at] ?? 0) | BITS[x % 2 === 0 ? 0 : 1][(y % 4) as 0 | 1 | 2 | 3]
  }
  return {
    dotsAcross: columns * 2,
    dotsDown: rows * 4,
    set,
    line(x0, y0, x1, y1) {
      const steps = Math.max(1, Math.abs(x1 - x0), Math.abs(y1 - y0))
      for (let i = 0; i <= steps; i++)
        set(Math.round(x0 + ((x1 - x0) * i) / steps), Math.round(y0 + ((y1 - y0) * i) / steps))
    },
    at(column, row) {
      const value = bits[row * columns + column] ?? 0
      return value === 0 ? ' ' : String.fromCharCode(0x2800 + value)
    },
  }
}
