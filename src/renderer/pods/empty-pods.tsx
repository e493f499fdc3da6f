import { connectionReason } from '../messages/connection-message'
import { useSnapshotStore, useWindow } from '../state/window-context'
import { BlankSlate } from '../ui/blank-slate'
import { Button } from '../ui/button'

/** Why there are no pods to show, and what can be done about it. */
export function EmptyPods({ onEnterKey }: { readonly onEnterKey: () => void }) {
  const { bridge, snapshotStore } = useWindow()
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
  switch (connection.kind) {
    case 'no-account':
      return null
    case 'connecting':
      return (
        <BlankSlate icon="pods" title="Looking for your pods…">
          This takes a moment. If it does not end, check your network.
        </BlankSlate>
      )
    case 'live':
      return (
        <BlankSlate icon="pods" title="No pods on this account" actions={openRunpodButton}>
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
