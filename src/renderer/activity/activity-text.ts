import type { AuditExportFormat } from '../../core/audit-log/audit-export'
import type { AuditEntry, AuditKind, AuditTone } from '../../core/audit-log/audit-log'
import { formatMoment, formatNumber } from '../../core/base/text/format'
import type { IconName } from '../ui/icon'
import type { ActivitySpan } from './activity-view'

export const activityText = {
  empty: 'Alerts, stops and starts appear here, with the reason for each.',
  noneYet: 'No activity yet',
  noMatch: 'No matching activity',
  noEntries: 'The log has no entries yet.',
  showAll: 'Show all activity',
  showEarlier: 'Show earlier',
  couldNotRead: (reason: string) => `Couldn’t read the activity log: ${reason}`,
  /** `text`: how far it has looked. */
  stillSearching: (text: string) => `${text} Still searching…`,
  newAlerts: (count: number) => (count === 1 ? 'new alert' : 'new alerts'),
} as const

export const entryText = {
  jsonCopied: 'JSON copied',
  couldNotCopyJson: 'Couldn’t copy the JSON',
  copyAsJson: 'Copy as JSON',
  podId: (id: string) => `Pod ID ${id}`,
  reason: (reason: string) => `Reason: ${reason}`,
  showOnly: (pod: string) => `Show only ${pod}`,
} as const

export const activityToolsText = {
  search: 'Search activity',
  searchHint: 'Search',
  clearFilters: 'Clear filters',
  kind: 'Kind',
  outcome: 'Outcome',
  time: 'Time',
  pod: 'Pod',
  account: 'Account',
  all: 'All',
  export: 'Export',
  exportAs: 'Export as',
  saved: (path: string) => `Saved to ${path}`,
  couldNotExport: 'Couldn’t export',
} as const

export const exportFormatLabels: { readonly [K in AuditExportFormat]: string } = {
  csv: 'CSV',
  jsonl: 'JSON lines',
}

export const dayText = { today: 'Today', yesterday: 'Yesterday' } as const

export const kindFilterLabels: { readonly [K in AuditKind | 'all']: string } = {
  all: 'All',
  alert: 'Alerts',
  decision: 'Decisions',
  intent: 'Actions',
  rule: 'Rules',
  key: 'Key',
  connection: 'Connection',
  app: 'Podkeeper',
}

export const kindLabels: { readonly [K in AuditKind]: string } = {
  alert: 'Alert',
  decision: 'Decision',
  intent: 'Action',
  rule: 'Rule',
  key: 'Key',
  connection: 'Connection',
  app: 'Podkeeper',
}

export const outcomeFilterLabels: { readonly [K in AuditTone | 'all']: string } = {
  all: 'Any',
  good: 'Good',
  warning: 'Warning',
  bad: 'Problem',
  plain: 'Note',
}

export const spanLabels: { readonly [K in ActivitySpan | 'all']: string } = {
  all: 'Any',
  hour: 'Last hour',
  day: 'Last 24 hours',
  week: 'Last 7 days',
  month: 'Last 30 days',
}

/** Icon and label of each tone, because color alone is not accessible. */
export const toneIcons: {
  readonly [K in AuditEntry['tone']]: {
    readonly icon: IconName
    readonly tone: string
    readonly label: string
  }
} = {
  good: { icon: 'check', tone: 'ok', label: 'Good' },
  plain: { icon: 'circle', tone: 'mute', label: 'Note' },
  warning: { icon: 'warning', tone: 'idle', label: 'Warning' },
  bad: { icon: 'close', tone: 'bad', label: 'Problem' },
}

/** How far a filter has looked: "Searched 12,500 entries, back to Nov 3, 2:05 PM." */
export function lookedText(lines: number, toMs: number | null, nowMs: number): string {
  const entries = lines === 1 ? '1 entry' : `${formatNumber(lines, 0)} entries`
  return `Searched ${entries}${toMs === null ? '' : `, back to ${formatMoment(toMs, { nowMs })}`}.`
}
