import type { RawLogLine } from '../pods/pod-logs'

/** How many of the latest lines are known again. A stream that is resumed repeats few. */
const MEMORY_LINES = 20_000

/**
 * Whether a line is new: none of the latest lines has its id (or its time), its source and its text. Lines with neither
 * id nor time are always new.
 */
export function createDuplicateFilter(memoryLines = MEMORY_LINES): (line: RawLogLine) => boolean {
  let recent = new Set<string>()
  /** Forgotten once `recent` is full, which takes its place. */
  let earlier = new Set<string>()
  return ({ id, atMs, source, text }) => {
    if (id === null && atMs === null) return true
    const key = `${id ?? String(atMs)} ${source} ${text}`
    if (recent.has(key) || earlier.has(key)) return false
    recent.add(key)
    if (recent.size >= memoryLines) {
      earlier = recent
      recent = new Set()
    }
    return true
  }
}
