/** A time limit that stands still while a person is asked. */
export interface Deadline {
  /** Waits without counting the time. */
  outside<T>(wait: Promise<T>): Promise<T>
  stop(): void
}

export function startDeadline(limitMs: number, onElapsed: () => void): Deadline {
  let leftMs = limitMs
  let sinceMs = 0
  let timer: NodeJS.Timeout | undefined
  let waits = 0
  let isOver = false
  const run = (): void => {
    sinceMs = performance.now()
    timer = setTimeout(() => {
      isOver = true
      onElapsed()
    }, leftMs)
  }
  run()
  return {
    async outside(wait) {
      waits += 1
      if (waits === 1 && !isOver) {
        clearTimeout(timer)
        leftMs = Math.max(0, leftMs - (performance.now() - sinceMs))
      }
      try {
        return await wait
      } finally {
        waits -= 1
        if (waits === 0 && !isOver) run()
      }
    },
    stop() {
      isOver = true
      clearTimeout(timer)
    },
  }
}
