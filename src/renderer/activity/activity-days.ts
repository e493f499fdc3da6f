import { formatDate, formatTimeOfDay } from '../../core/base/text/format'
import type { ActivityRow } from '../../core/audit-log/activity-rows'
import { dayText } from './activity-text'

export interface ActivityDay {
  /** React key, unique among the days. */
  readonly key: string
  readonly title: string
  readonly rows: readonly ActivityRow[]
}

/** Groups rows, newest first, by the local day of their places. `nowMs`: Unix ms. */
export function activityDays(rows: readonly ActivityRow[], nowMs: number): readonly ActivityDay[] {
  const days: { key: string; title: string; rows: ActivityRow[] }[] = []
  for (const row of rows) {
    const { atMs } = row.place
    const key = dayKey(atMs)
    const lastDay = days[days.length - 1]
    if (lastDay?.key === key) lastDay.rows.push(row)
    else days.push({ key, title: dayTitle(atMs, nowMs), rows: [row] })
  }
  // The same day can appear twice after the clock was set back, so the count makes each key unique. Older days that are
  // added change no key.
  const counts = new Map<string, number>()
  return days.map((day) => {
    const count = (counts.get(day.key) ?? 0) + 1
    counts.set(day.key, count)
    return { ...day, key: `${day.key} ${count}` }
  })
}

const dayKey = (atMs: number): string => new Date(atMs).toDateString()

function dayTitle(atMs: number, nowMs: number): string {
  const now = new Date(nowMs)
  const yesterday = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1)
  if (dayKey(atMs) === now.toDateString()) return dayText.today
  if (dayKey(atMs) === yesterday.toDateString()) return dayText.yesterday
  const isThisYear = new Date(atMs).getFullYear() === now.getFullYear()
  return formatDate(atMs, {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    ...(isThisYear ? {} : { year: 'numeric' }),
  })
}

export const clockTime = (atMs: number): string => formatTimeOfDay(atMs)

/** "14:05:12", to tell the steps of an action apart. */
export const clockTimeWithSeconds = (atMs: number): string =>
  formatDate(atMs, { hour: 'numeric', minute: '2-digit', second: '2-digit' })

/** "Tuesday 24 November 2026 at 14:05:12 UTC" */
export const fullTimestamp = (atMs: number): string =>
  formatDate(atMs, {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'short',
  })
