/** A time limit that pauses while the user is being asked. */
export interface Deadline {
  /** Awaits without counting the time. */
  pauseWhile<T>(work: Promise<T>): Promise<T>
  stop(): void
}

export function startDeadline(limitMs: number, onElapsed: () => void): Deadline {
  let remainingMs = limitMs
  let startedAtMs = 0
  let timer: NodeJS.Timeout | undefined
  let pauses = 0
  let isDone = false
  const startTimer = (): void => {
    startedAtMs = performance.now()
    timer = setTimeout(() => {
      isDone = true
      onElapsed()
    }, remainingMs)
  }
  startTimer()
  return {
    async pauseWhile(work) {
      pauses += 1
      if (pauses === 1 && !isDone) {
        clearTimeout(timer)
        remainingMs = Math.max(0, remainingMs - (performance.now() - startedAtMs))
      }
      try {
        return await work
      } finally {
        pauses -= 1
        if (pauses === 0 && !isDone) startTimer()
      }
    },
    stop() {
      isDone = true
      clearTimeout(timer)
    },
  }
}
