import { useRef } from 'react'

/** Runs one request after the other: what is asked while one is under way is not asked. */
export function useSingleFlight(): (request: () => Promise<unknown>) => void {
  const isInFlight = useRef(false)
  return (request) => {
    if (isInFlight.current) return
    isInFlight.current = true
    void request().finally(() => {
      isInFlight.current = false
    })
  }
}
