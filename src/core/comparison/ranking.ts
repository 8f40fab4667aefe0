/**
 * Letters for groups that cannot be told apart: two models share a letter where, and only where, no difference between them
 * is told.
 *
 * @param count    models, best first
 * @param areApart whether a difference between two of them is told
 * @returns letters of each, `a` with the best; shape (count)
 *
 * Source: insert and absorb, Piepho, Journal of Computational and Graphical Statistics 13 (2004) 456.
 */
export function groupLetters(count: number, areApart: (i: number, j: number) => boolean): string[] {
  let columns = [Array.from({ length: count }, (_, i) => i)]
  for (let i = 0; i < count; i++)
    for (let j = i + 1; j < count; j++) {
      if (!areApart(i, j)) continue
      const split = columns.flatMap((column) =>
        column.includes(i) && column.includes(j)
          ? [column.filter((k) => k !== j), column.filter((k) => k !== i)]
          : [column],
      )
      columns = split.filter(
        (own, c) =>
          !split.some(
            (other, o) =>
              o !== c &&
              own.every((k) => other.includes(k)) &&
              // Of two equal ones the first stays.
              (own.length < other.length || o < c),
          ),
      )
    }
  columns.sort((x, y) => x[0] - y[0] || x.length - y.length)
  return Array.from({ length: count }, (_, i) =>
    columns.flatMap((column, c) => (column.includes(i) ? [letterOf(c)] : [])).join(''),
  )
}

/** a … z, then a2 … */
const letterOf = (c: number): string =>
  `${String.fromCharCode(97 + (c % 26))}${c < 26 ? '' : Math.floor(c / 26) + 1}`
