import { type KeyboardEvent, useEffect, useRef } from 'react'
import { adjacentTab, type ShownTab, tabName } from './state/terminal-tabs'
import { useAccountNames } from '../state/hooks/use-account-names'
import { terminalStatus } from './state/terminal-status-text'
import { terminalAreaText } from './terminal-area-text'
import { useTabDrag } from './use-tab-drag'

export interface TerminalTabsBarProps {
  readonly tabs: readonly ShownTab[]
  readonly currentId: string
  /** Id of the tab panel, for `aria-controls`. */
  readonly panelId: string
  /** Selects a tab; the focus stays on the tabs. */
  readonly onSelect: (id: string) => void
  /** Selects a tab and focuses its terminal. */
  readonly onEnter: (id: string) => void
  readonly onMove: (id: string, index: number) => void
  /** A tab was pulled out of the window; null: it can't be. */
  readonly onPullOut: ((id: string) => void) | null
  readonly onRename: (id: string) => void
  readonly onClose: (id: string) => void
}

export const tabId = (id: string): string => `tab-${id}`

/** Arrow keys select, Ctrl+Shift+arrow moves a tab, F2 renames, Delete closes. */
export function TerminalTabsBar(props: TerminalTabsBarProps) {
  const { tabs, currentId, panelId, onSelect, onEnter, onMove, onPullOut, onRename, onClose } = props
  const accountNames = useAccountNames()
  const list = useRef<HTMLDivElement>(null)
  const ids = tabs.map(({ id }) => id)
  const leads = tabs.map(({ lead }) => lead)
  const drag = useTabDrag(list, {
    onDrop(id, index) {
      if (index !== null) onMove(id, index)
      onEnter(id)
    },
    onPullOut,
  })
  const order = ids.join()
  useEffect(() => {
    // Shortcuts can select a tab that is scrolled out of view.
    document.getElementById(tabId(currentId))?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [currentId, order])

  const select = (id: string | null | undefined): void => {
    if (id === null || id === undefined) return
    onSelect(id)
    document.getElementById(tabId(id))?.focus()
  }
  const onKeyDown = (event: KeyboardEvent, id: string): void => {
    const { key, ctrlKey, shiftKey, metaKey, altKey } = event
    if (metaKey || altKey) return
    const by = key === 'ArrowRight' ? 1 : key === 'ArrowLeft' ? -1 : 0
    if (ctrlKey && shiftKey && by !== 0)
      onMove(id, Math.min(Math.max(ids.indexOf(id) + by, 0), ids.length - 1))
    else if (ctrlKey || shiftKey) return
    else if (by !== 0) select(adjacentTab(ids, id, by))
    else if (key === 'Home') select(ids[0])
    else if (key === 'End') select(ids.at(-1))
    else if (key === 'F2') onRename(id)
    else if (key === 'Delete') onClose(id)
    else return
    event.preventDefault()
  }
  return (
    <div
      ref={list}
      className="term-tabs"
      role="tablist"
      aria-label={terminalAreaText.tabs}
      aria-description={terminalAreaText.tabKeys}
    >
      {tabs.map(({ id, lead, panes }) => {
        const { accountId, title, state } = lead
        const name = tabName(lead, leads)
        const account = accountNames[accountId]
        const label = account === undefined ? name : `${name}, ${account}`
        const { tone, word } = terminalStatus(state)
        const isCurrent = id === currentId
        return (
          <button
            key={id}
            type="button"
            role="tab"
            id={tabId(id)}
            className={`term-tab ${tone}`}
            aria-selected={isCurrent}
            aria-controls={isCurrent ? panelId : undefined}
            tabIndex={isCurrent ? 0 : -1}
            title={terminalAreaText.tabTitle(label, word, title)}
            onKeyDown={(event) => onKeyDown(event, id)}
            onClick={(event) => {
              if (drag.hasMoved()) return
              const isOnClose = event.target instanceof Element && event.target.closest('.tab-close') !== null
              if (isOnClose) onClose(id)
              else onEnter(id)
            }}
            onDoubleClick={() => drag.hasMoved() || onRename(id)}
            onAuxClick={({ button }) => button === 1 && onClose(id)}
            {...drag.handlersOf(id)}
          >
            <span className="dot" />
            <bdi>{name}</bdi>
            {panes.length > 1 && (
              <span className="tab-panes" aria-hidden="true">
                {panes.length}
              </span>
            )}
            <span className="unseen">
              {panes.length > 1 && `, ${terminalAreaText.panes(panes.length)}`}
              {account !== undefined && `, ${account}`}, {word}
            </span>
            <span className="tab-close" aria-hidden="true">
              ×
            </span>
          </button>
        )
      })}
    </div>
  )
}
