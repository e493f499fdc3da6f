import type { ListedActivity } from '../../core/audit-log/audit-log'

export interface ActivityDay {
  /** For React; the same for all entries of a day. */
  readonly key: string
  readonly title: string
  readonly entries: readonly ListedActivity[]
}

/** Entries, newest first, under the days that they fell on here. `nowMs`: Unix ms. */
export function activityDays(entries: readonly ListedActivity[], nowMs: number): readonly ActivityDay[] {
  const days: { key: string; title: string; entries: ListedActivity[] }[] = []
  for (const entry of entries) {
    const key = dayKey(entry.atMs)
    const last = days[days.length - 1]
    if (last?.key === key) last.entries.push(entry)
    else days.push({ key, title: dayTitle(entry.atMs, nowMs), entries: [entry] })
  }
  // A clock that was set back leads to the same day twice.
  return days.map((day, index) => ({ ...day, key: `${day.key} ${days.length - index}` }))
}

const dayKey = (atMs: number): string => new Date(atMs).toDateString()

function dayTitle(atMs: number, nowMs: number): string {
  const now = new Date(nowMs)
  const yesterday = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1)
  if (dayKey(atMs) === now.toDateString()) return 'Today'
  if (dayKey(atMs) === yesterday.toDateString()) return 'Yesterday'
  const isThisYear = new Date(atMs).getFullYear() === now.getFullYear()
  return new Date(atMs).toLocaleDateString('en-GB', {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    ...(isThisYear ? {} : { year: 'numeric' }),
  })
}

export const timeOf = (atMs: number): string =>
  new Date(atMs).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })

/** "Tuesday 24 November 2026 at 14:05:12 UTC" */
export const momentOf = (atMs: number): string =>
  new Date(atMs).toLocaleString('en-GB', {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'short',
  })
