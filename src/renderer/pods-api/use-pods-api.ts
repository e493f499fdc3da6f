import { useEffect, useState } from 'react'
import type { PodsApiView } from '../../shared/requests/pods-api-requests'
import { refreshWhileVisible } from '../state/hooks/refresh-while-visible'
import { useWindow } from '../state/window-context'
import { podsApiText } from './pods-api-text'

/** Commands change tokens as well, and a use is announced by nothing. */
const REFRESH_MS = 5_000

/** The state of the Pods API and its tokens from the main process; null until they arrive. */
export function usePodsApi(): PodsApiView | null {
  const { bridge, snapshotStore } = useWindow()
  const [view, setView] = useState<PodsApiView | null>(null)
  useEffect(() => {
    let isMounted = true
    const show = (read: PodsApiView | null): void => {
      if (isMounted && read !== null) setView(read)
    }
    const unsubscribe = bridge.on('podsApi', show)
    void snapshotStore.runRequest(podsApiText.couldNotRead, bridge.podsApi()).then(show)
    const endRefresh = refreshWhileVisible(REFRESH_MS, () => {
      void bridge.podsApi().then((read) => show(read.ok ? read.value : null))
    })
    return () => {
      isMounted = false
      endRefresh()
      unsubscribe()
    }
  }, [bridge, snapshotStore])
  return view
}
