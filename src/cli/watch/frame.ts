import type { Snapshot } from '../../core/view/snapshot'
import { span, type StyledLine } from '../output/color'
import { podTable } from '../output/pod-text'
import { statusText } from '../commands/commands-text'
import { summaryLines } from '../commands/status'
import { wrapText } from '../output/text'
import { frameText } from './watch-text'

export interface FrameInput {
  readonly snapshot: Snapshot
  /** Recent events, oldest first. */
  readonly recentEvents: readonly string[]
  /** Why this process is read-only, or null. */
  readonly roleNote: string | null
  readonly columns: number
  readonly rows: number
}

/** Renders the live view: current rate, pods, recent events and the time of the next poll. At most `rows` lines. */
export function renderFrame(input: FrameInput): readonly StyledLine[] {
  const { snapshot, columns, rows } = input
  const header = [...summaryLines(snapshot, columns), ...noteLines(input), []]
  const footer: StyledLine[] = [[], [span(footerText(snapshot), 'dim')]]
  const maxRows = Math.max(0, rows - header.length - footer.length)
  const table =
    snapshot.pods.length > 0
      ? podTable(snapshot, columns)
      : [[span(snapshot.listedAtMs === null ? frameText.noData : statusText.noPods)]]
  const shown = truncateTable(table, maxRows)
  const recentEvents = eventLines(input.recentEvents, columns, maxRows - shown.length - 1)
  return [...header, ...shown, ...(recentEvents.length > 0 ? [[], ...recentEvents] : []), ...footer].slice(
    0,
    rows,
  )
}

function noteLines({ snapshot, roleNote, columns }: FrameInput): StyledLine[] {
  const { accounts } = snapshot
  const notes = [
    ...(accounts.length < 2
      ? connectionNotes(snapshot)
      : accounts.flatMap((part) => connectionNotes(part).map((note) => `${part.entry.name}: ${note}`))),
    ...(roleNote === null ? [] : [roleNote]),
  ]
  return notes.flatMap((note) => wrapText(note, columns)).map((text): StyledLine => [span(text, 'warn')])
}

function connectionNotes({ connection, listedAtMs }: Pick<Snapshot, 'connection' | 'listedAtMs'>): string[] {
  return [
    ...('failure' in connection ? [connection.failure] : []),
    ...(connection.kind !== 'live' && listedAtMs !== null ? [frameText.lastUpdated(listedAtMs)] : []),
  ]
}

/** A table that doesn't fit ends with the number of hidden rows. */
function truncateTable(table: readonly StyledLine[], maxRows: number): readonly StyledLine[] {
  if (table.length <= maxRows) return table
  const kept = table.slice(0, Math.max(0, maxRows - 1))
  return [...kept, [span(frameText.more(table.length - kept.length), 'dim')]]
}

/** The latest events that fit. Each is shown from its beginning. */
function eventLines(recentEvents: readonly string[], columns: number, maxRows: number): StyledLine[] {
  let lines: string[] = []
  for (const text of [...recentEvents].reverse()) {
    const wrapped = wrapText(text, columns)
    if (lines.length > 0 && lines.length + wrapped.length > maxRows) break
    lines = [...wrapped, ...lines]
  }
  return lines.slice(0, Math.max(0, maxRows)).map((text) => [span(text, 'dim')])
}

function footerText({ connection }: Snapshot): string {
  return [
    connection.kind === 'key-refused' ? frameText.keyTriedAgain(connection.nextTryAtMs) : null,
    frameText.quit,
  ]
    .filter((text) => text !== null)
    .join(' · ')
}
