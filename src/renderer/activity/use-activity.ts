import { type ActivityRow, activityRows, keepPlaces } from '../../core/audit-log/activity-rows'
import { useCallback, useEffect, useRef, useState } from 'react'
import type { AuditFilter, AuditPage } from '../../core/audit-log/audit-log'
import type { PodKey } from '../../core/pods/pod'
import { fail } from '../../core/base/result'
import { isDemo } from '../state/account-parts'
import { useSnapshotStore, useWindow } from '../state/window-context'
import { joinPages } from './join-pages'

export interface LoadedActivity {
  /** Newest first; null until loaded. A row keeps its place while it is shown. */
  readonly rows: readonly ActivityRow[] | null
  /** Loads older entries, once at a time; null when there are none. */
  readonly loadEarlier: (() => void) | null
  /** Error of the last load. */
  readonly problem: string | null
  readonly reload: () => void
}

/** Null: all. */
export interface ActivityFilter extends Pick<AuditFilter, 'kind' | 'accountId'> {
  readonly podKey: PodKey | null
}

interface LoadedPage extends AuditPage {
  readonly source: string
  readonly rows: readonly ActivityRow[]
}

const withRows = (page: AuditPage, shown: LoadedPage | null, source: string): LoadedPage => ({
  ...page,
  source,
  rows: keepPlaces(activityRows(page.entries), shown?.rows ?? []),
})

/** The audit log for one filter, as far as it was loaded. New entries are added as they are written. */
export function useActivity({ kind, accountId, podKey }: ActivityFilter): LoadedActivity {
  const { bridge } = useWindow()
  const lastSeq = useSnapshotStore(({ snapshot }) => snapshot?.auditLog.lastSeq ?? 0)
  const isInDemo = useSnapshotStore(({ snapshot }) => isDemo(snapshot))
  /** Identifies account and filter. Entries loaded for another source are discarded. */
  const source = JSON.stringify([isInDemo, accountId, kind, podKey])
  const [loaded, setLoaded] = useState<LoadedPage | null>(null)
  const loadingBefore = useRef<number | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const [reloadCount, setReloadCount] = useState(0)
  /** Number of the latest request, so that replies to older requests are ignored. */
  const latestRequest = useRef(0)

  /** Calls back with the reply unless a newer request was made meanwhile; failures arrive as text. */
  const requestPage = useCallback(
    (
      before: number | null,
      onPage: (page: AuditPage) => void,
      onResult: (reason: string | null) => void,
    ): void => {
      latestRequest.current += 1
      const requestNumber = latestRequest.current
      void bridge
        .auditPage(before, accountId, podKey, kind)
        .catch(() => fail({ message: 'Podkeeper didn’t respond.' }))
        .then((answer) => {
          if (requestNumber !== latestRequest.current) return
          onResult(answer.ok ? null : answer.error.message)
          if (answer.ok) onPage(answer.value)
        })
    },
    [bridge, accountId, kind, podKey],
  )

  useEffect(() => {
    const onPage = (page: AuditPage): void =>
      setLoaded((shown) => {
        const sameSource = shown?.source === source ? shown : null
        return withRows(joinPages(page, sameSource), sameSource, source)
      })
    // The reply to an earlier request for older entries is ignored from here on.
    loadingBefore.current = null
    requestPage(null, onPage, setProblem)
    return () => {
      latestRequest.current += 1
    }
  }, [requestPage, source, lastSeq, reloadCount])

  const shown = loaded?.source === source ? loaded : null
  const before = shown?.before ?? null
  const loadEarlier = (): void => {
    if (loadingBefore.current === before) return
    loadingBefore.current = before
    const onPage = (page: AuditPage): void => {
      const entries = [...(shown?.entries ?? []), ...page.entries]
      setLoaded(withRows({ ...page, entries }, shown, source))
    }
    requestPage(before, onPage, (reason) => {
      setProblem(reason)
      loadingBefore.current = null
    })
  }
  return {
    rows: shown?.rows ?? null,
    loadEarlier: before === null ? null : loadEarlier,
    problem,
    reload: () => setReloadCount((count) => count + 1),
  }
}
