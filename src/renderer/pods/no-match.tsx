import { useSnapshotStore, useWindow } from '../state/window-context'
import { BlankSlate } from '../ui/blank-slate'
import { Button } from '../ui/button'
import { noMatchText, podsText } from './pods-text'

/** Shown when pods exist but none matches the search and the filter. */
export function NoMatch() {
  const { snapshotStore } = useWindow()
  const view = useSnapshotStore((state) => state.view)
  const count = useSnapshotStore(({ snapshot }) => snapshot?.pods.length ?? 0)
  return (
    <BlankSlate
      icon="search"
      title={podsText.noResults}
      actions={
        <Button kind="primary" onPress={() => snapshotStore.setView({ filter: 'all', search: '' })}>
          {podsText.showAll(count)}
        </Button>
      }
    >
      {noMatchText(view)}
    </BlankSlate>
  )
}
