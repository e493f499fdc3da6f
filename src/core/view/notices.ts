import { createListeners } from '../base/listeners'
import type { Notice } from './snapshot'

/** What windows show until somebody dismisses it; the one store of a program. */
export interface Notices {
  all(): readonly Notice[]
  /** Replaces an earlier one with the same id. One of the account that is watched goes with that account. */
  add(notice: Notice, scope: 'app' | 'account'): void
  dismiss(noticeId: string): void
  /** The account is not watched any more. */
  dismissAccount(): void
  /** Returns what unsubscribes. */
  readonly onChange: (listener: () => void) => () => void
}

export function createNotices(initialTexts: readonly string[] = [], atMs = 0): Notices {
  const listeners = createListeners()
  let entries: readonly { readonly notice: Notice; readonly scope: 'app' | 'account' }[] = initialTexts.map(
    (text, index) => ({ notice: { id: `opening-${index}`, atMs, podId: null, text }, scope: 'app' }),
  )

  function set(next: typeof entries): void {
    const hasChanged = next.length !== entries.length || next.some((entry, index) => entry !== entries[index])
    entries = next
    if (hasChanged) listeners.notify()
  }

  return {
    all: () => entries.map(({ notice }) => notice),
    add: (notice, scope) =>
      set([...entries.filter((entry) => entry.notice.id !== notice.id), { notice, scope }]),
    dismiss: (noticeId) => set(entries.filter(({ notice }) => notice.id !== noticeId)),
    dismissAccount: () => set(entries.filter(({ scope }) => scope === 'app')),
    onChange: listeners.add,
  }
}
