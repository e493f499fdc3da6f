import type { Result } from '../../base/result'
import { isMonth, type Month } from './months'

/**
 * Stores the costs of an account, one text per month ("2026-11") for what is known of the whole, and one per day
 * ("2026-11-05") for its hours, so that a save writes what changed. Nothing here throws.
 */
export interface LedgerFiles {
  /** The months that have a file; none while they cannot be listed. */
  months(): readonly Month[]
  /** The names of a month's files, its days in order and the month last; all possible ones while they cannot be listed. */
  parts(month: Month): readonly string[]
  /** Why the months cannot be listed now; null: they can. */
  listProblem(): string | null
  /** `text` is null when there is no file or it cannot be read now, which `problem` explains. */
  read(name: string): { readonly text: string | null; readonly problem: string | null }
  /** Ok means that it is completely on disk. */
  write(name: string, text: string): Result<void, string>
  /** Tries to. */
  remove(name: string): void
  /** Copies a file that is correct but counted at a wrong time, and returns the name of the copy. */
  keepCopy(name: string): Result<string, string>
  /** Renames a damaged file and returns its new name. */
  setAside(name: string): string
}

/** `day`: from 0. */
export const dayName = (month: Month, day: number): string => `${month}-${String(day + 1).padStart(2, '0')}`

/** The day of a name, from 0; null: it is that of a month. */
export const dayOfName = (name: string): number | null =>
  name.length === 7 ? null : Number(name.slice(8)) - 1

const isPart = (name: string): boolean =>
  isMonth(name.slice(0, 7)) && /^(-(0[1-9]|[12]\d|3[01]))?$/.test(name.slice(7))

/** Of the names of files. */
export const monthsOfParts = (names: readonly string[]): readonly Month[] => [
  ...new Set(names.filter(isPart).map((name) => name.slice(0, 7))),
]

/** Of the names of files; null: they are not known. */
export function partsOfMonth(names: readonly string[] | null, month: Month): readonly string[] {
  const possible = [...Array.from({ length: 31 }, (_, day) => dayName(month, day)), month]
  return names === null ? possible : possible.filter((name) => names.includes(name))
}
