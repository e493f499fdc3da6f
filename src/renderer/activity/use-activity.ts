import { useCallback, useEffect, useRef, useState } from 'react'
import type { AuditFilter, AuditPage, ListedAuditEntry } from '../../core/audit-log/audit-log'
import type { PodKey } from '../../core/pods/pod'
import { fail } from '../../core/base/result'
import { useSnapshotStore, useWindow } from '../state/window-context'
import { joinPages } from './join-pages'

export interface LoadedActivity {
  /** Newest first; null until loaded. */
  readonly entries: readonly ListedAuditEntry[] | null
  /** Loads older entries; null when there are none or they are already loading. */
  readonly loadEarlier: (() => void) | null
  /** Error of the last load. */
  readonly problem: string | null
  readonly reload: () => void
}

/** Null: all. */
export interface ActivityFilter extends Pick<AuditFilter, 'kind' | 'accountId'> {
  readonly podKey: PodKey | null
}

/** The audit log for one filter, as far as it was loaded. New entries are added as they are written. */
export function useActivity({ kind, accountId, podKey }: ActivityFilter): LoadedActivity {
  const { bridge } = useWindow()
  const lastSeq = useSnapshotStore(({ snapshot }) => snapshot?.auditLog.lastSeq ?? 0)
  const isDemo = useSnapshotStore(({ snapshot }) => snapshot?.account?.isDemo ?? false)
  /** Identifies account and filter. Entries loaded for another source are discarded. */
  const source = JSON.stringify([isDemo, accountId, kind, podKey])
  const [loaded, setLoaded] = useState<(AuditPage & { readonly source: string }) | null>(null)
  const [loadingBefore, setLoadingBefore] = useState<number | null>(null)
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
        .catch(() => fail({ message: 'Podkeeper did not answer.' }))
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
      setLoaded((shown) => ({ ...joinPages(page, shown?.source === source ? shown : null), source }))
    requestPage(null, onPage, (reason) => {
      setProblem(reason)
      // The reply to an earlier request for older entries is ignored from here on.
      setLoadingBefore(null)
    })
    return () => {
      latestRequest.current += 1
    }
  }, [requestPage, source, lastSeq, reloadCount])

  const shown = loaded?.source === source ? loaded : null
  const before = shown?.before ?? null
  const loadEarlier = (): void => {
    setLoadingBefore(before)
    const onPage = (page: AuditPage): void => {
      setLoadingBefore(null)
      setLoaded({ ...page, entries: [...(shown?.entries ?? []), ...page.entries], source })
    }
    requestPage(before, onPage, (reason) => {
      setProblem(reason)
      setLoadingBefore(null)
    })
  }
  return {
    entries: shown?.entries ?? null,
    loadEarlier: before === null || before === loadingBefore ? null : loadEarlier,
    problem,
    reload: () => setReloadCount((count) => count + 1),
  }
}
