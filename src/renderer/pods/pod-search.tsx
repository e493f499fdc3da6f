import type { RefObject } from 'react'
import { useSnapshotStore, useWindow } from '../state/window-context'
import { SearchBox } from '../ui/controls/search-box'
import { podsText } from './pods-text'

interface PodSearchProps {
  readonly placeholder?: string
  readonly inputRef?: RefObject<HTMLInputElement | null>
  /** Called for the arrow down, which leaves the field. */
  readonly onLeave?: () => void
}

/** Filters pods by words and limits of the price while typing. */
export function PodSearch({ placeholder = podsText.filter, ...props }: PodSearchProps) {
  const { snapshotStore } = useWindow()
  const search = useSnapshotStore(({ view }) => view.search)
  return (
    <SearchBox
      label={podsText.search}
      placeholder={placeholder}
      value={search}
      onChange={(text) => snapshotStore.setView({ search: text })}
      {...props}
    />
  )
}
