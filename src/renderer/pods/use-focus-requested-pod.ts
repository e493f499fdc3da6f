import { useEffect } from 'react'
import { useSnapshotStore, useWindow } from '../state/window-context'

const HIGHLIGHT_MS = 1_600

/** Scrolls to the requested pod, at once or when it appears. */
export function useFocusRequestedPod(): void {
  const { snapshotStore } = useWindow()
  const focusRequest = useSnapshotStore((state) => state.focusRequest)
  const isPodListed = useSnapshotStore(
    ({ podsByKey }) => focusRequest !== null && podsByKey.has(focusRequest.id),
  )
  useEffect(() => {
    if (focusRequest === null) return undefined
    const element = document.getElementById(`pod-${focusRequest.id}`)
    if (element === null) return undefined
    element.scrollIntoView({ block: 'center' })
    element.focus({ preventScroll: true })
    element.classList.add('shown')
    const timer = setTimeout(() => {
      element.classList.remove('shown')
      if (snapshotStore.store.getState().focusRequest === focusRequest)
        snapshotStore.store.setState({ focusRequest: null })
    }, HIGHLIGHT_MS)
    return () => {
      clearTimeout(timer)
      element.classList.remove('shown')
    }
  }, [snapshotStore, focusRequest, isPodListed])
}
