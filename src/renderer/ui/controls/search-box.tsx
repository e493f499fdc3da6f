import { type RefObject, useRef } from 'react'
import { Input, SearchField } from 'react-aria-components'
import { useShortcuts } from '../../state/shortcuts'
import { Button } from '../button'
import { commonText } from '../common-text'
import { Icon } from '../icon'

interface SearchBoxProps {
  readonly label: string
  readonly placeholder: string
  readonly value: string
  readonly onChange: (text: string) => void
  readonly maxLength?: number
  readonly inputRef?: RefObject<HTMLInputElement | null>
  /** Called for the arrow down, which leaves the field. */
  readonly onLeave?: () => void
}

/** Searches a page while typing. Its shortcut selects what is in it; Escape clears it. */
export function SearchBox(props: SearchBoxProps) {
  const { label, placeholder, value, onChange, maxLength = 200, onLeave } = props
  const own = useRef<HTMLInputElement>(null)
  const input = props.inputRef ?? own
  useShortcuts({ search: () => input.current?.select() })
  return (
    <SearchField className="search" aria-label={label} value={value} onChange={onChange}>
      <Icon name="search" size={15} />
      <Input
        ref={input}
        className="search-input"
        placeholder={placeholder}
        maxLength={maxLength}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowDown' || onLeave === undefined) return
          event.preventDefault()
          onLeave()
        }}
      />
      {value === '' ? (
        <kbd aria-hidden="true">/</kbd>
      ) : (
        <Button kind="bare" icon="close" shortcut={commonText.escKey} label={commonText.clearSearch} />
      )}
    </SearchField>
  )
}
