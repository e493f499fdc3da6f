import { useEffect, useState, useSyncExternalStore } from 'react'
import { isDemo } from '../state/account-parts'
import { useSnapshotStore } from '../state/window-context'
import { activityText } from './activity-text'
import { createSeenActivityStore, unseenCount } from './seen-activity'

/** Badge with the number of alerts since the activity page was last open. */
export function UnseenCount() {
  const isInDemo = useSnapshotStore(({ snapshot }) => isDemo(snapshot))
  // The demo has a log of its own, so sequence numbers of the two logs must not be compared.
  return <UnseenBadge key={String(isInDemo)} isPersistent={!isInDemo} />
}

function UnseenBadge({ isPersistent }: { readonly isPersistent: boolean }) {
  const activity = useSnapshotStore(({ snapshot }) => snapshot?.auditLog ?? null)
  const isOpen = useSnapshotStore(({ page }) => page === 'activity')
  const [seenStore] = useState(() => createSeenActivityStore(isPersistent ? localStorage : null))
  const seenSeq = useSyncExternalStore(seenStore.subscribe, seenStore.lastSeenSeq)
  const lastSeq = activity?.lastSeq ?? 0
  useEffect(() => {
    if (isOpen && lastSeq > 0) seenStore.markSeen(lastSeq)
  }, [isOpen, lastSeq, seenStore])
  const count = activity === null || isOpen ? 0 : unseenCount(activity, seenSeq)
  if (count === 0) return null
  return (
    <span className="unseen-count">
      {count > 99 ? '99+' : count}
      <span className="unseen"> {activityText.newAlerts(count)}</span>
    </span>
  )
}
