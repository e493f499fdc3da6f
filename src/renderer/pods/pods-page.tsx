import { DemoBar } from '../shell/demo-bar'
import { ConnectionStatus } from '../shell/connection-status'
import { AccountMessages } from '../messages/account-messages'
import { ConnectionMessage } from '../messages/connection-message'
import { GuardMessage } from '../messages/guard-message'
import { PauseMessage } from '../messages/pause-message'
import { PodMessages } from '../messages/messages'
import { FleetSummary } from '../money/fleet-summary'
import { PaletteButton } from '../ui/palette-button'
import { isTogether } from '../state/account-parts'
import { useSnapshotStore, useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import { EmptyPods } from './empty-pods'
import { NoMatch } from './no-match'
import { PodList } from './pod-list'
import { PodTools } from './pod-tools'

/** Pods page: cost summary, search and filter, and a card per pod. */
export function PodsPage({ onEnterKey }: { readonly onEnterKey: () => void }) {
  const { bridge, snapshotStore } = useWindow()
  const hasSnapshot = useSnapshotStore(({ snapshot }) => snapshot !== null)
  const hasInventory = useSnapshotStore(({ snapshot }) => snapshot !== null && snapshot.listedAtMs !== null)
  const hasPods = useSnapshotStore(({ snapshot }) => (snapshot?.pods.length ?? 0) > 0)
  const hasEntries = useSnapshotStore(({ snapshot }) => hasPods || (snapshot?.gonePods.length ?? 0) > 0)
  const isSeveral = useSnapshotStore(isTogether)
  const hasVisiblePods = useSnapshotStore(({ sections }) => sections.length > 0)
  return (
    <div className="page">
      <header className="page-head">
        <h1>Pods</h1>
        <ConnectionStatus />
        <Button
          kind="bare"
          icon="refresh"
          label="Refresh now"
          onPress={() => void snapshotStore.runRequest('Not refreshed', bridge.refresh())}
        />
        <PaletteButton />
      </header>
      {hasInventory && hasEntries && <FleetSummary />}
      {hasSnapshot && (
        <PodMessages>
          {(hasEntries || isSeveral) && <ConnectionMessage onEnterKey={onEnterKey} />}
          <AccountMessages />
          <GuardMessage />
          <PauseMessage />
        </PodMessages>
      )}
      <DemoBar />
      {hasPods && <PodTools />}
      {!hasEntries ? (
        <EmptyPods onEnterKey={onEnterKey} />
      ) : (
        <>
          {hasPods && !hasVisiblePods && <NoMatch />}
          <PodList layout="grid" />
        </>
      )}
    </div>
  )
}
