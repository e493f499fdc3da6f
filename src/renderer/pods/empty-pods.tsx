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
    <Button
      kind="primary"
      onPress={() => void snapshotStore.runRequest('Couldn’t refresh', bridge.refresh())}
    >
      Try now
    </Button>
  )
  const openRunpodButton = (
    <Button onPress={() => void snapshotStore.runRequest('Couldn’t open Runpod', bridge.openPage('console'))}>
      Open Runpod
    </Button>
  )
  const enterKeyButton = (
    <Button kind="primary" onPress={onEnterKey}>
      Replace key
    </Button>
  )
  const manageButton = <Button onPress={() => navigate('settings', 'accounts')}>Manage accounts</Button>
  if (pausedId !== null) {
    const watchAgain = () =>
      void snapshotStore.runRequest(
        'Couldn’t resume watching',
        bridge.changeAccount(pausedId, { isPaused: false }),
      )
    return (
      <BlankSlate
        icon="pods"
        title="This account is paused"
        actions={
          <Button kind="primary" onPress={watchAgain}>
            Resume watching
          </Button>
        }
      >
        Its pods aren’t watched or stopped, and its costs aren’t counted.
      </BlankSlate>
    )
  }
  if (isSeveral && connection.kind !== 'live' && connection.kind !== 'connecting')
    return (
      <BlankSlate icon="cloudOff" title="No account is responding" actions={manageButton}>
        Pods appear here as soon as one of your accounts responds.
      </BlankSlate>
    )
  switch (connection.kind) {
    case 'no-account':
      return connection.keptKey === undefined ? null : (
        <BlankSlate
          icon="lock"
          title={`The key ending in ${connection.keptKey.ending} can’t be used`}
          actions={manageButton}
        >
          {connection.keptKey.reason}
        </BlankSlate>
      )
    case 'connecting':
      return (
        <BlankSlate icon="pods" title="Looking for your pods…">
          This takes a moment. If nothing appears, check your network.
        </BlankSlate>
      )
    case 'live':
      return (
        <BlankSlate
          icon="pods"
          title={isSeveral ? 'No pods on these accounts' : 'No pods on this account'}
          actions={
            <>
              <Button kind="primary" icon="plus" onPress={() => navigate('new-pod')}>
                New pod
              </Button>
              {openRunpodButton}
            </>
          }
        >
          {isPartial
            ? 'Only part of Runpod’s list could be read, so there may be pods after all. Podkeeper tries again automatically.'
            : 'New pods appear within a minute, wherever you start them.'}
        </BlankSlate>
      )
    case 'offline':
      return (
        <BlankSlate icon="cloudOff" tone="bad" title="Runpod isn’t responding" actions={refreshButton}>
          {reason} Podkeeper keeps trying. Check your network in the meantime.
        </BlankSlate>
      )
    case 'unreadable':
      return (
        <BlankSlate icon="page" tone="bad" title="The answer didn’t come from Runpod" actions={refreshButton}>
          {reason} A proxy or a sign-in page on your network may be in the way.
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
        <BlankSlate icon="lock" tone="bad" title="This key can’t list pods" actions={enterKeyButton}>
          {reason} Give it read access in Runpod, or add another key.
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
