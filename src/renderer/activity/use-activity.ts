import { useCallback, useEffect, useRef, useState } from 'react'
import type { AuditFilter, AuditPage, ListedAuditEntry } from '../../core/audit-log/audit-log'
import { fail } from '../../core/base/result'
import { useSnapshotStore, useWindow } from '../state/window-context'
import { joinPages } from './join-pages'

export interface LoadedActivity {
  /** Newest first; null: not read yet. */
  readonly entries: readonly ListedAuditEntry[] | null
  /** Reads the ones before; null: there are none, or they are being read. */
  readonly loadEarlier: (() => void) | null
  /** Why the last reading failed. */
  readonly problem: string | null
  readonly reload: () => void
}

/** The activity log as far as it was read, for one filter. New entries come by themselves. */
export function useActivity({ kind, podId }: AuditFilter): LoadedActivity {
  const { bridge } = useWindow()
  const lastSeq = useSnapshotStore(({ snapshot }) => snapshot?.auditLog.lastSeq ?? 0)
  const accountId = useSnapshotStore(({ snapshot }) => snapshot?.account?.id ?? null)
  /** Of which log, and which part of it, something is known: of another one nothing of it holds. */
  const source = JSON.stringify([accountId, kind, podId])
  const [loaded, setLoaded] = useState<(AuditPage & { readonly source: string }) | null>(null)
  const [loadingBefore, setLoadingBefore] = useState<number | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const [reloadCount, setReloadCount] = useState(0)
  /** An answer to a question that was asked before the last one is not taken. */
  const latestRequest = useRef(0)

  /** Calls back with the answer, unless something else was asked meanwhile; an error is in words. */
  const requestPage = useCallback(
    (
      before: number | null,
      onPage: (page: AuditPage) => void,
      onResult: (reason: string | null) => void,
    ): void => {
      latestRequest.current += 1
      const requestNumber = latestRequest.current
      void bridge
        .activity(before, podId, kind)
        .catch(() => fail({ message: 'Podkeeper did not answer.' }))
        .then((answer) => {
          if (requestNumber !== latestRequest.current) return
          onResult(answer.ok ? null : answer.error.message)
          if (answer.ok) onPage(answer.value)
        })
    },
    [bridge, kind, podId],
  )

  useEffect(() => {
    const onPage = (page: AuditPage): void =>
      setLoaded((shown) => ({ ...joinPages(page, shown?.source === source ? shown : null), source }))
    requestPage(null, onPage, (reason) => {
      setProblem(reason)
      // Whoever was reading is not heard any more.
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
