import { type RefObject, useEffect, useState } from 'react'
import type { PodId } from '../../../core/pods/pod'
import { useWindow } from '../../state/window-context'

/**
 * Whether the card in `ref` is in sight or near it. One that holds the focus stays near: nobody loses their place
 * by scrolling. `isNearAtFirst`: what to take for granted until it was looked.
 */
export function useNearness(
  ref: RefObject<HTMLElement | null>,
  podId: PodId,
  isNearAtFirst: boolean,
): boolean {
  const { sight } = useWindow()
  const [isNear, setNear] = useState(isNearAtFirst)
  useEffect(() => {
    const element = ref.current
    if (element === null) return undefined
    return sight.watch(element, podId, (is) => {
      if (is || !element.contains(document.activeElement)) setNear(is)
    })
  }, [ref, podId, sight])
  return isNear
}
