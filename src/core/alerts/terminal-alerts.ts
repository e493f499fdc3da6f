import type { AuditEntry, AuditLog } from '../audit-log/audit-log'
import type { PendingAlert } from './alert'
import type { AccountId, PodId } from '../pods/pod'
import { shortName } from '../pods/pod-name'
import type { Clock } from '../base/time/clock'
import type { CommandEnd } from '../terminal/commands/command-tracker'
import type { SshFailure, SshServerName } from '../terminal/host-key'
import type { TerminalId } from '../terminal/terminal'
import { commandAlert } from './command-alert'

/** Terminal events that are logged. */
export type TerminalLogEvent =
  | { readonly kind: 'opened'; readonly server: SshServerName }
  /** `reason` is a sentence. */
  | { readonly kind: 'ended'; readonly reason: string }
  | { readonly kind: 'failed'; readonly failure: SshFailure }
  /** A command ended that nobody saw, or whose end a person wants to know. */
  | {
      readonly kind: 'command-ended'
      readonly terminalId: TerminalId
      readonly end: CommandEnd
      readonly isRequested: boolean
    }
  /** A person saw the terminal, or closed it. */
  | { readonly kind: 'seen'; readonly terminalId: TerminalId }

/** Logs terminal events, and alerts about changed host keys and commands that ended. */
export interface TerminalAlerts {
  readonly onTerminalEvent: (podId: PodId, podName: string, event: TerminalLogEvent) => void
  /** Alerts for host keys that currently mismatch, and for ends of commands that nobody saw. */
  pendingAlerts(): readonly PendingAlert[]
}

/** `dispatch` receives new alerts immediately. */
export function createTerminalAlerts(
  accountId: AccountId,
  auditLog: Pick<AuditLog, 'record'>,
  clock: Pick<Clock, 'now'>,
  dispatch: (alert: PendingAlert) => void,
): TerminalAlerts {
  const changedKeyAlerts = new Map<PodId, PendingAlert>()
  /** The last one of each terminal. */
  const commandAlerts = new Map<TerminalId, PendingAlert>()
  return {
    onTerminalEvent(podId, podName, event) {
      if (event.kind === 'command-ended') {
        const pod = { id: podId, name: podName }
        const alert = commandAlert(accountId, pod, event.terminalId, event.end, clock.now().wallMs)
        const pending = event.isRequested ? { ...alert, isRequested: true } : alert
        commandAlerts.set(event.terminalId, pending)
        dispatch(pending)
        return
      }
      if (event.kind === 'seen') {
        commandAlerts.delete(event.terminalId)
        return
      }
      if (event.kind === 'failed' && event.failure.kind === 'host-key-changed') {
        const alert = hostKeyAlert(accountId, podId, podName, event.failure)
        changedKeyAlerts.set(podId, alert)
        // Dispatching also logs it.
        dispatch(alert)
        return
      }
      if (event.kind === 'opened') changedKeyAlerts.delete(podId)
      const entry = entryContentOf(podName, event)
      if (entry)
        auditLog.record({ atMs: clock.now().wallMs, accountId, podId, podName, kind: 'connection', ...entry })
    },
    pendingAlerts: () => [...changedKeyAlerts.values(), ...commandAlerts.values()],
  }
}

/** A different key starts a new episode. */
function hostKeyAlert(
  accountId: AccountId,
  podId: PodId,
  podName: string,
  { offered, known, server }: Extract<SshFailure, { readonly kind: 'host-key-changed' }>,
): PendingAlert {
  const whose = server.route === 'proxy' ? 'The proxy' : 'The pod'
  return {
    key: {
      kind: 'host-key-changed',
      accountId,
      podId,
      episode: `${known.fingerprint} ${offered.fingerprint}`,
    },
    podName,
    title: `The host key of ${shortName(podName, 60)} changed`,
    body: `${whose} offers a different key than before, and no restart explains it. The terminal is blocked, and nothing was sent.`,
    tone: 'bad',
    isCritical: false,
    buttons: [],
  }
}

type TerminalEntryContent = Pick<AuditEntry, 'what' | 'text' | 'tone'>

function entryContentOf(
  podName: string,
  event: Exclude<TerminalLogEvent, { readonly kind: 'command-ended' | 'seen' }>,
): TerminalEntryContent | null {
  switch (event.kind) {
    case 'opened': {
      const { route, host, port } = event.server
      const way = route === 'direct' ? `directly at ${host}:${port}` : `through ${host}`
      return { what: 'terminal-opened', text: `A terminal on ${podName} was opened, ${way}.`, tone: 'plain' }
    }
    case 'ended':
      return {
        what: 'terminal-ended',
        text: `A terminal on ${podName} ended. ${event.reason}`,
        tone: 'plain',
      }
    case 'failed':
      if (event.failure.kind !== 'host-key-revoked') return null
      return {
        what: 'terminal-blocked',
        text: `A terminal on ${podName} was blocked: known_hosts says that the server's key is revoked.`,
        tone: 'bad',
      }
  }
}
