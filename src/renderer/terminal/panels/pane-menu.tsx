import { useEffect, useRef } from 'react'
import { Menu, MenuItem, Popover } from 'react-aria-components'
import { isMac } from '../../ui/key-name'
import type { Screen } from '../screen/xterm-screen'

/** In the window, px. */
export interface MenuPlace {
  readonly x: number
  readonly y: number
}

interface PaneMenuProps {
  readonly place: MenuPlace
  readonly screen: Screen
  readonly onClose: () => void
  readonly onCopy: () => void
  readonly onClear: () => void
  readonly onSearch: () => void
}

/** What can be done with what a terminal shows. A page cannot read the clipboard, so pasting is by its stroke. */
export function PaneMenu({ place, screen, onClose, onCopy, onClear, onSearch }: PaneMenuProps) {
  const anchor = useRef<HTMLSpanElement>(null)
  const chosen = useRef<string | null>(null)
  const search = useRef(onSearch)
  useEffect(
    () => () => {
      // Not before the menu is gone, which would take the keyboard back.
      if (chosen.current === 'search') search.current()
    },
    [],
  )
  const isCopyable = screen.selection() !== ''
  const stroke = (mac: string, other: string) => <kbd aria-hidden="true">{isMac() ? mac : other}</kbd>
  const items = [
    { id: 'copy', label: 'Copy', keys: stroke('⌘C', 'Ctrl Shift C'), run: onCopy },
    { id: 'paste', label: 'Paste: press', keys: stroke('⌘V', 'Ctrl Shift V'), run: () => undefined },
    { id: 'all', label: 'Select all', keys: null, run: () => screen.selectAll() },
    { id: 'clear', label: 'Clear', keys: null, run: onClear },
    { id: 'search', label: 'Search', keys: stroke('⌘F', 'Ctrl Shift F'), run: () => undefined },
  ]
  return (
    <>
      <span ref={anchor} className="menu-anchor" style={{ left: place.x, top: place.y }} />
      <Popover
        className="menu-popover"
        triggerRef={anchor}
        isOpen
        placement="bottom start"
        offset={2}
        onOpenChange={(isOpen) => {
          if (isOpen) return
          onClose()
          if (chosen.current === null) screen.focus()
        }}
      >
        <Menu
          className="menu"
          aria-label="Terminal"
          autoFocus="first"
          disabledKeys={isCopyable ? ['paste'] : ['copy', 'paste']}
          onAction={(key) => {
            const item = items.find(({ id }) => id === key)
            chosen.current = item?.id ?? null
            onClose()
            if (key === 'search') return
            screen.focus()
            item?.run()
          }}
        >
          {items.map(({ id, label, keys }) => (
            <MenuItem key={id} id={id} className="menu-item" textValue={label}>
              {label} {keys}
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </>
  )
}
