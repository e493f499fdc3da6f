import { useRef } from 'react'
import { Input, SearchField } from 'react-aria-components'
import { useShortcuts } from '../state/shortcuts'
import { useSnapshotStore, useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import { Icon } from '../ui/icon'

/** Searches pods by name, id, GPU or data center while typing; Escape clears it. */
export function PodSearch() {
  const { snapshotStore } = useWindow()
  const search = useSnapshotStore(({ view }) => view.search)
  const input = useRef<HTMLInputElement>(null)
  useShortcuts({ search: () => input.current?.select() })
  return (
    <SearchField
      className="search"
      aria-label="Search pods"
      value={search}
      onChange={(text) => snapshotStore.setView({ search: text })}
    >
      <Icon name="search" size={15} />
      <Input ref={input} className="search-input" placeholder="Filter" maxLength={200} />
      {search === '' ? (
        <kbd aria-hidden="true">/</kbd>
      ) : (
        <Button kind="bare" icon="close" label="Clear the search" />
      )}
    </SearchField>
  )
}
