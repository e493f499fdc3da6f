import { useSnapshotStore, useWindow } from '../state/window-context'
import { BlankSlate } from '../ui/blank-slate'
import { Button } from '../ui/button'
import { filterLabels } from './pod-tools'
import type { PodsView } from '../state/pod-filter'

/** Shown when pods exist but none matches the search and the filter. */
export function NoMatch() {
  const { snapshotStore } = useWindow()
  const view = useSnapshotStore((state) => state.view)
  const count = useSnapshotStore(({ snapshot }) => snapshot?.pods.length ?? 0)
  return (
    <BlankSlate
      icon="search"
      title="No pod matches"
      actions={
        <Button kind="primary" onPress={() => snapshotStore.setView({ filter: 'all', search: '' })}>
          {count === 1 ? 'Show the one pod' : `Show all ${count} pods`}
        </Button>
      }
    >
      {noMatchText(view)}
    </BlankSlate>
  )
}

/** Describes the search and filter that match nothing. */
export function noMatchText({ filter, search }: PodsView): string {
  const query = search.trim()
  const scope = filter === 'all' ? 'No pod' : `Among “${filterLabels[filter]}” no pod`
  return query === ''
    ? `${scope} is there at the moment.`
    : `${scope} has “${query}” in its name, id, GPU or data centre.`
}
