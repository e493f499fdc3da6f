import { useEffect, useRef, useState } from 'react'
import type { CatalogQuery } from '../../../core/creation/form/read-catalog'
import { MINUTE_MS } from '../../../core/base/time/time'
import type { AccountId } from '../../../core/pods/pod'
import type { CatalogView } from '../../../shared/requests/pod/create-requests'
import { refreshWhileVisible } from '../../state/hooks/refresh-while-visible'
import { useWindow } from '../../state/window-context'

/** Clicking through the counts reads only the last one. */
const QUIET_MS = 250
const REFRESH_MS = 2 * MINUTE_MS

export interface LoadedCatalog {
  /** The last one that was read for this account; null: none yet. */
  readonly view: CatalogView | null
  readonly isLoading: boolean
  /** Why the last reading failed, as a sentence. */
  readonly problem: string | null
  readonly refresh: () => void
}

/** What the account can choose from, read anew for each count and cloud, and while the page is seen. */
export function useCatalog(accountId: AccountId | null, query: CatalogQuery): LoadedCatalog {
  const { bridge } = useWindow()
  const [loaded, setLoaded] = useState<{ readonly accountId: AccountId; readonly view: CatalogView } | null>(
    null,
  )
  /** Names the reading that was answered last. */
  const [answeredKey, setAnsweredKey] = useState<string | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const [requestCount, setRequestCount] = useState(0)
  const queryText = JSON.stringify(query)
  const key = JSON.stringify([accountId, queryText, requestCount])
  const hasRead = useRef(false)
  /** For one reading: those after it may use what was read. */
  const isRefreshed = useRef(false)

  useEffect(() => {
    if (accountId === null) return undefined
    let isCurrent = true
    const read = async (): Promise<void> => {
      const isAnew = isRefreshed.current
      isRefreshed.current = false
      const answer = await bridge.podCatalog(accountId, JSON.parse(queryText) as CatalogQuery, isAnew)
      if (!isCurrent) return
      hasRead.current = true
      setAnsweredKey(key)
      setProblem(answer.ok ? null : answer.error.message)
      if (answer.ok) setLoaded({ accountId, view: answer.value })
    }
    const timer = setTimeout(() => void read(), hasRead.current ? QUIET_MS : 0)
    return () => {
      isCurrent = false
      clearTimeout(timer)
    }
  }, [bridge, accountId, queryText, key])

  useEffect(() => refreshWhileVisible(REFRESH_MS, () => setRequestCount((count) => count + 1)), [])

  return {
    view: loaded !== null && loaded.accountId === accountId ? loaded.view : null,
    isLoading: answeredKey !== key,
    problem,
    refresh: () => {
      isRefreshed.current = true
      setRequestCount((count) => count + 1)
    },
  }
}
