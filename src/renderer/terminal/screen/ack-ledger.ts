/** Told of so many drawn bytes at once, main goes on without ever waiting for a screen that keeps up. */
export const ACK_BYTES = 64 * 1024

export interface AckLedger {
  /** Bytes were handed to the screen. */
  took(bytes: number): void
  /** And these are drawn. */
  drew(bytes: number): void
  /** Bytes that are handed over and not drawn. */
  waiting(): number
  /** An acknowledgement did not arrive: it is part of the next one. */
  lost(bytes: number): void
}

/** Adds up what is drawn, and calls `send` per `ACK_BYTES`, or once nothing is left to draw. */
export function createAckLedger(send: (bytes: number) => void): AckLedger {
  let waiting = 0
  let owed = 0
  const settle = (): void => {
    if (owed === 0 || (owed < ACK_BYTES && waiting > 0)) return
    const bytes = owed
    owed = 0
    send(bytes)
  }
  return {
    took: (bytes) => {
      waiting += bytes
    },
    drew: (bytes) => {
      waiting -= bytes
      owed += bytes
      settle()
    },
    waiting: () => waiting,
    lost: (bytes) => {
      owed += bytes
    },
  }
}
