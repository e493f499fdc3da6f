import { type RefObject, useRef } from 'react'
import { Input, SearchField } from 'react-aria-components'
import { useShortcuts } from '../state/shortcuts'
import { useSnapshotStore, useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import { Icon } from '../ui/icon'
import { podsText } from './pods-text'

interface PodSearchProps {
  readonly placeholder?: string
  readonly inputRef?: RefObject<HTMLInputElement | null>
  /** Called for the arrow down, which leaves the field. */
  readonly onLeave?: () => void
}

/** Searches pods by name, id, GPU or data center while typing; Escape clears it. */
export function PodSearch({ placeholder = podsText.filter, inputRef, onLeave }: PodSearchProps) {
  const { snapshotStore } = useWindow()
  const search = useSnapshotStore(({ view }) => view.search)
  const own = useRef<HTMLInputElement>(null)
  const input = inputRef ?? own
  useShortcuts({ search: () => input.current?.select() })
  return (
    <SearchField
      className="search"
      aria-label={podsText.search}
      value={search}
      onChange={(text) => snapshotStore.setView({ search: text })}
    >
      <Icon name="search" size={15} />
      <Input
        ref={input}
        className="search-input"
        placeholder={placeholder}
        maxLength={200}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowDown' || onLeave === undefined) return
          event.preventDefault()
          onLeave()
        }}
      />
      {search === '' ? (
        <kbd aria-hidden="true">/</kbd>
      ) : (
        <Button kind="bare" icon="close" label={podsText.clearSearch} />
      )}
    </SearchField>
  )
}
