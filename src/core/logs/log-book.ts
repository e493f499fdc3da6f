import type { LogLine } from './log-line'

type BookLine = Pick<LogLine, 'atMs' | 'text'>

export interface LogLimits {
  readonly maxLines: number
  /** Characters of all texts together. */
  readonly maxChars: number
}

/** Lines by time, as many of the newest as fit. An index counts from the first line that was ever added. */
export interface LogBook<Line extends BookLine = LogLine> {
  /** Returns the index from which on lines were added or moved. */
  add(lines: readonly Line[]): number
  /** The index of the oldest line that is left: how many were dropped. */
  firstIndex(): number
  /** The index after the newest line. */
  endIndex(): number
  line(index: number): Line | undefined
  /** Lines from `from` to before `to`, as far as they are left. */
  slice(from: number, to: number): readonly Line[]
}

/** How far back a late line is put in its place. A server that sends in any order must not cost more than one. */
const MAX_MOVED = 5_000

/** A line without a time belongs where it arrived. `initial`: lines in order, within the limits. */
export function createLogBook<Line extends BookLine = LogLine>(
  { maxLines, maxChars }: LogLimits,
  initial: readonly Line[] = [],
): LogBook<Line> {
  let lines: Line[] = initial.slice()
  /** How many at the start of `lines` are dropped; they are removed together, since that moves all others. */
  let droppedHere = 0
  let droppedBefore = 0
  let chars = initial.reduce((sum, { text }) => sum + text.length, 0)

  const firstIndex = (): number => droppedBefore + droppedHere
  const endIndex = (): number => droppedBefore + lines.length

  function placeOf({ atMs }: Line): number {
    let place = lines.length
    if (atMs === null) return place
    const lowest = Math.max(droppedHere, place - MAX_MOVED)
    while (place > lowest) {
      const before = lines[place - 1]?.atMs ?? null
      if (before === null || before <= atMs) break
      place -= 1
    }
    return place
  }

  function drop(): void {
    while (lines.length - droppedHere > maxLines || (chars > maxChars && lines.length - droppedHere > 1)) {
      chars -= lines[droppedHere]?.text.length ?? 0
      droppedHere += 1
    }
    if (droppedHere < 1_000 || droppedHere < lines.length / 4) return
    lines = lines.slice(droppedHere)
    droppedBefore += droppedHere
    droppedHere = 0
  }

  return {
    add(added) {
      let changedFrom = endIndex()
      for (const line of added) {
        const place = placeOf(line)
        if (place === lines.length) lines.push(line)
        else {
          lines.splice(place, 0, line)
          changedFrom = Math.min(changedFrom, droppedBefore + place)
        }
        chars += line.text.length
      }
      drop()
      return Math.max(changedFrom, firstIndex())
    },
    firstIndex,
    endIndex,
    line: (index) => (index < firstIndex() ? undefined : lines[index - droppedBefore]),
    slice: (from, to) =>
      lines.slice(Math.max(from, firstIndex()) - droppedBefore, Math.max(0, to - droppedBefore)),
  }
}
