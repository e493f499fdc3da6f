import { rmSync } from 'node:fs'
import type { HistoryReader } from '../core/history/history-reader'
import { createHistoryStore, type HistoryStore } from '../core/history/history-store'
import { historyFolder, openHistoryFiles } from './data-folder/records/history-files'
import { createMemoryHistoryFiles } from './in-memory/memory-files'

/** The histories of the accounts of a data folder, each opened once. */
export interface UsageHistories {
  /** `isKept`: it is stored in the data folder; otherwise it lasts as long as the program, or until it is removed. */
  of(accountId: string, isKept: boolean): HistoryStore
  /** The history that is recorded now, or else that in the data folder. */
  reader(accountId: string): HistoryReader
  /** Forgets what is known of the account's pods, on the disk as well. Throws file system errors. */
  remove(accountId: string): Promise<void>
}

export interface UsageHistoriesOptions {
  readonly dataFolder: string
  readonly mayWrite: () => boolean
  readonly nowMs: () => number
  /** Gets a sentence when a history cannot be written, and null when it can be again. */
  readonly onProblem: (accountId: string, problem: string | null) => void
}

export function createUsageHistories(options: UsageHistoriesOptions): UsageHistories {
  const { dataFolder, mayWrite, nowMs } = options
  const opened = new Map<string, { readonly isKept: boolean; readonly store: HistoryStore; close(): void }>()

  function open(accountId: string, isKept: boolean): HistoryStore {
    let isOpen = true
    const files = isKept
      ? openHistoryFiles(historyFolder(dataFolder, accountId), () => isOpen && mayWrite())
      : createMemoryHistoryFiles()
    const store = createHistoryStore({
      files,
      nowMs,
      onProblem: (problem) => options.onProblem(accountId, problem),
    })
    opened.set(accountId, { isKept, store, close: () => (isOpen = false) })
    return store
  }

  return {
    of(accountId, isKept) {
      const known = opened.get(accountId)
      return known?.isKept === isKept ? known.store : open(accountId, isKept)
    },
    reader: (accountId) => opened.get(accountId)?.store ?? open(accountId, true),
    async remove(accountId) {
      const known = opened.get(accountId)
      known?.close()
      opened.delete(accountId)
      await known?.store.settled()
      if (known?.isKept !== false && mayWrite())
        rmSync(historyFolder(dataFolder, accountId), { recursive: true, force: true })
    },
  }
}
