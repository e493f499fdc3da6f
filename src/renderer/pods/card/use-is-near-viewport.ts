import { type RefObject, useEffect, useState } from 'react'
import type { PodId } from '../../../core/pods/pod'
import { useWindow } from '../../state/window-context'

/**
 * Whether the card in `ref` is in sight or near it. One that holds the focus stays near: nobody loses their place
 * by scrolling. `isNearAtFirst`: what to take for granted until it was looked.
 */
export function useIsNearViewport(
  ref: RefObject<HTMLElement | null>,
  podId: PodId,
  isNearInitially: boolean,
): boolean {
  const { visibleCards } = useWindow()
  const [isNear, setNear] = useState(isNearInitially)
  useEffect(() => {
    const element = ref.current
    if (element === null) return undefined
    return visibleCards.observe(element, podId, (isNowNear) => {
      if (isNowNear || !element.contains(document.activeElement)) setNear(isNowNear)
    })
  }, [ref, podId, visibleCards])
  return isNear
}
