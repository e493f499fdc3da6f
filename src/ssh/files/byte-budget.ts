/** Lets work begin while what it may hold in memory is within a limit. */
export interface ByteBudget {
  /** Work of no bytes never waits. One that is larger than the limit runs alone. */
  spend<T>(bytes: number, work: () => Promise<T>): Promise<T>
}

export function createByteBudget(limit: number): ByteBudget {
  let left = limit
  const waiting: { readonly bytes: number; readonly begin: () => void }[] = []
  const next = (): void => {
    for (let first = waiting[0]; first !== undefined && first.bytes <= left; first = waiting[0]) {
      waiting.shift()
      left -= first.bytes
      first.begin()
    }
  }
  return {
    async spend(wanted, work) {
      const bytes = Math.min(wanted, limit)
      if (bytes > 0) {
        await new Promise<void>((begin) => {
          waiting.push({ bytes, begin })
          next()
        })
      }
      try {
        return await work()
      } finally {
        if (bytes > 0) {
          left += bytes
          next()
        }
      }
    },
  }
}
