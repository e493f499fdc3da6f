import type { Result } from '../../base/result'

/** Stores the costs of an account, one text per month ("2026-11"). Nothing here throws. */
export interface LedgerFiles {
  /** The months that have a file; none while they cannot be listed. */
  months(): readonly string[]
  /** Why the months cannot be listed now; null: they can. */
  listProblem(): string | null
  /** `text` is null when there is no file or it cannot be read now, which `problem` explains. */
  read(month: string): { readonly text: string | null; readonly problem: string | null }
  /** Ok means that it is completely on disk. */
  write(month: string, text: string): Result<void, string>
  /** Tries to. */
  remove(month: string): void
  /** Copies a file that is correct but counted at a wrong time, and returns the name of the copy. */
  keepCopy(month: string): Result<string, string>
  /** Renames a damaged file and returns its new name. */
  setAside(month: string): string
}
