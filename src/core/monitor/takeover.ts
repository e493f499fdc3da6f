import type { AccountListing } from '../polling/shared-pods'

/** Of a monitor. */
interface ListedMonitor {
  readonly listing: AccountListing
  republish(): void
}

/**
 * Call before snapshots of all accounts are merged. Has each monitor publish its snapshot again once the accounts that
 * list their pods are others than before: an account would otherwise not show the pods that it takes over before its
 * own next poll. See docs/product-rules.md#122-hubify.
 */
export function createTakeoverRepublish(monitors: () => readonly ListedMonitor[]): () => void {
  let before = ''
  return () => {
    const now = monitors()
      .flatMap(({ listing }) => (listing.isWatching() ? [listing.accountId] : []))
      .join()
    if (now === before) return
    before = now
    for (const one of monitors()) one.republish()
  }
}
