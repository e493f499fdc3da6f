import { type RefObject, useLayoutEffect, useRef } from 'react'
import { SECOND_MS } from '../../core/base/time/time'

/** Content that arrives later than this does not move the page any more. */
const SETTLING_MS = SECOND_MS

/** The scrolling element of all pages, each of which is found where it was left. */
export function usePageScroll(page: string): RefObject<HTMLElement | null> {
  const ref = useRef<HTMLElement>(null)
  const positions = useRef(new Map<string, number>())
  useLayoutEffect(() => {
    const element = ref.current
    if (element === null) return undefined
    const kept = positions.current
    const wanted = kept.get(page) ?? 0
    let restored = 0
    let isRestoring = true
    const restore = () => {
      if (!isRestoring) return
      element.scrollTop = wanted
      restored = element.scrollTop
    }
    const settle = () => {
      isRestoring = false
    }
    restore()
    // A page may be too short for its position until its content is there.
    const grown = new ResizeObserver(restore)
    for (const child of element.children) grown.observe(child)
    const timer = setTimeout(settle, SETTLING_MS)
    const onScroll = () => {
      if (isRestoring && Math.abs(element.scrollTop - restored) > 1) settle()
      if (!isRestoring) kept.set(page, element.scrollTop)
    }
    element.addEventListener('scroll', onScroll)
    return () => {
      clearTimeout(timer)
      grown.disconnect()
      element.removeEventListener('scroll', onScroll)
    }
  }, [page])
  return ref
}
