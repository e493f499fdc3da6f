/** Acknowledging in batches of this size, a screen that keeps up never makes the main process wait. */
export const ACK_BATCH_BYTES = 32 * 1024

export interface AckCounter {
  /** Counts bytes that were handed to the screen. */
  addPending(bytes: number): void
  /** Counts bytes that have been drawn. */
  addDrawn(bytes: number): void
  /** Bytes handed over but not yet drawn. */
  pendingBytes(): number
  /** Adds bytes of a lost acknowledgment to the next one. */
  restoreUnacked(bytes: number): void
}

/** Sums up drawn bytes and calls `send` every `ACK_BATCH_BYTES`, or when nothing is left to draw. */
export function createAckCounter(send: (bytes: number) => void): AckCounter {
  let pendingBytes = 0
  let unackedBytes = 0
  const flush = (): void => {
    if (unackedBytes === 0 || (unackedBytes < ACK_BATCH_BYTES && pendingBytes > 0)) return
    const bytes = unackedBytes
    unackedBytes = 0
    send(bytes)
  }
  return {
    addPending: (bytes) => {
      pendingBytes += bytes
    },
    addDrawn: (bytes) => {
      pendingBytes -= bytes
      unackedBytes += bytes
      flush()
    },
    pendingBytes: () => pendingBytes,
    restoreUnacked: (bytes) => {
      unackedBytes += bytes
    },
  }
}
