import { type RefObject, useEffect } from 'react'
import { MINUTE_MS } from '../../core/base/time/time'
import { useWindow } from '../state/window-context'

/** A pointer that rests for this long was left there by someone who went away. */
const RESTING_MS = MINUTE_MS

/** Holds the order of the pods while the pointer is on the list, so that no pod moves away from under it. */
export function useHeldList(list: RefObject<HTMLElement | null>): void {
  const { snapshotStore } = useWindow()
  useEffect(() => {
    const element = list.current
    if (element === null) return undefined
    const listening = new AbortController()
    const { signal } = listening
    let resting: ReturnType<typeof setTimeout> | undefined
    const release = () => {
      clearTimeout(resting)
      snapshotStore.holdSections(false)
    }
    const hold = ({ movementX, movementY }: PointerEvent) => {
      // A window that opens under the pointer gets a move event, although the pointer did not move.
      if (movementX === 0 && movementY === 0) return
      clearTimeout(resting)
      resting = setTimeout(release, RESTING_MS)
      snapshotStore.holdSections(true)
    }
    element.addEventListener('pointermove', hold, { signal })
    element.addEventListener('pointerleave', release, { signal })
    // A window that is hidden hears of no pointer that leaves it.
    document.addEventListener('visibilitychange', release, { signal })
    return () => {
      listening.abort()
      release()
    }
  }, [list, snapshotStore])
}
