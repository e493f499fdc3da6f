import type { ReactNode } from 'react'
import { Button, MenuItem, MenuTrigger, Popover, type PopoverProps } from 'react-aria-components'
import { Icon } from '../icon'

interface MenuButtonProps {
  readonly text: ReactNode
  /** Accessible name, where the text doesn't name its object. */
  readonly label?: string
  /** Without a border. */
  readonly isBare?: boolean
  /** What is wrong with what was chosen; null: nothing. */
  readonly problem?: string | null
  readonly placement: NonNullable<PopoverProps['placement']>
  readonly popoverClass?: string
  /** The menu, and what stands above or below it. */
  readonly children: ReactNode
}

/** A button with a word that opens a menu. */
export function MenuButton(props: MenuButtonProps) {
  const { text, label, isBare = false, problem = null, placement, popoverClass, children } = props
  return (
    <MenuTrigger>
      <Button
        className={`button with-menu${isBare ? ' bare' : ''}`}
        data-problem={problem ?? undefined}
        aria-label={label}
      >
        {text}
        <Icon name="chevron" size={14} />
      </Button>
      <Popover
        className={popoverClass === undefined ? 'menu-popover' : `menu-popover ${popoverClass}`}
        placement={placement}
        offset={4}
      >
        {children}
      </Popover>
    </MenuTrigger>
  )
}

interface CheckItemProps {
  readonly id: string
  readonly text: string
  /** In place of the text. */
  readonly children?: ReactNode
}

/** An item that is checked while it is selected. */
export const CheckItem = ({ id, text, children = <bdi>{text}</bdi> }: CheckItemProps) => (
  <MenuItem id={id} className="menu-item" textValue={text}>
    {({ isSelected }) => (
      <>
        {children}
        {isSelected && <Icon name="check" size={14} />}
      </>
    )}
  </MenuItem>
)
