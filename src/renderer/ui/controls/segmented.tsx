import { ToggleButton, ToggleButtonGroup } from 'react-aria-components'
import { formatNumber } from '../../../core/base/text/format'

export interface SegmentedProps<T extends string> {
  readonly label: string
  /** `count`: how many there are of it. */
  readonly options: readonly { readonly id: T; readonly label: string; readonly count?: number }[]
  readonly chosen: T
  readonly onChoose: (id: T) => void
  readonly className?: string
}

/** Buttons of a toolbar of which one is pressed. */
export function Segmented<T extends string>(props: SegmentedProps<T>) {
  const { label, options, chosen, onChoose, className = '' } = props
  return (
    <ToggleButtonGroup
      className={`segmented ${className}`}
      aria-label={label}
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[chosen]}
      onSelectionChange={(keys) => {
        const option = options.find(({ id }) => keys.has(id))
        if (option !== undefined) onChoose(option.id)
      }}
    >
      {options.map(({ id, label: text, count }) => (
        // Tab reaches the chosen one, and arrow keys the others.
        <ToggleButton key={id} className="filter" id={id} excludeFromTabOrder={id !== chosen}>
          {text} {count !== undefined && <span className="count">{formatNumber(count)}</span>}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  )
}
