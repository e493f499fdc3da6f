import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { type ActivityRow, foundRows, keepPlaces } from '../../core/audit-log/activity-rows'
import type { AuditPage, LookedAt } from '../../core/audit-log/audit-log'
import type { ActivityFilter } from '../../shared/requests/activity-requests'
import { isDemo } from '../state/account-parts'
import { answerOf } from '../state/answer-of'
import { useSnapshotStore, useWindow } from '../state/window-context'
import { appendPage, ENOUGH, joinPages, type LoadedPart, missingCount } from './join-pages'

export interface LoadedActivity {
  /** Identifies log and filter. */
  readonly source: string
  /** Newest first; null until loaded. A row keeps its place while it is shown. */
  readonly rows: readonly ActivityRow[] | null
  /** Loads older entries, once at a time; null when there are none. */
  readonly loadEarlier: (() => void) | null
  /** How much of the log was looked at. */
  readonly looked: LookedAt
  /** Few were found in it, so older entries are looked at without being asked to. */
  readonly isLooking: boolean
  /** Error of the last load. */
  readonly problem: string | null
  readonly reload: () => void
}

interface LoadedPage extends LoadedPart {
  readonly source: string
  readonly rows: readonly ActivityRow[]
  /** How many more entries to find before the user asks for more. */
  readonly missing: number
}

/** Between two pieces, so that main, which reads them, has time for others. */
const PAUSE_MS = 50
const NOTHING_LOOKED_AT: LookedAt = { lines: 0, toMs: null }

/** A filter left lines out, so that few entries are no reason to stop. */
const isSparse = ({ entries, looked }: AuditPage): boolean => looked.lines > entries.length

/** The audit log for one filter, as far as it was loaded. New entries are added as they are written. */
export function useActivity(given: ActivityFilter): LoadedActivity {
  const { bridge } = useWindow()
  const lastSeq = useSnapshotStore(({ snapshot }) => snapshot?.auditLog.lastSeq ?? 0)
  const isInDemo = useSnapshotStore(({ snapshot }) => isDemo(snapshot))
  const filterJson = JSON.stringify(given)
  const filter = useMemo(() => JSON.parse(filterJson) as ActivityFilter, [filterJson])
  /** Entries loaded for another source are discarded. */
  const source = `${isInDemo} ${filterJson}`
  const [loaded, setLoaded] = useState<LoadedPage | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const [reloadCount, setReloadCount] = useState(0)

  const requestPage = useCallback(
    (before: number | null, isLatest: () => boolean, onPage: (page: AuditPage) => void): Promise<void> =>
      answerOf(bridge.auditPage(before, filter)).then((answer) => {
        if (!isLatest()) return
        setProblem(answer.ok ? null : answer.error.message)
        if (answer.ok) onPage(answer.value)
      }),
    [bridge, filter],
  )

  useEffect(() => {
    let isActive = true
    const onPage = (page: AuditPage): void =>
      setLoaded((last) => {
        const shown = last?.source === source ? last : null
        const part = joinPages(page, lastSeq, shown)
        return withRows(part, shown, source, missingCount(part, shown))
      })
    void requestPage(null, () => isActive, onPage)
    return () => {
      isActive = false
    }
  }, [requestPage, source, lastSeq, reloadCount])

  const shown = loaded?.source === source ? loaded : null
  const before = shown?.before ?? null
  const loadingBefore = useRef<string | null>(null)
  const requestEarlier = useCallback(
    (missing: number): void => {
      const request = `${before} ${source}`
      if (before === null || loadingBefore.current === request) return
      loadingBefore.current = request
      const isLatest = (): boolean => loadingBefore.current === request
      // New entries can have come meanwhile.
      const onPage = (page: AuditPage): void =>
        setLoaded((last) =>
          last?.source === source && last.before === before
            ? withRows(appendPage(last, page), last, source, missing - page.entries.length)
            : last,
        )
      void requestPage(before, isLatest, onPage).then(() => {
        if (isLatest()) loadingBefore.current = null
      })
    },
    [requestPage, source, before],
  )
  const isLooking =
    before !== null && problem === null && shown !== null && shown.missing > 0 && isSparse(shown)
  const missing = shown?.missing ?? 0
  useEffect(() => {
    if (!isLooking) return undefined
    const timer = setTimeout(() => requestEarlier(missing), PAUSE_MS)
    return () => clearTimeout(timer)
  }, [isLooking, missing, requestEarlier])

  return {
    source,
    rows: shown?.rows ?? null,
    loadEarlier: before === null ? null : () => requestEarlier(ENOUGH),
    looked: shown?.looked ?? NOTHING_LOOKED_AT,
    isLooking,
    problem,
    reload: () => setReloadCount((count) => count + 1),
  }
}

function withRows(part: LoadedPart, shown: LoadedPage | null, source: string, missing: number): LoadedPage {
  const rows = keepPlaces(foundRows(part.entries, part.companions), shown?.rows ?? [])
  return { ...part, source, rows, missing }
}
