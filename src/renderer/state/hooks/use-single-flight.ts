import { useRef } from 'react'

/** Runs one request at a time; requests made while one is in flight are dropped. */
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
