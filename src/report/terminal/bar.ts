/** One interval on a line of text. */
export interface BarOptions {
  /** Cells of the whole line. */
  readonly width: number
  /** Places between 0 and 1; what lies outside is cut at the end. */
  readonly low: number
  readonly value: number
  readonly high: number
  /** Places of vertical lines: a bound, a reference. */
  readonly marks?: readonly number[]
}

/** `┊      ├──●──┤   │    `: an interval with its value, and marks behind it. */
export function intervalBar({ width, low, value, high, marks = [] }: BarOptions): string {
  if (width <= 0) return ''
  const cell = (place: number): number => Math.max(0, Math.min(width - 1, Math.round(place * (width - 1))))
  const cells = Array.from({ length: width }, () => ' ')
  for (const mark of marks) cells[cell(mark)] = '│'
  for (let i = cell(low); i <= cell(high); i++) cells[i] = cells[i] === '│' ? '┼' : '─'
  if (cell(low) < cell(value)) cells[cell(low)] = '├'
  if (cell(high) > cell(value)) cells[cell(high)] = '┤'
  cells[cell(value)] = '●'
  return cells.join('')
}
