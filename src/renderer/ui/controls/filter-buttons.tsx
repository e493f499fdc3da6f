import { ToggleButton, ToggleButtonGroup } from 'react-aria-components'
import { Choice } from './choice'

interface FilterButtonsProps<T extends string> {
  readonly label: string
  readonly options: readonly { readonly id: T; readonly label: string; readonly count: number }[]
  readonly chosen: T
  readonly onChoose: (id: T) => void
}

/** Filters with how many each finds. Styles of a page show either the buttons or, where it is narrow, the choice. */
export function FilterButtons<T extends string>({ label, options, chosen, onChoose }: FilterButtonsProps<T>) {
  return (
    <>
      <ToggleButtonGroup
        className="segmented filters"
        aria-label={label}
        selectionMode="single"
        disallowEmptySelection
        selectedKeys={[chosen]}
        onSelectionChange={(keys) => {
          const option = options.find(({ id }) => keys.has(id))
          if (option !== undefined) onChoose(option.id)
        }}
      >
        {options.map((option) => (
          <ToggleButton key={option.id} className="filter" id={option.id}>
            {option.label} <span className="count">{option.count}</span>
          </ToggleButton>
        ))}
      </ToggleButtonGroup>
      <div className="narrow">
        <Choice
          label={label}
          options={options.map(({ id, label: name, count }) => ({ id, label: `${name} ${count}` }))}
          chosen={chosen}
          onChoose={onChoose}
        />
      </div>
    </>
  )
}
