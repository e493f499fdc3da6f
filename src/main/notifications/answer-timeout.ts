/** How long a system may take to say that it shows a notification, ms. It may have to start a server first. */
export const ANSWER_TIMEOUT_MS = 3_000

const STEPS = 3

/**
 * Calls back after `ms`, unless it is canceled. Time that passes while the computer sleeps or stands still counts for
 * a third at most, because the answer could not be read either.
 */
export function startAnswerTimeout(ms: number, onTimeout: () => void): () => void {
  let stepsLeft = STEPS
  const timer = setInterval(() => {
    stepsLeft -= 1
    if (stepsLeft > 0) return
    clearInterval(timer)
    onTimeout()
  }, ms / STEPS)
  return () => clearInterval(timer)
}
