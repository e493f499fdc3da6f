import { formatAgo, formatNumber, formatRemaining } from '../../core/base/format'
import type { LogLine } from '../../core/logs/log-line'
import type { LogViewState } from '../../shared/log-requests'

/** Where the log stands. Unix ms. */
export function logStateText(state: LogViewState, lastLineMs: number | null, nowMs: number): string {
  const last = lastLineMs === null ? '' : `, last line ${formatAgo(nowMs - lastLineMs)}`
  switch (state.kind) {
    case 'opening':
      return 'Connecting…'
    case 'live':
      return `Live from Runpod${last}`
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
