import { useRef } from 'react'

/** Runs one request after the other: what is asked while one is under way is not asked. */
export function useAsk(): (request: () => Promise<unknown>) => void {
  const isAsked = useRef(false)
  return (request) => {
    if (isAsked.current) return
    isAsked.current = true
    void request().finally(() => {
      isAsked.current = false
    })
  }
}
