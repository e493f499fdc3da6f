import { connectionReason } from '../messages/connection-text'
import type { AccountId } from '../../core/pods/pod'
import { isTogether, shownService } from '../state/account-parts'
import type { SnapshotStoreState } from '../state/snapshot-store'
import { useSnapshotStore, useWindow } from '../state/window-context'
import { BlankSlate } from '../ui/blank-slate'
import { Button } from '../ui/button'
import { OpenServiceButton } from '../ui/controls/open-service-button'
import { commonText } from '../ui/common-text'
import { emptyPodsText } from './pods-text'

/** Why there are no pods to show, and what can be done about it. */
export function EmptyPods({ onEnterKey }: { readonly onEnterKey: () => void }) {
  const { bridge, snapshotStore, navigate } = useWindow()
  const isSeveral = useSnapshotStore(isTogether)
  const pausedId = useSnapshotStore(pausedAccountId)
  const connection = useSnapshotStore(({ snapshot }) => snapshot?.connection ?? null)
  const nowMs = useSnapshotStore(({ snapshot }) => snapshot?.atMs ?? 0)
  const service = useSnapshotStore(shownService)
  const isPartial = useSnapshotStore(({ snapshot }) => snapshot?.isListPartial ?? false)
  if (connection === null) return null
  const reason = connectionReason(connection, nowMs, { service })
  const refreshNow = () => void snapshotStore.runRequest(emptyPodsText.couldNotRefresh, bridge.refresh())
  const refreshButton = (
    <Button kind="primary" onPress={refreshNow}>
      {commonText.tryNow}
    </Button>
  )
  const enterKeyButton = (
    <Button kind="primary" onPress={onEnterKey}>
      {emptyPodsText.replaceKey}
    </Button>
  )
  const keyButtons = (
    <>
      {enterKeyButton}
      <Button onPress={refreshNow}>{commonText.tryNow}</Button>
    </>
  )
  const manageButton = (
    <Button onPress={() => navigate('settings', 'accounts')}>{emptyPodsText.manageAccounts}</Button>
  )
  if (pausedId !== null) {
    const watchAgain = () =>
      void snapshotStore.runRequest(
        emptyPodsText.couldNotResume,
        bridge.changeAccount(pausedId, { isPaused: false }),
      )
    return (
      <BlankSlate
        icon="pods"
        title={emptyPodsText.paused}
        actions={
          <Button kind="primary" onPress={watchAgain}>
            {emptyPodsText.resume}
          </Button>
        }
      >
        {emptyPodsText.pausedHelp}
      </BlankSlate>
    )
  }
  if (isSeveral && connection.kind !== 'live' && connection.kind !== 'connecting')
    return (
      <BlankSlate icon="cloudOff" title={emptyPodsText.noneResponds} actions={manageButton}>
        {emptyPodsText.noneRespondsHelp}
      </BlankSlate>
    )
  switch (connection.kind) {
    case 'no-account':
      return connection.keptKey === undefined ? null : (
        <BlankSlate
          icon="lock"
          title={emptyPodsText.keyUnusable(connection.keptKey.ending)}
          actions={manageButton}
        >
          {connection.keptKey.reason}
        </BlankSlate>
      )
    case 'connecting':
      return (
        <BlankSlate icon="pods" title={emptyPodsText.connecting}>
          {emptyPodsText.connectingHelp}
        </BlankSlate>
      )
    case 'live':
      return (
        <BlankSlate
          icon="pods"
          title={isSeveral ? emptyPodsText.noneOnThese : emptyPodsText.noneOnThis}
          actions={
            <>
              <Button kind="primary" icon="plus" onPress={() => navigate('new-pod')}>
                {emptyPodsText.newPod}
              </Button>
              <OpenServiceButton />
            </>
          }
        >
          {isPartial ? emptyPodsText.partial : emptyPodsText.appearSoon}
        </BlankSlate>
      )
    case 'offline':
      return (
        <BlankSlate icon="cloudOff" tone="bad" title={emptyPodsText.offline(service)} actions={refreshButton}>
          {reason} {emptyPodsText.offlineHelp}
        </BlankSlate>
      )
    case 'unreadable':
      return (
        <BlankSlate icon="page" tone="bad" title={emptyPodsText.unreadable(service)} actions={refreshButton}>
          {reason} {emptyPodsText.unreadableHelp}
        </BlankSlate>
      )
    case 'rate-limited':
      return (
        <BlankSlate icon="cloudOff" title={emptyPodsText.rateLimited} actions=<OpenServiceButton />>
          {reason}
        </BlankSlate>
      )
    case 'key-doubted':
      return (
        <BlankSlate icon="lock" title={emptyPodsText.keyDoubted(service)} actions={enterKeyButton}>
          {reason}
        </BlankSlate>
      )
    case 'key-refused':
      return (
        <BlankSlate icon="lock" tone="bad" title={emptyPodsText.keyRefused(service)} actions={keyButtons}>
          {reason}
        </BlankSlate>
      )
    case 'forbidden':
      return (
        <BlankSlate icon="lock" tone="bad" title={emptyPodsText.forbidden} actions={keyButtons}>
          {reason} {emptyPodsText.forbiddenHelp(service)}
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
