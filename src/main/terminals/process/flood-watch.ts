import type { Clock } from '../../../core/base/time/clock'

export interface FloodWatch {
  /** Output of this length came. */
  count(bytes: number): void
  /** Whether much came since the last pause. */
  isOn(): boolean
  /** Whether nothing came since the last pause. */
  isPaused(): boolean
}

const FLOOD_BYTES = 128 * 1024
const PAUSE_MS = 50

/** Tells whether output comes in a flood. `onPause`: nothing came for 50 to 100 ms. */
export function watchFlood(clock: Pick<Clock, 'schedule'>, onPause: () => void): FloodWatch {
  let bytesSincePause = 0
  let isWaiting = false
  let hasMore = false

  function wait(): void {
    isWaiting = true
    hasMore = false
    clock.schedule(PAUSE_MS, () => {
      isWaiting = false
      if (hasMore) return wait()
      bytesSincePause = 0
      onPause()
    })
  }

  return {
    count(bytes) {
      bytesSincePause += bytes
      hasMore = true
      if (!isWaiting) wait()
    },
    isOn: () => bytesSincePause > FLOOD_BYTES,
    isPaused: () => bytesSincePause === 0,
  }
}
