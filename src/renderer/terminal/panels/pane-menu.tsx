import { useEffect, useRef } from 'react'
import { Menu, MenuItem, Popover } from 'react-aria-components'
import { terminalShortcutLabel } from '../../ui/shortcut-label'
import type { XtermScreen } from '../screen/xterm-screen'
import { commonText } from '../../ui/common-text'
import { paneText } from './panels-text'

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
  const shortcutHint = (letter: string) => <kbd aria-hidden="true">{terminalShortcutLabel(letter)}</kbd>
  const items = [
    { id: 'copy', label: commonText.copy, keys: shortcutHint('C'), run: onCopy },
    { id: 'paste', label: paneText.pressToPaste, keys: shortcutHint('V'), run: () => undefined },
    { id: 'all', label: paneText.selectAll, keys: null, run: () => screen.selectAll() },
    { id: 'clear', label: paneText.clear, keys: null, run: onClear },
    { id: 'search', label: paneText.search, keys: shortcutHint('F'), run: () => undefined },
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
          aria-label={paneText.menu}
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
