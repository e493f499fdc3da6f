import type { AccountId } from '../pods/pod'
import { plainText } from '../base/text/plain-text'
import type { AuditEntry } from './audit-log'

export const serverLinkEvents = ['connected', 'disconnected'] as const
export type ServerLinkEvent = (typeof serverLinkEvents)[number]

/** That a server keeps an account from now on, or no longer does. Never its token. */
export interface ServerLinkChange {
  readonly event: ServerLinkEvent
  readonly account: { readonly id: AccountId; readonly name: string }
  /** Of the server's address: its name and port. */
  readonly serverHost: string
}

/** `person`: whom sudo names; undefined: the user. `atMs`: Unix ms. */
export function serverLinkEntry(
  { event, account, serverHost }: ServerLinkChange,
  by: { readonly isFromCommandLine: boolean; readonly person?: string | undefined },
  atMs: number,
): AuditEntry {
  const who = by.person ?? 'You'
  const where = by.isFromCommandLine ? ' on the command line' : ''
  const name = plainText(account.name)
  const host = plainText(serverHost)
  const text =
    event === 'connected'
      ? `${who} connected ${name} to the server ${host}${where}. Only the server acts for it from now on.`
      : `${who} disconnected ${name} from the server ${host}${where}. This computer acts for it again.`
  return {
    atMs,
    accountId: account.id,
    podId: null,
    podName: null,
    kind: 'app',
    what: `server-${event}`,
    text,
    tone: 'plain',
  }
}
