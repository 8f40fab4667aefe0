/**
 * One cell of a tab-separated table. Text that holds a tab, a line end, or begins with a quote (blanks before it or not)
 * is quoted as in RFC 4180, which is how every table is read here (and by pandas, R and DuckDB); null is an empty cell.
 */
export function tsvCell(value: string | number | boolean | null): string {
  if (value === null) return ''
  const text = String(value)
  return /^ *"|[\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
