import { accountName } from '../../core/view/account-name'
import { connectionMessageText, connectionReason, stopsWaitText } from './connection-text'
import { slowPollsText } from './messages-text'
import type { AccountId } from '../../core/pods/pod'
import { partOf } from '../../core/view/snapshot'
import { isTogether, shownService } from '../state/account-parts'
import type { SnapshotStoreState } from '../state/snapshot-store'
import { useSnapshotStore, useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import { ClockText } from '../ui/labels/clock-text'
import { Message } from '../ui/message'
import { commonText } from '../ui/common-text'

/**
 * Why pods are out of date or missing, and what can be done: of each account that is shown, with its name where there
 * are several. With one account, shown only when there are pods to be out of date.
 */
export function ConnectionMessage({ onEnterKey }: { readonly onEnterKey: () => void }) {
  const isSeveral = useSnapshotStore(isTogether)
  const idsJson = useSnapshotStore(({ snapshot }) =>
    JSON.stringify(snapshot === null ? [] : snapshot.accounts.map(({ entry }) => entry.id)),
  )
  if (!isSeveral) return <AccountConnection accountId={null} onEnterKey={onEnterKey} />
  return (JSON.parse(idsJson) as AccountId[]).map((id) => (
    <AccountConnection key={id} accountId={id} onEnterKey={onEnterKey} />
  ))
}

interface AccountConnectionProps {
  /** Null: the only one that is shown. */
  readonly accountId: AccountId | null
  readonly onEnterKey: () => void
}

function AccountConnection({ accountId, onEnterKey }: AccountConnectionProps) {
  const { bridge, snapshotStore, navigate } = useWindow()
  const partOfSnapshot = ({ snapshot }: SnapshotStoreState) =>
    snapshot === null || accountId === null ? snapshot : (partOf(snapshot, accountId) ?? null)
  const name = useSnapshotStore(({ snapshot }) => accountName(snapshot, accountId))
  const isPaused = useSnapshotStore(({ snapshot }) =>
    snapshot === null || accountId === null ? false : partOf(snapshot, accountId)?.entry.isPaused,
  )
  const connection = useSnapshotStore((state) => partOfSnapshot(state)?.connection ?? null)
  const listedAtMs = useSnapshotStore((state) => partOfSnapshot(state)?.listedAtMs ?? null)
  const isFirstList = useSnapshotStore(({ snapshot }) => snapshot?.connection.kind === 'connecting')
  const isPartial = useSnapshotStore((state) => partOfSnapshot(state)?.isListPartial ?? false)
  const service = useSnapshotStore(({ snapshot, shownAccountId }) =>
    shownService({ snapshot, shownAccountId: accountId ?? shownAccountId }),
  )
  const mode = useSnapshotStore((state) => partOfSnapshot(state)?.guard.autoStop ?? 'off')
  const nowMs = useSnapshotStore(({ snapshot }) => snapshot?.atMs ?? 0)
  const watchersJson = useSnapshotStore((state) => JSON.stringify(watcherNames(state, accountId)))
  const watchers = JSON.parse(watchersJson) as readonly string[]
  if (connection === null || isPaused || (listedAtMs === null && name === null)) return null
  // While no account has answered, the status line says how old the pods are, and nothing pushes them down.
  if (isFirstList && connection.kind === 'connecting' && listedAtMs !== null) return null
  const label = name !== null && <b>{name}: </b>
  if (connection.kind === 'live') {
    return (
      <>
        {isPartial && (
          <Message tone="idle">
            {label}
            {connectionMessageText.listPartial}
          </Message>
        )}
        {connection.slowedToMs !== undefined && (
          <Message tone="mute">
            {label}
            {slowPollsText(connection.slowedToMs)}
          </Message>
        )}
      </>
    )
  }
  if (connection.kind === 'no-account') {
    if (connection.keptKey === undefined) return null
    const manage = () => navigate('settings', 'accounts')
    return (
      <Message tone="idle" actions={<Button onPress={manage}>{connectionMessageText.manageAccounts}</Button>}>
        {label}
        <b>{connectionMessageText.keyUnusable(connection.keptKey.ending)}</b> {connection.keptKey.reason}
      </Message>
    )
  }
  const isKeyAtFault = connection.kind === 'key-refused' || connection.kind === 'forbidden'
  const isArmed = mode === 'ticked' || mode === 'all'
  const refreshNow = () =>
    void snapshotStore.runRequest(connectionMessageText.couldNotRefresh, bridge.refresh())
  const tryNowButton = <Button onPress={refreshNow}>{commonText.tryNow}</Button>
  const canRetry = connection.kind === 'offline' || connection.kind === 'unreadable'
  return (
    <Message
      tone={canRetry || isKeyAtFault ? 'bad' : 'idle'}
      isStacked={isKeyAtFault}
      actions={
        isKeyAtFault ? (
          <>
            <Button kind="primary" onPress={onEnterKey}>
              {connectionMessageText.replaceKey}
            </Button>
            {tryNowButton}
          </>
        ) : canRetry ? (
          tryNowButton
        ) : undefined
      }
    >
      <b>{connectionMessageText.dataFrom(name, listedAtMs, nowMs)}</b>{' '}
      <ClockText textAt={(atMs) => connectionReason(connection, atMs, { watchers, service })} />
      {isArmed && ` ${stopsWaitText(watchers, service)}`}
    </Message>
  )
}

/** What a person calls the accounts that watch pods of this one in its place. */
function watcherNames(
  { wholeSnapshot, shownAccountId }: SnapshotStoreState,
  accountId: AccountId | null,
): readonly string[] {
  const id = accountId ?? shownAccountId
  if (wholeSnapshot === null || id === null) return []
  return (partOf(wholeSnapshot, id)?.shownBy ?? []).flatMap(
    (other) => accountName(wholeSnapshot, other) ?? [],
  )
}
