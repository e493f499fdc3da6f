import { useEffect, useState } from 'react'
import type { PodsApiView } from '../../shared/pods-api-requests'
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
    const timer = setInterval(() => {
      if (!document.hidden) void bridge.podsApi().then((read) => show(read.ok ? read.value : null))
    }, REFRESH_MS)
    return () => {
      isMounted = false
      clearInterval(timer)
      unsubscribe()
    }
  }, [bridge, snapshotStore])
  return view
}
