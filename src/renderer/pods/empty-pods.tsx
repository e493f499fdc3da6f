import { connectionReason } from '../messages/connection-text'
import type { AccountId } from '../../core/pods/pod'
import { isTogether } from '../state/account-parts'
import type { SnapshotStoreState } from '../state/snapshot-store'
import { useSnapshotStore, useWindow } from '../state/window-context'
import { BlankSlate } from '../ui/blank-slate'
import { Button } from '../ui/button'

/** Why there are no pods to show, and what can be done about it. */
export function EmptyPods({ onEnterKey }: { readonly onEnterKey: () => void }) {
  const { bridge, snapshotStore, navigate } = useWindow()
  const isSeveral = useSnapshotStore(isTogether)
  const pausedId = useSnapshotStore(pausedAccountId)
  const connection = useSnapshotStore(({ snapshot }) => snapshot?.connection ?? null)
  const nowMs = useSnapshotStore(({ snapshot }) => snapshot?.atMs ?? 0)
  const isPartial = useSnapshotStore(({ snapshot }) => snapshot?.isListPartial ?? false)
  if (connection === null) return null
  const reason = connectionReason(connection, nowMs)
  const refreshButton = (
    <Button kind="primary" onPress={() => void snapshotStore.runRequest('Not refreshed', bridge.refresh())}>
      Try now
    </Button>
  )
  const openRunpodButton = (
    <Button onPress={() => void snapshotStore.runRequest('Not opened', bridge.openPage('console'))}>
      Open Runpod
    </Button>
  )
  const enterKeyButton = (
    <Button kind="primary" onPress={onEnterKey}>
      Enter a key
    </Button>
  )
  const manageButton = <Button onPress={() => navigate('settings', 'accounts')}>Manage accounts</Button>
  if (pausedId !== null) {
    const watchAgain = () =>
      void snapshotStore.runRequest('Not watched again', bridge.changeAccount(pausedId, { isPaused: false }))
    return (
      <BlankSlate
        icon="pods"
        title="This account is paused"
        actions={
          <Button kind="primary" onPress={watchAgain}>
            Watch again
          </Button>
        }
      >
        Nothing watches or stops its pods, and its costs are not counted.
      </BlankSlate>
    )
  }
  if (isSeveral && connection.kind !== 'live' && connection.kind !== 'connecting')
    return (
      <BlankSlate icon="cloudOff" title="No account can be watched now" actions={manageButton}>
        Pods appear here as soon as one of your accounts answers.
      </BlankSlate>
    )
  switch (connection.kind) {
    case 'no-account':
      return connection.keptKey === undefined ? null : (
        <BlankSlate
          icon="lock"
          title={`The key ending in ${connection.keptKey.ending} cannot be used`}
          actions={manageButton}
        >
          {connection.keptKey.reason}
        </BlankSlate>
      )
    case 'connecting':
      return (
        <BlankSlate icon="pods" title="Looking for your pods…">
          This takes a moment. If it does not end, check your network.
        </BlankSlate>
      )
    case 'live':
      return (
        <BlankSlate
          icon="pods"
          title={isSeveral ? 'No pods on these accounts' : 'No pods on this account'}
          actions={openRunpodButton}
        >
          {isPartial
            ? 'Runpod’s list could only be read in part, so there may be some after all. It is asked again by itself.'
            : 'When one starts, here or elsewhere, it appears within a minute.'}
        </BlankSlate>
      )
    case 'offline':
      return (
        <BlankSlate icon="cloudOff" tone="bad" title="Runpod does not answer" actions={refreshButton}>
          {reason} It is tried again by itself; meanwhile check your network.
        </BlankSlate>
      )
    case 'unreadable':
      return (
        <BlankSlate icon="page" tone="bad" title="That is not Runpod’s answer" actions={refreshButton}>
          {reason} A proxy or a sign-in page of your network may be in the way.
        </BlankSlate>
      )
    case 'rate-limited':
      return (
        <BlankSlate icon="cloudOff" title="Too many requests" actions={openRunpodButton}>
          {reason}
        </BlankSlate>
      )
    case 'key-doubted':
      return (
        <BlankSlate icon="lock" title="Runpod refused the key once" actions={enterKeyButton}>
          {reason}
        </BlankSlate>
      )
    case 'key-refused':
      return (
        <BlankSlate icon="lock" tone="bad" title="Runpod no longer accepts this key" actions={enterKeyButton}>
          {reason}
        </BlankSlate>
      )
    case 'forbidden':
      return (
        <BlankSlate icon="lock" tone="bad" title="This key may not look at pods" actions={enterKeyButton}>
          {reason} Give it read access in Runpod, or enter another one.
        </BlankSlate>
      )
  }
}

/** The account that is shown, or the only one, while a person paused it. */
function pausedAccountId({ snapshot, shownAccountId }: SnapshotStoreState): AccountId | null {
  const accounts = snapshot?.accounts ?? []
  const shown =
    accounts.length === 1 ? accounts[0] : accounts.find(({ entry }) => entry.id === shownAccountId)
  return shown?.entry.isPaused === true ? shown.entry.id : null
}
