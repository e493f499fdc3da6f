/** How far a transfer is. */
export interface TransferProgress {
  readonly filesDone: number
  readonly filesTotal: number
  /** What was there before counts as done. */
  readonly bytesDone: number
  readonly bytesTotal: number
  /** Over the last seconds; null before it is known. */
  readonly bytesPerS: number | null
  /** Null if unknown, or when nothing moves. */
  readonly remainingMs: number | null
}

/** The time over which a rate is measured, ms. */
const WINDOW_MS = 10_000
const SAMPLE_MS = 250
/** Less says nothing yet. */
const MIN_SPAN_MS = 1_000

export interface ProgressMeter {
  /** Bytes that moved now. */
  moved(bytes: number): void
  /** Bytes that need not move, because they are there, or that have to move again (negative). */
  skipped(bytes: number): void
  fileDone(): void
  readonly read: () => TransferProgress
}

/** `nowMs`: a clock that never goes back. `onMoved`: called whenever bytes moved. */
export function createProgressMeter(
  total: { readonly files: number; readonly bytes: number },
  nowMs: () => number,
  onMoved: () => void = () => {},
): ProgressMeter {
  let [filesDone, bytesDone, bytesMoved] = [0, 0, 0]
  const samples: { readonly atMs: number; readonly moved: number }[] = [{ atMs: nowMs(), moved: 0 }]
  const sample = (): void => {
    const atMs = nowMs()
    if (atMs - (samples.at(-1)?.atMs ?? 0) < SAMPLE_MS) return
    samples.push({ atMs, moved: bytesMoved })
    while (samples.length > 2 && atMs - (samples[1]?.atMs ?? 0) > WINDOW_MS) samples.shift()
  }
  return {
    moved(bytes) {
      bytesDone += bytes
      bytesMoved += bytes
      sample()
      onMoved()
    },
    skipped: (bytes) => void (bytesDone += bytes),
    fileDone: () => void (filesDone += 1),
    read() {
      sample()
      const [first] = samples
      const spanMs = nowMs() - (first?.atMs ?? 0)
      const bytesPerS = spanMs < MIN_SPAN_MS ? null : ((bytesMoved - (first?.moved ?? 0)) / spanMs) * 1_000
      const left = Math.max(0, total.bytes - bytesDone)
      const remainingMs = bytesPerS === null || bytesPerS === 0 ? null : (left / bytesPerS) * 1_000
      return {
        filesDone,
        filesTotal: total.files,
        bytesDone: Math.min(bytesDone, total.bytes),
        bytesTotal: total.bytes,
        bytesPerS,
        remainingMs,
      }
    },
  }
}
