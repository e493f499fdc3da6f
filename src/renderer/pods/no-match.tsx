import { useMirror, useWindow } from '../state/window-context'
import { BlankSlate } from '../ui/blank-slate'
import { Button } from '../ui/button'
import { filterLabels } from './pod-tools'
import type { PodsView } from '../state/pod-filter'

/** There are pods, and none that the search and the filter let through. */
export function NoMatch() {
  const { mirror } = useWindow()
  const view = useMirror((state) => state.view)
  const count = useMirror(({ podsById }) => podsById.size)
  return (
    <BlankSlate
      icon="search"
      title="No pod matches"
      actions={
        <Button kind="primary" onPress={() => mirror.setView({ filter: 'all', search: '' })}>
          {count === 1 ? 'Show the one pod' : `Show all ${count} pods`}
        </Button>
      }
    >
      {noMatchWords(view)}
    </BlankSlate>
  )
}

/** What is asked for in vain. */
export function noMatchWords({ filter, search }: PodsView): string {
  const words = search.trim()
  const where = filter === 'all' ? 'No pod' : `Among “${filterLabels[filter]}” no pod`
  return words === ''
    ? `${where} is there at the moment.`
    : `${where} has “${words}” in its name, id, GPU or data centre.`
}
