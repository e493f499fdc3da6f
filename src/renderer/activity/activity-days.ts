import type { ListedAuditEntry } from '../../core/audit-log/audit-log'

export interface ActivityDay {
  /** React key, unique among the days. */
  readonly key: string
  readonly title: string
  readonly entries: readonly ListedAuditEntry[]
}

/** Groups entries, newest first, by local day. `nowMs`: Unix ms. */
export function activityDays(entries: readonly ListedAuditEntry[], nowMs: number): readonly ActivityDay[] {
  const days: { key: string; title: string; entries: ListedAuditEntry[] }[] = []
  for (const entry of entries) {
    const key = dayKey(entry.atMs)
    const lastDay = days[days.length - 1]
    if (lastDay?.key === key) lastDay.entries.push(entry)
    else days.push({ key, title: dayTitle(entry.atMs, nowMs), entries: [entry] })
  }
  // The same day can appear twice after the clock was set back, so the index makes each key unique.
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

export const clockTime = (atMs: number): string =>
  new Date(atMs).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })

/** "Tuesday 24 November 2026 at 14:05:12 UTC" */
export const fullTimestamp = (atMs: number): string =>
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
