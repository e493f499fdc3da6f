/** How many bytes of a pod are read in one turn of the event loop. */
export interface TurnLimit {
  count(bytes: number): void
  /** Nothing more is read until the next turn. */
  isFull(): boolean
}

/** A pod may send lines of a few bytes, and reading 32 KB of those takes 5 ms. */
const MAX_TURN_BYTES = 32 * 1024

/** `onChange`: it is full, or not any more. */
export function createTurnLimit(onChange: () => void): TurnLimit {
  let turnBytes = 0
  const isFull = (): boolean => turnBytes >= MAX_TURN_BYTES

  return {
    isFull,
    count(bytes) {
      if (turnBytes === 0)
        setImmediate(() => {
          const wasFull = isFull()
          turnBytes = 0
          if (wasFull) onChange()
        })
      turnBytes += bytes
      if (isFull()) onChange()
    },
  }
}
