/** Smaller acknowledgements say more about the way to the window and back than about its speed. */
const MIN_MEASURED_BYTES = 16 * 1024

/** Output that a window was sent and has not acknowledged yet, and how fast it parses it. Times are monotonic, ms. */
export interface UnackedOutput {
  send(bytes: number, nowMs: number): void
  ack(bytes: number, nowMs: number): void
  bytes(): number
  /** Null: not measured yet. */
  bytesPerMs(): number | null
}

export function createUnackedOutput(): UnackedOutput {
  let unackedBytes = 0
  let bytesPerMs: number | null = null
  /** When it last acknowledged some output, or got some after it had acknowledged all. */
  let busySinceMs = 0
  return {
    send(bytes, nowMs) {
      if (unackedBytes === 0) busySinceMs = nowMs
      unackedBytes += bytes
    },
    ack(bytes, nowMs) {
      if (bytes >= MIN_MEASURED_BYTES) {
        const measured = bytes / Math.max(1, nowMs - busySinceMs)
        bytesPerMs = ((bytesPerMs ?? measured) + measured) / 2
      }
      busySinceMs = nowMs
      unackedBytes = Math.max(0, unackedBytes - bytes)
    },
    bytes: () => unackedBytes,
    bytesPerMs: () => bytesPerMs,
  }
}
