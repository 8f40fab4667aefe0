import type { ItemRow } from './item-row.js'
import type { Offence } from './offences.js'

/** A row of results item by item, with the file that it stands in. */
export type PlacedRow = ItemRow & { readonly path: string }

/** Scores that are no shares; those up to 100 look like percentages. */
export function offendingScores(rows: readonly PlacedRow[]): Offence[] {
  return rows.flatMap(({ path, line, score, item }) =>
    score >= 0 && score <= 1
      ? []
      : [
          {
            place: { path, line },
            message: `item ${item} has the score ${score}${score > 1 && score <= 100 ? ', which looks like a percentage' : ''}`,
          },
        ],
  )
}

/**
 * Items that one model answered twice.
 *
 * @param cellOf what is answered once each: model, size, test set
 * @param named  how that is told
 */
export function repeatedItems<Row extends PlacedRow>(
  rows: readonly Row[],
  cellOf: (row: Row) => string,
  named: (row: Row) => string,
): Offence[] {
  const first = new Map<string, Row>()
  return rows.flatMap((row) => {
    const key = `${cellOf(row)}\u0000${row.item}`
    const before = first.get(key)
    if (before === undefined) {
      first.set(key, row)
      return []
    }
    const where = before.path === row.path ? `line ${before.line}` : `${before.path}:${before.line}`
    return [
      {
        place: { path: row.path, line: row.line },
        message: `item ${row.item} (${named(row)}) stands at ${where}, too`,
      },
    ]
  })
}

/** Documents that a test set holds twice are told apart by their order: the second is `#2`. */
export function keyed<Row extends PlacedRow>(rows: readonly Row[], cellOf: (row: Row) => string): Row[] {
  const seen = new Map<string, number>()
  return rows.map((row) => {
    const key = `${cellOf(row)}\u0000${row.key}`
    const count = (seen.get(key) ?? 0) + 1
    seen.set(key, count)
    return count === 1 ? row : { ...row, key: `${row.key}#${count}` }
  })
}

/** Items of which two models were asked in other words. */
export function otherPrompts<Row extends PlacedRow>(
  rows: readonly Row[],
  others: readonly Row[],
  cellOf: (row: Row) => string,
): Offence[] {
  const asked = new Map(others.map((row) => [`${cellOf(row)}\u0000${row.key}`, row]))
  return rows.flatMap((row) => {
    const same = asked.get(`${cellOf(row)}\u0000${row.key}`)
    if (same?.prompt === undefined || row.prompt === undefined || same.prompt === row.prompt) return []
    return [
      {
        place: { path: row.path, line: row.line },
        message: `item ${row.item} was asked in other words at ${same.path}:${same.line}`,
      },
    ]
  })
}
