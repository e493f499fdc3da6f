import { AccountMessages } from '../messages/account-messages'
import { ConnectionMessage } from '../messages/connection-message'
import { GuardMessage } from '../messages/guard-message'
import { PauseMessage } from '../messages/pause-message'
import { PodMessages } from '../messages/messages'
import { isTogether } from '../state/account-parts'
import { useSnapshotStore } from '../state/window-context'
import { useOpenCreates } from './creates/create-cards'
import { DemoTour } from './demo/demo-tour'
import { EmptyPods } from './empty-pods'
import { NoMatch } from './no-match'
import { PodList } from './pod-list'
import { PodTools } from './pod-tools'
import { podsText } from './pods-text'

/** Pods page: search and filter, what needs the user, and a card or row per pod. */
export function PodsPage({ onEnterKey }: { readonly onEnterKey: () => void }) {
  const hasSnapshot = useSnapshotStore(({ snapshot }) => snapshot !== null)
  const hasPods = useSnapshotStore(({ snapshot }) => (snapshot?.pods.length ?? 0) > 0)
  const isCreating = useOpenCreates().length > 0
  const hasEntries = useSnapshotStore(
    ({ snapshot }) => hasPods || isCreating || (snapshot?.gonePods.length ?? 0) > 0,
  )
  const isSeveral = useSnapshotStore(isTogether)
  const hasVisiblePods = useSnapshotStore(({ sections }) => sections.length > 0)
  return (
    <div className="page pods-page">
      <h1 className="unseen">{podsText.title}</h1>
      <DemoTour />
      {hasPods && <PodTools />}
      {hasSnapshot && (
        <PodMessages>
          {(hasEntries || isSeveral) && <ConnectionMessage onEnterKey={onEnterKey} />}
          <AccountMessages />
          <GuardMessage />
          <PauseMessage />
        </PodMessages>
      )}
      {!hasEntries ? (
        <EmptyPods onEnterKey={onEnterKey} />
      ) : (
        <>
          {hasPods && !hasVisiblePods && <NoMatch />}
          <PodList />
        </>
      )}
    </div>
  )
}
