import type { Result } from '../../base/result'

/** Keeps what an account cost, a text per month ("2026-11"). */
export interface LedgerFiles {
  months(): readonly string[]
  /** Null: there is none, or it cannot be read now, which `problem` tells. */
  read(month: string): { readonly text: string | null; readonly problem: string | null }
  /** Ok: it is on disk, whole. */
  write(month: string, text: string): Result<void, string>
  remove(month: string): void
  /** Keeps a damaged text under another name, which it returns. */
  setAside(month: string): string
}
