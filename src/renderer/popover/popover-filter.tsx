import { useRef } from 'react'
import { AccountMenu } from '../accounts/account-menu'
import { PodSearch } from '../pods/pod-search'
import { useSnapshotStore, useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import { useVisibility } from './use-visibility'
import { popoverText } from './popover-text'

/** Fewer pods are all in view. */
const SEARCHED_FROM = 5

/** Chooses among many pods by typing, and among several accounts; leads to a new pod. */
export function PopoverFilter({ onEnterKey }: { readonly onEnterKey: () => void }) {
  const { snapshotStore, navigate } = useWindow()
  const count = useSnapshotStore(({ snapshot }) => snapshot?.pods.length ?? 0)
  const isSeveral = useSnapshotStore(({ wholeSnapshot }) => (wholeSnapshot?.accounts.length ?? 0) > 1)
  const isSearching = useSnapshotStore(({ view }) => view.search !== '')
  const input = useRef<HTMLInputElement>(null)
  const hasSearch = count >= SEARCHED_FROM || isSearching
  useVisibility((isVisible) => {
    if (!isVisible) snapshotStore.setView({ search: '' })
    // Typing filters at once, unless a question or a field is waiting.
    else if (document.activeElement === document.body) input.current?.focus({ preventScroll: true })
  })
  if (!hasSearch && !isSeveral) return null
  return (
    <div className="pop-filter">
      <AccountMenu onAdd={onEnterKey} />
      {hasSearch && (
        <PodSearch
          placeholder={popoverText.filter(count)}
          inputRef={input}
          onLeave={() => document.querySelector<HTMLElement>('main [id^="pod-"]')?.focus()}
        />
      )}
      <Button icon="plus" label={popoverText.newPod} onPress={() => navigate('new-pod')} />
    </div>
  )
}
