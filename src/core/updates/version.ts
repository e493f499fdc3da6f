/** Of a release: three numbers. */
export const VERSION = /^(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})$/

/** Whether the first version comes after the second. Versions of other forms come after none, and none after them. */
export function isNewerVersion(version: string, than: string): boolean {
  const [numbers, others] = [version, than].map(numbersOf)
  if (!numbers || !others) return false
  const at = numbers.findIndex((number, index) => number !== others[index])
  return at !== -1 && (numbers[at] ?? 0) > (others[at] ?? 0)
}

function numbersOf(version: string): readonly number[] | null {
  return VERSION.exec(version)?.slice(1).map(Number) ?? null
}
