import { formatDate } from '../../core/base/text/format'

/** "2:05:09 PM", with the day where it is another than that of `nowMs`. */
export function lineTimeText(atMs: number | null, nowMs: number): string {
  if (atMs === null) return ''
  const time = formatDate(atMs, { hour: 'numeric', minute: '2-digit', second: '2-digit' })
  const isToday = new Date(atMs).toDateString() === new Date(nowMs).toDateString()
  return isToday ? time : `${formatDate(atMs, { day: 'numeric', month: 'short' })}, ${time}`
}
