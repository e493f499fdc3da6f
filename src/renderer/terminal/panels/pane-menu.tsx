import { useEffect, useRef } from 'react'
import { Menu, MenuItem, Popover } from 'react-aria-components'
import { isMac } from '../../ui/shortcut-label'
import type { XtermScreen } from '../screen/xterm-screen'

/** Viewport coordinates, px. */
export interface MenuPosition {
  readonly x: number
  readonly y: number
}

interface PaneMenuProps {
  readonly position: MenuPosition
  readonly screen: XtermScreen
  readonly onClose: () => void
  readonly onCopy: () => void
  readonly onClear: () => void
  readonly onSearch: () => void
}

/**
 * Context menu of a terminal. Paste is listed with its shortcut only, because a page can't read the
 * clipboard.
 */
export function PaneMenu({ position, screen, onClose, onCopy, onClear, onSearch }: PaneMenuProps) {
  const anchorRef = useRef<HTMLSpanElement>(null)
  const chosenId = useRef<string | null>(null)
  const latestOnSearch = useRef(onSearch)
  useEffect(
    () => () => {
      // Deferred until the menu has closed, since closing restores the focus.
      if (chosenId.current === 'search') latestOnSearch.current()
    },
    [],
  )
  const hasSelection = screen.selection() !== ''
  const shortcutHint = (mac: string, other: string) => <kbd aria-hidden="true">{isMac() ? mac : other}</kbd>
  const items = [
    { id: 'copy', label: 'Copy', keys: shortcutHint('⌘C', 'Ctrl Shift C'), run: onCopy },
    { id: 'paste', label: 'Paste: press', keys: shortcutHint('⌘V', 'Ctrl Shift V'), run: () => undefined },
    { id: 'all', label: 'Select all', keys: null, run: () => screen.selectAll() },
    { id: 'clear', label: 'Clear', keys: null, run: onClear },
    { id: 'search', label: 'Search', keys: shortcutHint('⌘F', 'Ctrl Shift F'), run: () => undefined },
  ]
  return (
    <>
      <span ref={anchorRef} className="menu-anchor" style={{ left: position.x, top: position.y }} />
      <Popover
        className="menu-popover"
        triggerRef={anchorRef}
        isOpen
        placement="bottom start"
        offset={2}
        onOpenChange={(isOpen) => {
          if (isOpen) return
          onClose()
          if (chosenId.current === null) screen.focus()
        }}
      >
        <Menu
          className="menu"
          aria-label="Terminal"
          autoFocus="first"
          disabledKeys={hasSelection ? ['paste'] : ['copy', 'paste']}
          onAction={(key) => {
            const item = items.find(({ id }) => id === key)
            chosenId.current = item?.id ?? null
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
