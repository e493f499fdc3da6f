/** A cell of a CSV table: untrusted text, or a number formatted by this program. */
export type CsvCell = string | { readonly number: string }

/** A number with this many decimals; without `decimals`, the exact number. */
export function csvNumber(value: number, decimals?: number): CsvCell {
  return { number: decimals === undefined ? String(value) : value.toFixed(decimals) }
}

/** USD with two decimals; an unknown amount is an empty cell. */
export function csvDollars(cents: number | null): CsvCell {
  return cents === null ? '' : csvNumber(cents / 100, 2)
}

/** The rows as CSV (RFC 4180). Text that a spreadsheet would evaluate as a formula is escaped. */
export function toCsv(rows: readonly (readonly CsvCell[])[]): string {
  return rows.map((row) => `${row.map(cellText).join(',')}\r\n`).join('')
}

function cellText(cell: CsvCell): string {
  if (typeof cell !== 'string') return cell.number
  const text = isFormulaLike(cell) ? `'${cell}` : cell
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/**
 * Whether a spreadsheet may run the text. Spaces and invisible characters before the sign do not count, because some
 * spreadsheets drop them, and neither does the width of the sign. A leading tab or line break counts on its own.
 */
function isFormulaLike(text: string): boolean {
  if (/^[\t\r\n]/.test(text)) return true
  const start = text.replace(/^[\p{White_Space}\p{Cc}\p{Cf}]+/u, '').normalize('NFKC')
  return /^[=+\-@\u2212]/.test(start)
}
