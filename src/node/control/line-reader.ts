import type { Socket } from 'node:net'

export interface LineReaderOptions {
  /** Limits, in characters: of one line, and of all. */
  readonly maxLineChars: number
  readonly maxTotalChars: number
  /** Without the line break. */
  readonly onLine: (line: string) => void
  /** Called after the lines of each piece of data. `hasPartialLine`: a line has begun and not ended. */
  readonly onChunk?: (hasPartialLine: boolean) => void
  /** A limit was passed. Nothing more is read. */
  readonly onTooLong: () => void
}

/** Reads lines from a socket, of which at most one is kept in memory. */
export function readLines(socket: Socket, options: LineReaderOptions): void {
  const { maxLineChars, maxTotalChars, onLine, onChunk, onTooLong } = options
  let partial: string[] = []
  let partialChars = 0
  let totalChars = 0
  let isDone = false

  const end = (): void => {
    isDone = true
    partial = []
    partialChars = 0
    onTooLong()
  }

  socket.setEncoding('utf8').on('data', (chunk) => {
    const pieces = String(chunk).split('\n')
    totalChars += String(chunk).length
    for (const [index, piece] of pieces.entries()) {
      if (isDone || socket.destroyed) return
      partialChars += piece.length
      if (partialChars > maxLineChars || totalChars > maxTotalChars) {
        end()
        return
      }
      partial.push(piece)
      if (index === pieces.length - 1) continue
      const line = partial.join('')
      partial = []
      partialChars = 0
      onLine(line)
    }
    onChunk?.(partialChars > 0)
  })
}
