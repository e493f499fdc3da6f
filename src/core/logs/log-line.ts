import type { RawLogLine } from '../pods/pod-logs'

/** A line of a pod's log that is safe to show anywhere: no control characters but tabs, and no secret of the pod. */
export interface LogLine extends Omit<RawLogLine, 'isCut'> {
  /** Parts of the text that its program colored, in order and apart. Absent: none. */
  readonly styles?: readonly LineStyle[]
}

/** What a program may do to its text. Backgrounds and exact colors are left out, so that everything stays readable. */
export const styleNames = [
  'red',
  'green',
  'yellow',
  'blue',
  'magenta',
  'cyan',
  'bold',
  'dim',
  'italic',
  'underline',
  'strike',
] as const

export type StyleName = (typeof styleNames)[number]

export interface LineStyle {
  /** Indexes of UTF-16 code units; `to` is exclusive. */
  readonly from: number
  readonly to: number
  readonly names: readonly StyleName[]
}

export interface StyledText {
  readonly text: string
  readonly styles: readonly LineStyle[]
}

/** Ranges of a text, in order and apart. `to` is exclusive. */
export interface TextRange {
  readonly from: number
  readonly to: number
}

/** Ranges in order, those that touch each other as one. */
export function mergeRanges(ranges: readonly TextRange[]): readonly TextRange[] {
  const merged: { from: number; to: number }[] = []
  for (const { from, to } of [...ranges].sort((a, b) => a.from - b.from)) {
    const last = merged.at(-1)
    if (last !== undefined && from <= last.to) last.to = Math.max(last.to, to)
    else merged.push({ from, to })
  }
  return merged
}

/** Replaces each of `ranges`, which are in order and apart; the styles stay with the text around them. */
export function replaceRanges(line: StyledText, ranges: readonly TextRange[], by: string): StyledText {
  if (ranges.length === 0) return line
  let text = ''
  let end = 0
  for (const { from, to } of ranges) {
    text += line.text.slice(end, from) + by
    end = to
  }
  text += line.text.slice(end)
  /** Where an index comes to stand; within a range, at its start or its end. */
  const moved = (index: number, isStart: boolean): number => {
    let shift = 0
    for (const { from, to } of ranges) {
      if (index <= from) break
      if (index < to) return from + shift + (isStart ? 0 : by.length)
      shift += by.length - (to - from)
    }
    return index + shift
  }
  const styles: LineStyle[] = []
  for (const { from, to, names } of line.styles) {
    const start = Math.max(moved(from, true), styles.at(-1)?.to ?? 0)
    const stop = moved(to, false)
    if (start < stop) styles.push({ from: start, to: stop, names })
  }
  return { text, styles }
}
