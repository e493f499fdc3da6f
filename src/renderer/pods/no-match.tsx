import { useSnapshotStore, useWindow } from '../state/window-context'
import { BlankSlate } from '../ui/blank-slate'
import { Button } from '../ui/button'
import { filterLabels } from './pod-tools'
import type { PodsView } from '../state/arrange/pod-filter'

/** Shown when pods exist but none matches the search and the filter. */
export function NoMatch() {
  const { snapshotStore } = useWindow()
  const view = useSnapshotStore((state) => state.view)
  const count = useSnapshotStore(({ snapshot }) => snapshot?.pods.length ?? 0)
  return (
    <BlankSlate
      icon="search"
      title="No results"
      actions={
        <Button kind="primary" onPress={() => snapshotStore.setView({ filter: 'all', search: '' })}>
          {count === 1 ? 'Show the pod' : `Show all ${count} pods`}
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
  const scope = filter === 'all' ? '' : ` in “${filterLabels[filter]}”`
  return query === ''
    ? `There are no pods${scope} right now.`
    : `No pod${scope} has “${query}” in its name, ID, GPU or data center.`
}
