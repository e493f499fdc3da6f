import { createListeners } from '../base/listeners'
import type { AccountId } from '../pods/pod'
import type { Notice } from './snapshot'

/** Notices that windows show until they are dismissed. A program has one store of them. */
export interface Notices {
  all(): readonly Notice[]
  /** Replaces an earlier notice with the same id. */
  add(notice: Notice): void
  dismiss(noticeId: string): void
  /** Removes the notices of an account that is no longer watched. */
  dismissAccount(accountId: AccountId): void
  /** Returns a function that unsubscribes. */
  readonly onChange: (listener: () => void) => () => void
}

export function createNotices(initialTexts: readonly string[] = [], atMs = 0): Notices {
  const listeners = createListeners()
  let notices: readonly Notice[] = initialTexts.map((text, index) => ({
    id: `opening-${index}`,
    atMs,
    accountId: null,
    podId: null,
    text,
  }))

  function set(next: typeof notices): void {
    const hasChanged =
      next.length !== notices.length || next.some((notice, index) => notice !== notices[index])
    notices = next
    if (hasChanged) listeners.notify()
  }

  return {
    all: () => notices,
    add: (notice) => set([...notices.filter(({ id }) => id !== notice.id), notice]),
    dismiss: (noticeId) => set(notices.filter(({ id }) => id !== noticeId)),
    dismissAccount: (accountId) => set(notices.filter((notice) => notice.accountId !== accountId)),
    onChange: listeners.add,
  }
}
