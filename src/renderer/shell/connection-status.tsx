import type { Snapshot } from '../../core/view/snapshot'
import { isTogether } from '../state/account-parts'
import { useSnapshotStore } from '../state/window-context'
import { ClockText } from '../ui/labels/clock-text'
import { connectionText, connectionTone, type LiveAccounts, liveAccountsText } from './connection-text'

/** Whether the connections work, and how old the data is. `isShort`: only the age while they do. */
export function ConnectionStatus({ isShort = false }: { readonly isShort?: boolean }) {
  const connection = useSnapshotStore(({ snapshot }) => snapshot?.connection ?? null)
  const listedAtMs = useSnapshotStore(({ snapshot }) => snapshot?.listedAtMs ?? null)
  const accountsJson = useSnapshotStore((state) =>
    isTogether(state) ? liveAccountsJson(state.snapshot) : null,
  )
  const shortened = (text: string): string =>
    isShort ? text.replace(/^live · /, '').replace(/ · connecting…$/, '') : text
  const isFirstList = connection?.kind === 'connecting' && listedAtMs !== null
  if (accountsJson !== null && !isFirstList)
    return <AccountsStatus {...(JSON.parse(accountsJson) as LiveAccounts)} />
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

/** How many of the accounts are watched now. Each of the others has a message of its own. */
function AccountsStatus(accounts: LiveAccounts) {
  const { liveCount, count } = accounts
  const isAll = liveCount === count
  return (
    <span className={`connection ${count === 0 ? 'mute' : isAll ? 'ok' : liveCount === 0 ? 'bad' : 'idle'}`}>
      <span className="dot" />
      <span>
        <ClockText textAt={(nowMs) => liveAccountsText(accounts, nowMs)} />
      </span>
    </span>
  )
}

function liveAccountsJson(snapshot: Snapshot | null): string | null {
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
