import { formatAgo } from '../../core/base/format'
import type { Snapshot } from '../../core/view/snapshot'
import { isTogether } from '../state/account-parts'
import { useSnapshotStore } from '../state/window-context'
import { ClockText } from '../ui/clock-text'
import { connectionText, connectionTone } from './connection-text'

/** Whether the connections work, and how old the data is. `isShort`: only the age while they do. */
export function ConnectionStatus({ isShort = false }: { readonly isShort?: boolean }) {
  const connection = useSnapshotStore(({ snapshot }) => snapshot?.connection ?? null)
  const listedAtMs = useSnapshotStore(({ snapshot }) => snapshot?.listedAtMs ?? null)
  const accountsText = useSnapshotStore((state) =>
    isTogether(state) ? liveAccountsText(state.snapshot) : null,
  )
  const shortened = (text: string): string => (isShort ? text.replace(/^live · /, '') : text)
  if (accountsText !== null) return <AccountsStatus {...(JSON.parse(accountsText) as LiveAccounts)} />
  if (connection === null || connection.kind === 'no-account') return <span className="connection" />
  return (
    <span className={`connection ${connectionTone(connection)}`}>
      <span className="dot" />
      <span>
        <ClockText textAt={(nowMs) => shortened(connectionText(connection, listedAtMs, nowMs))} />
      </span>
    </span>
  )
}

interface LiveAccounts {
  readonly liveCount: number
  /** Of those that are not paused. */
  readonly count: number
  /** Unix ms; null when no account that is live was listed yet. */
  readonly listedAtMs: number | null
}

/** How many of the accounts are watched now. Each of the others has a message of its own. */
function AccountsStatus({ liveCount, count, listedAtMs }: LiveAccounts) {
  const isAll = liveCount === count
  const what = isAll ? 'all live' : `${liveCount} of ${count} live`
  return (
    <span className={`connection ${count === 0 ? 'mute' : isAll ? 'ok' : liveCount === 0 ? 'bad' : 'idle'}`}>
      <span className="dot" />
      <span>
        <ClockText
          textAt={(nowMs) =>
            count === 0
              ? 'all paused'
              : listedAtMs === null
                ? what
                : `${what} · ${formatAgo(nowMs - listedAtMs)}`
          }
        />
      </span>
    </span>
  )
}

function liveAccountsText(snapshot: Snapshot | null): string | null {
  if (snapshot === null) return null
  const watched = snapshot.accounts.filter(({ entry }) => !entry.isPaused)
  const live = watched.filter(({ connection }) => connection.kind === 'live')
  const times = live.flatMap(({ listedAtMs }) => listedAtMs ?? [])
  const accounts: LiveAccounts = {
    liveCount: live.length,
    count: watched.length,
    listedAtMs: times.length === 0 ? null : Math.min(...times),
  }
  return JSON.stringify(accounts)
}
