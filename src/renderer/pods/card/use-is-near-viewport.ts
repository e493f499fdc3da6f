import { type RefObject, useEffect, useState } from 'react'
import type { PodKey } from '../../../core/pods/pod'
import { useWindow } from '../../state/window-context'

/**
 * Whether the card in `ref` is in or near the viewport. A card that contains the focus always counts as near,
 * so that scrolling never loses it. `isNearInitially`: the value until the observer reports.
 */
export function useIsNearViewport(
  ref: RefObject<HTMLElement | null>,
  podKey: PodKey,
  isNearInitially: boolean,
): boolean {
  const { visibleCards } = useWindow()
  const [isNear, setNear] = useState(isNearInitially)
  useEffect(() => {
    const element = ref.current
    if (element === null) return undefined
    return visibleCards.observe(element, podKey, (isNowNear) => {
      if (isNowNear || !element.contains(document.activeElement)) setNear(isNowNear)
    })
  }, [ref, podKey, visibleCards])
  return isNear
}
