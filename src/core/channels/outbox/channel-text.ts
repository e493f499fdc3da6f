import type { AuditEntry } from '../../audit-log/audit-log'
import { appEntry } from '../../audit-log/audit-text'
import type { Instant } from '../../base/time/time'
import type { Channel, ChannelKind, ChannelRoute } from '../channel'
import type { OutgoingAlert } from '../messages/outgoing-alert'
import type { OutboxMessage } from './outbox-message'

/* Texts about channels that app and command line share. */

export const channelKindNames: Readonly<Record<ChannelKind, string>> = {
  ntfy: 'ntfy',
  telegram: 'Telegram',
  slack: 'Slack',
  discord: 'Discord',
  webhook: 'Webhook',
}

export const channelRouteNames: Readonly<Record<ChannelRoute, string>> = {
  always: 'All alerts',
  critical: 'Only critical alerts',
  locked: 'Only while this computer is locked',
  never: 'No alerts',
}

/** Why the buttons of an ntfy channel offer no stop. `mayStop`: null: that can't be found out now. */
export const noStopText = (mayStop: false | null, host: string): string =>
  mayStop === null
    ? `Stop isn’t offered: ${host} didn’t say whether the topic can be read without a token.`
    : 'Stop isn’t offered: only where the server refuses the topic without a token is it known who presses it.'

/** A message that a person asks for. */
export const testAlertOf = (now: Instant, computer: string | null): OutgoingAlert => ({
  kind: 'app',
  accountId: '',
  podId: null,
  episode: `test ${now.wallMs}`,
  podName: null,
  accountName: null,
  computer,
  title: 'Podkeeper can reach you here',
  body: 'This is a test. Alerts will look like this.',
  tone: 'good',
  isCritical: false,
  url: null,
  createdAt: now,
})

/** The entry of the activity log about a message that was given up. */
export function lostEntry({ alert, failure, stateAt }: OutboxMessage, channelName: string): AuditEntry {
  const { accountId, podId, podName, title } = alert
  return {
    atMs: stateAt.wallMs,
    accountId: accountId === '' ? null : accountId,
    podId,
    podName,
    kind: 'alert',
    what: 'channel-lost',
    text: `${title}: not delivered to ${channelName}. ${failure ?? ''}`.trim(),
    tone: 'warning',
  }
}

export function channelEntry(
  { name, kind, host, phone }: Pick<Channel, 'name' | 'kind' | 'host' | 'phone'>,
  what: 'added' | 'changed' | 'removed' | 'address-changed' | 'paired' | 'unpaired',
  atMs: number,
): AuditEntry {
  const channel = `The alert channel ${name} (${channelKindNames[kind]}, ${host})`
  const texts = {
    added: `${channel} was added.`,
    changed: `${channel} was changed.`,
    removed: `${channel} was removed.`,
    'address-changed': `${channel} got another address.`,
    paired:
      phone?.personName == null
        ? `${channel} offers buttons from now on.`
        : `${channel} is paired with ${phone.personName} from now on.`,
    unpaired: kind === 'ntfy' ? `${channel} offers no buttons anymore.` : `${channel} is no longer paired.`,
  }
  return appEntry(`channel-${what}`, texts[what], 'plain', atMs)
}
