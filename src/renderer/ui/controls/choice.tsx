import { Button, Label, ListBox, ListBoxItem, Popover, Select, SelectValue } from 'react-aria-components'
import { Icon } from '../icon'

interface ChoiceProps<T extends string> {
  readonly label: string
  /** Stands in the button before what is chosen, in the place of the label. */
  readonly prefix?: string
  readonly options: readonly { readonly id: T; readonly label: string }[]
  readonly chosen: T
  readonly onChoose: (id: T) => void
}

/** Selects one of a few options. */
export function Choice<T extends string>({ label, prefix, options, chosen, onChoose }: ChoiceProps<T>) {
  return (
    <Select
      className="choice"
      value={chosen}
      onChange={(key) => {
        const option = options.find(({ id }) => id === key)
        if (option !== undefined) onChoose(option.id)
      }}
    >
      <Label className={prefix === undefined ? undefined : 'unseen'}>{label}</Label>
      <Button className={prefix === undefined ? 'button' : 'button bare'} data-prefix={prefix}>
        <SelectValue />
        <Icon name="chevron" size={14} />
      </Button>
      <Popover className="menu-popover" offset={4} placement="bottom end">
        <ListBox className="menu">
          {options.map((option) => (
            <ListBoxItem className="menu-item" key={option.id} id={option.id} textValue={option.label}>
              {({ isSelected }) => (
                <>
                  {option.label}
                  {isSelected && <Icon name="check" size={14} />}
                </>
              )}
            </ListBoxItem>
          ))}
        </ListBox>
      </Popover>
    </Select>
  )
}
