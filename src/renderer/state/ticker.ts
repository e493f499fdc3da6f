import { SECOND_MS } from '../../core/base/time'

/** One beat a second for everything that counts, while somebody listens and the page can be seen. */
export interface Ticker {
  /** Unix ms of the last beat, so that all texts of one beat agree. */
  readonly now: () => number
  /** Returns what unsubscribes. */
  readonly subscribe: (listener: () => void) => () => void
}

export function createTicker(page: Document = document): Ticker {
  const listeners = new Set<() => void>()
  let nowMs = Date.now()
  let timer: ReturnType<typeof setInterval> | undefined

  const beat = () => {
    nowMs = Date.now()
    for (const listener of listeners) listener()
  }
  const adjust = () => {
    const isWanted = listeners.size > 0 && page.visibilityState === 'visible'
    if (isWanted && timer === undefined) {
      timer = setInterval(beat, SECOND_MS)
      beat()
    } else if (!isWanted && timer !== undefined) {
      clearInterval(timer)
      timer = undefined
    }
  }
  page.addEventListener('visibilitychange', adjust)

  return {
    now: () => nowMs,
    subscribe(listener) {
      listeners.add(listener)
      adjust()
      return () => {
        listeners.delete(listener)
        adjust()
      }
    },
  }
}
