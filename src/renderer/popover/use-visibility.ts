import { useEffect, useRef } from 'react'

/** Calls back when the popover was hidden or shown. */
export function useVisibility(onChange: (isVisible: boolean) => void): void {
  const latest = useRef(onChange)
  useEffect(() => {
    latest.current = onChange
  })
  useEffect(() => {
    const onVisibility = () => latest.current(document.visibilityState === 'visible')
    document.addEventListener('visibilitychange', onVisibility)
    return () => document.removeEventListener('visibilitychange', onVisibility)
  }, [])
}
