import { type RefObject, useEffect } from 'react'
import { useWindow } from '../state/window-context'

/** Holds the order of the pods while the pointer is on the list, so that no pod moves away from under it. */
export function useHeldList(list: RefObject<HTMLElement | null>): void {
  const { snapshotStore } = useWindow()
  useEffect(() => {
    const element = list.current
    if (element === null) return undefined
    const listening = new AbortController()
    const { signal } = listening
    const hold = (isHeld: boolean) => () => snapshotStore.holdSections(isHeld)
    element.addEventListener('pointermove', hold(true), { signal })
    element.addEventListener('pointerleave', hold(false), { signal })
    // A window that is hidden hears of no pointer that leaves it.
    document.addEventListener('visibilitychange', hold(false), { signal })
    return () => {
      listening.abort()
      snapshotStore.holdSections(false)
    }
  }, [list, snapshotStore])
}
