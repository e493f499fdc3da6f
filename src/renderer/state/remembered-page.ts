import { isPodKey } from '../../core/pods/pod'
import type { SnapshotStore } from './snapshot-store'

const KEY = 'pod-page'
const LOGS_PREFIX = 'logs '

/** Shows the pod whose page or log this window showed before it was loaded again, and remembers the next ones. */
export function rememberPage(
  { store, showPage }: Pick<SnapshotStore, 'store' | 'showPage'>,
  storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>,
): void {
  const stored = storage.getItem(KEY)
  const isOfLogs = stored?.startsWith(LOGS_PREFIX) === true
  const podKey = isOfLogs ? stored.slice(LOGS_PREFIX.length) : stored
  if (podKey !== null && isPodKey(podKey)) showPage(isOfLogs ? 'logs' : 'pod', podKey)
  store.subscribe(({ page, pageTarget }, previous) => {
    if (page === previous.page && pageTarget === previous.pageTarget) return
    if (pageTarget !== null && page === 'pod') storage.setItem(KEY, pageTarget.id)
    else if (pageTarget !== null && page === 'logs') storage.setItem(KEY, `${LOGS_PREFIX}${pageTarget.id}`)
    else storage.removeItem(KEY)
  })
}
