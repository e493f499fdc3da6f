import { DemoBar } from '../shell/demo-bar'
import { ConnectionStatus } from '../shell/connection-status'
import { AccountMessages } from '../messages/account-messages'
import { ConnectionMessage } from '../messages/connection-message'
import { GuardMessage } from '../messages/guard-message'
import { PauseMessage } from '../messages/pause-message'
import { PodMessages } from '../messages/messages'
import { FleetSummary } from '../money/fleet-summary'
import { PaletteField } from '../ui/palette-field'
import { useMirror, useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import { EmptyPods } from './empty-pods'
import { NoMatch } from './no-match'
import { PodList } from './pod-list'
import { PodTools } from './pod-tools'

/** All pods: what they burn, the ways to look through them, and a card for each. */
export function PodsPage({ onEnterKey }: { readonly onEnterKey: () => void }) {
  const { bridge, mirror } = useWindow()
  const isKnown = useMirror(({ snapshot }) => snapshot !== null)
  const hasPicture = useMirror(({ snapshot }) => snapshot !== null && snapshot.pictureAtMs !== null)
  const hasPods = useMirror(({ podsById }) => podsById.size > 0)
  const hasEntries = useMirror(({ snapshot }) => hasPods || (snapshot?.tombstones.length ?? 0) > 0)
  const hasShown = useMirror(({ sections }) => sections.length > 0)
  return (
    <div className="page">
      <header className="page-head">
        <h1>Pods</h1>
        <ConnectionStatus />
        <Button
          kind="bare"
          icon="refresh"
          label="Refresh now"
          onPress={() => void mirror.report('Not refreshed', bridge.refresh())}
        />
        <PaletteField />
      </header>
      {hasPicture && hasEntries && <FleetSummary />}
      {isKnown && (
        <PodMessages>
          {hasEntries && <ConnectionMessage onEnterKey={onEnterKey} />}
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
          {hasPods && !hasShown && <NoMatch />}
          <PodList layout="grid" />
        </>
      )}
    </div>
  )
}
