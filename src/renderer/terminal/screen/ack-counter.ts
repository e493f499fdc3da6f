/** Told of so many drawn bytes at once, main goes on without ever waiting for a screen that keeps up. */
export const ACK_BATCH_BYTES = 64 * 1024

export interface AckCounter {
  /** Bytes were handed to the screen. */
  addPending(bytes: number): void
  /** And these are drawn. */
  addDrawn(bytes: number): void
  /** Bytes that are handed over and not drawn. */
  pendingBytes(): number
  /** An acknowledgement did not arrive: it is part of the next one. */
  restoreUnacked(bytes: number): void
}

/** Adds up what is drawn, and calls `send` per `ACK_BYTES`, or once nothing is left to draw. */
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
