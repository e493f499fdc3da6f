import type { ActivityEntry, ActivityLog } from '../audit-log/audit-log'
import type { Announcement } from './alert'
import type { AccountId, PodId } from '../pods/pod'
import { shortName } from '../pods/pod-name'
import type { Clock } from '../base/clock'
import type { SshFailure, SshServerName } from '../terminal/host-key'

/** What becomes of a terminal, as far as it is worth writing down. */
export type TerminalNews =
  | { readonly kind: 'opened'; readonly server: SshServerName }
  /** `reason` is a sentence. */
  | { readonly kind: 'ended'; readonly reason: string }
  | { readonly kind: 'failed'; readonly failure: SshFailure }

/** Writes down what becomes of terminals, and warns of host keys that changed. */
export interface TerminalNewsDesk {
  readonly noteTerminal: (podId: PodId, podName: string, news: TerminalNews) => void
  /** The host keys that are wrong now. */
  announcements(): readonly Announcement[]
}

/** `tell`: announces what is new, at once. */
export function createTerminalNewsDesk(
  accountId: AccountId,
  log: Pick<ActivityLog, 'record'>,
  clock: Pick<Clock, 'now'>,
  tell: (announcement: Announcement) => void,
): TerminalNewsDesk {
  const wrongKeys = new Map<PodId, Announcement>()
  return {
    noteTerminal(podId, podName, news) {
      if (news.kind === 'failed' && news.failure.kind === 'host-key-changed') {
        const announcement = hostKeyAnnouncement(accountId, podId, podName, news.failure)
        wrongKeys.set(podId, announcement)
        // It is written down with that.
        tell(announcement)
        return
      }
      if (news.kind === 'opened') wrongKeys.delete(podId)
      const said = wordsOf(podName, news)
      if (said)
        log.record({ atMs: clock.now().wallMs, accountId, podId, podName, kind: 'connection', ...said })
    },
    announcements: () => [...wrongKeys.values()],
  }
}

/** Another key is another episode. */
function hostKeyAnnouncement(
  accountId: AccountId,
  podId: PodId,
  podName: string,
  { offered, known, server }: Extract<SshFailure, { readonly kind: 'host-key-changed' }>,
): Announcement {
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
    body: `${whose} shows another key than before, and no restart explains it. The terminal is blocked, and nothing was sent.`,
    tone: 'bad',
    isCritical: false,
    buttons: [],
  }
}

type Said = Pick<ActivityEntry, 'what' | 'text' | 'tone'>

function wordsOf(podName: string, news: TerminalNews): Said | null {
  switch (news.kind) {
    case 'opened': {
      const { route, host, port } = news.server
      const way = route === 'direct' ? `directly at ${host}:${port}` : `through ${host}`
      return { what: 'terminal-opened', text: `A terminal on ${podName} was opened, ${way}.`, tone: 'plain' }
    }
    case 'ended':
      return { what: 'terminal-ended', text: `A terminal on ${podName} ended. ${news.reason}`, tone: 'plain' }
    case 'failed':
      if (news.failure.kind !== 'host-key-revoked') return null
      return {
        what: 'terminal-blocked',
        text: `A terminal on ${podName} was blocked: known_hosts says that the server's key is revoked.`,
        tone: 'bad',
      }
  }
}
