import type { Writable } from 'node:stream'

/**
 * Sends what is written at one moment as one piece. ssh2 writes each packet in three parts: each would be a system call
 * and, without Nagle's algorithm, a TCP segment, for which the server wakes up.
 */
export function joinWrites(stream: Writable): void {
  const write = stream.write.bind(stream) as (...args: unknown[]) => boolean
  let isCorked = false
  const uncork = (): void => {
    isCorked = false
    stream.uncork()
  }
  stream.write = (...args: unknown[]) => {
    if (!isCorked) {
      isCorked = true
      stream.cork()
      process.nextTick(uncork)
    }
    return write(...args)
  }
}
