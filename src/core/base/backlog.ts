/** Calls for a receiver that isn't there yet. */
export interface Backlog<Args extends readonly unknown[]> {
  readonly push: (...args: Args) => void
  /** Hands over what waits, and from then on each call at once. */
  readonly follow: (listener: (...args: Args) => void) => void
}

export function createBacklog<Args extends readonly unknown[]>(): Backlog<Args> {
  const waiting: Args[] = []
  let listener: ((...args: Args) => void) | null = null
  return {
    push(...args) {
      if (listener === null) waiting.push(args)
      else listener(...args)
    },
    follow(next) {
      listener = next
      for (const args of waiting.splice(0)) next(...args)
    },
  }
}
