import {
  UPDATE_NOTICE_ID,
  UPDATE_READY_NOTICE_ID,
  UPDATED_NOTICE_ID,
  updatesText,
} from '../../core/updates/updates-text'
import type { Notices } from '../../core/view/notices'
import type { UpdatesView } from '../../shared/requests/update-requests'

export interface UpdateNotices {
  readonly show: (view: UpdatesView) => void
  readonly showReplaced: () => void
  /** The first start of a version after another. */
  readonly showUpdated: (version: string) => void
}

/** Messages about updates: each once for a version, so that one that was dismissed doesn't come back. */
export function createUpdateNotices(
  notices: Pick<Notices, 'add' | 'dismiss'>,
  nowMs: () => number,
): UpdateNotices {
  const shown = new Set<string>()

  function add(id: string, text: string): void {
    notices.add({ id, accountId: null, podId: null, text, atMs: nowMs() })
  }

  function showOnce(id: string, version: string, text: string): void {
    const key = `${id} ${version}`
    if (shown.has(key)) return
    shown.add(key)
    add(id, text)
  }

  return {
    show({ way, state: { newer }, download }) {
      const isReady = newer !== null && way === 'app' && download.kind === 'verified'
      if (!isReady) notices.dismiss(UPDATE_READY_NOTICE_ID)
      if (newer === null || isReady) notices.dismiss(UPDATE_NOTICE_ID)
      if (newer === null) return
      const { version } = newer
      if (isReady) showOnce(UPDATE_READY_NOTICE_ID, version, updatesText.ready(version))
      // It says so once it is there, or can't be had.
      else if (way !== 'app' || download.kind !== 'running')
        showOnce(UPDATE_NOTICE_ID, version, updatesText.available(version, way))
    },
    showReplaced: () => add('replaced', updatesText.replaced),
    showUpdated: (version) => add(UPDATED_NOTICE_ID, updatesText.updated(version)),
  }
}
