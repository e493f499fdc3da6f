import type { ActivityEntry, ActivityKind } from '../../core/audit-log/audit-log'
import type { IconName } from '../ui/icon'

export const kindLabels: { readonly [K in ActivityKind | 'all']: string } = {
  all: 'Everything',
  alert: 'Alerts',
  decision: 'Decisions',
  intent: 'Actions',
  rule: 'Rules',
  key: 'Key',
  connection: 'Connection',
  app: 'Podkeeper',
}

/** What one entry is. */
export const kindNames: { readonly [K in ActivityKind]: string } = {
  alert: 'Alert',
  decision: 'Decision',
  intent: 'Action',
  rule: 'Rule',
  key: 'Key',
  connection: 'Connection',
  app: 'Podkeeper',
}

/** What an entry's mark looks like, and what it is called: never by colour alone. */
export const toneMarks: {
  readonly [K in ActivityEntry['tone']]: {
    readonly icon: IconName
    readonly tone: string
    readonly label: string
  }
} = {
  good: { icon: 'check', tone: 'ok', label: 'Good' },
  plain: { icon: 'circle', tone: 'mute', label: 'Note' },
  warning: { icon: 'warning', tone: 'idle', label: 'Warning' },
  bad: { icon: 'close', tone: 'bad', label: 'Trouble' },
}
