import { formatAgo, formatNumber, formatRemaining } from '../../core/base/text/format'
import type { LogLine } from '../../core/logs/log-line'
import type { LogViewState } from '../../shared/requests/pod/log-requests'

/** Where the log stands. Unix ms. */
export function logStateText(state: LogViewState, lastLineMs: number | null, nowMs: number): string {
  const last = lastLineMs === null ? '' : `, last line ${formatAgo(nowMs - lastLineMs)}`
  switch (state.kind) {
    case 'opening':
      return 'Connecting…'
    case 'live':
      return `Live${last}`
    case 'waiting': {
      const leftMs = state.untilMs - nowMs
      const when = leftMs < 1_000 ? 'Reconnecting…' : `Reconnecting in ${formatRemaining(leftMs)}`
      return state.why === null ? `${when}${last}` : `${sentence(state.why)} ${when}`
    }
    case 'failed':
      return sentence(state.why)
  }
}

const sentence = (text: string): string => (/[.!?…]$/.test(text) ? text : `${text}.`)

/** "12,345 lines, 20 older ones left out, 3 unreadable". */
export function lineCountText(
  { lines, dropped }: { lines: number; dropped: number },
  leftOutCount: number,
): string {
  const parts = [lines === 1 ? '1 line' : `${formatNumber(lines)} lines`]
  if (dropped > 0) parts.push(`${formatNumber(dropped)} older ones left out`)
  if (leftOutCount > 0) parts.push(`${formatNumber(leftOutCount)} unreadable`)
  return parts.join(', ')
}

/** "3 of 41", "No matches". */
export function matchText(place: number | null, count: number, isComplete: boolean): string {
  if (count === 0) return isComplete ? 'No matches' : 'Searching…'
  const total = `${formatNumber(count)}${isComplete ? '' : '+'}`
  if (place !== null) return `${formatNumber(place)} of ${total}`
  return count === 1 && isComplete ? '1 match' : `${total} matches`
}

/** A line of a saved log. */
export const savedLine = ({ atMs, source, text }: LogLine): string =>
  `${atMs === null ? '-' : new Date(atMs).toISOString()} ${source} ${text}\n`

export const logText = {
  lines: 'Lines of the log',
  system: 'System:',
  source: 'Source',
  /** `count`: 0 for a part of a line; `isAll`: no older line was left out. */
  copied(count: number, isAll: boolean): string {
    if (count === 0) return 'Copied the selected text'
    const lines = count === 1 ? '1 line' : `${formatNumber(count)} lines`
    return isAll ? `Copied ${lines}` : `Copied the newest ${lines}`
  },
  couldNotCopy: 'The log couldn’t be copied',
  notSaved: 'The log wasn’t saved',
  saved: (path: string) => `Saved to ${path}`,
  follow: 'Follow',
  timestamps: 'Timestamps',
  wrap: 'Wrap',
  save: 'Save as…',
  latest: 'Latest',
  empty: 'No lines yet',
  emptyHelp: {
    all: 'Output of the pod’s container and messages from its host appear here.',
    container: 'Output of the pod’s container appears here.',
    system: 'Messages from the pod’s host, such as image pulls and starts, appear here.',
  } satisfies Readonly<Record<ShownSource, string>>,
  search: 'Search the log',
  searchHint: 'Search',
} as const

/** Whose lines are shown. */
export const shownSources = [
  { id: 'all', label: 'All' },
  { id: 'container', label: 'Container' },
  { id: 'system', label: 'System' },
] as const

export type ShownSource = (typeof shownSources)[number]['id']
