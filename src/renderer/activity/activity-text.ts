import type { AuditEntry, AuditKind } from '../../core/audit-log/audit-log'
import type { IconName } from '../ui/icon'

export const kindFilterLabels: { readonly [K in AuditKind | 'all']: string } = {
  all: 'Everything',
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
