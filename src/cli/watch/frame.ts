import { formatClock } from '../../core/base/format'
import type { Snapshot } from '../../core/view/snapshot'
import { type Line, span } from '../output/color'
import { podTable } from '../output/pod-text'
import { summaryOf } from '../commands/status'
import { wrapTo } from '../output/text'

export interface FrameInput {
  readonly snapshot: Snapshot
  /** What happened lately, oldest first. */
  readonly news: readonly string[]
  /** Why this process does not act, or null. */
  readonly roleNote: string | null
  readonly columns: number
  readonly rows: number
}

/** The live picture: what burns, the pods, the news, and when the next look comes. Never more lines than `rows`. */
export function frameLines(input: FrameInput): readonly Line[] {
  const { snapshot, columns, rows } = input
  const head = [
    ...wrapTo(summaryOf(snapshot), columns).map((text): Line => [span(text, 'strong')]),
    ...noteLines(input),
    [],
  ]
  const foot: Line[] = [[], [span(footText(snapshot), 'dim')]]
  const room = Math.max(0, rows - head.length - foot.length)
  const table =
    snapshot.pods.length > 0
      ? podTable(snapshot, columns)
      : [[span(snapshot.pictureAtMs === null ? 'Nothing was seen yet.' : 'No pods.')]]
  const shown = shortened(table, room)
  const news = newsLines(input.news, columns, room - shown.length - 1)
  return [...head, ...shown, ...(news.length > 0 ? [[], ...news] : []), ...foot].slice(0, rows)
}

function noteLines({ snapshot, roleNote, columns }: FrameInput): Line[] {
  const { connection, pictureAtMs } = snapshot
  const failure = 'failure' in connection ? connection.failure : null
  const notes = [
    ...(failure === null ? [] : [failure]),
    ...(connection.kind !== 'live' && pictureAtMs !== null
      ? [`What is shown was seen at ${formatClock(pictureAtMs)}.`]
      : []),
    ...(roleNote === null ? [] : [roleNote]),
  ]
  return notes.flatMap((note) => wrapTo(note, columns)).map((text): Line => [span(text, 'warn')])
}

/** A table longer than the room for it says how much of it is missing. */
function shortened(table: readonly Line[], room: number): readonly Line[] {
  if (table.length <= room) return table
  const kept = table.slice(0, Math.max(0, room - 1))
  return [...kept, [span(`… ${table.length - kept.length} more`, 'dim')]]
}

/** The latest news, as many as there is room for. Each is shown from its beginning. */
function newsLines(news: readonly string[], columns: number, room: number): Line[] {
  let lines: string[] = []
  for (const text of [...news].reverse()) {
    const wrapped = wrapTo(text, columns)
    if (lines.length > 0 && lines.length + wrapped.length > room) break
    lines = [...wrapped, ...lines]
  }
  return lines.slice(0, Math.max(0, room)).map((text) => [span(text, 'dim')])
}

function footText({ connection }: Snapshot): string {
  return [connection.kind === 'key-refused' ? 'not asking any more' : null, 'q quits']
    .filter((text) => text !== null)
    .join(' · ')
}
