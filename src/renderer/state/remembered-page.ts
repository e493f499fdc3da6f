import { isPodKey } from '../../core/pods/pod'
import type { SnapshotStore } from './snapshot-store'

const KEY = 'pod-page'

/** Shows the pod whose page this window showed before it was loaded again, and remembers the next ones. */
export function rememberPage(
  { store, showPage }: Pick<SnapshotStore, 'store' | 'showPage'>,
  storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>,
): void {
  const stored = storage.getItem(KEY)
  if (stored !== null && isPodKey(stored)) showPage('pod', stored)
  store.subscribe(({ page, pageTarget }, previous) => {
    if (page === previous.page && pageTarget === previous.pageTarget) return
    if (page === 'pod' && pageTarget !== null) storage.setItem(KEY, pageTarget.id)
    else storage.removeItem(KEY)
  })
}
