import { type RefObject, useEffect, useRef } from 'react'

/** The scrolling element, which is at its top each time the popover opens. */
export function useTopOnOpen(): RefObject<HTMLElement | null> {
  const element = useRef<HTMLElement>(null)
  useEffect(() => {
    const onVisibility = () => {
      if (document.visibilityState === 'hidden') element.current?.scrollTo(0, 0)
    }
    document.addEventListener('visibilitychange', onVisibility)
    return () => document.removeEventListener('visibilitychange', onVisibility)
  }, [])
  return element
}
