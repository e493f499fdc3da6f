import { type KeyboardEvent, type PointerEvent, useEffect, useRef } from 'react'
import { adjacentTab, dropIndex, type ShownTab, tabName } from './state/terminal-tabs'
import { useAccountNames } from '../state/use-account-names'
import { terminalStatus } from './state/terminal-status-text'
import { terminalAreaText } from './terminal-area-text'

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
  readonly onRename: (id: string) => void
  readonly onClose: (id: string) => void
}

export const tabId = (id: string): string => `tab-${id}`

/** Pointer distance that starts a drag, px. */
const DRAG_PX = 6
/** Space between two tabs, as in the style sheet, px. */
const GAP_PX = 2

/** Arrow keys select, Ctrl+Shift+arrow moves a tab, F2 renames, Delete closes. */
export function TerminalTabsBar(props: TerminalTabsBarProps) {
  const { tabs, currentId, panelId, onSelect, onEnter, onMove, onRename, onClose } = props
  const accountNames = useAccountNames()
  const list = useRef<HTMLDivElement>(null)
  const ids = tabs.map(({ id }) => id)
  const leads = tabs.map(({ lead }) => lead)
  const drag = useDrag(list, (id, index) => {
    if (index !== null) onMove(id, index)
    onEnter(id)
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
            {...(isCurrent ? { 'aria-controls': panelId } : {})}
            tabIndex={isCurrent ? 0 : -1}
            title={terminalAreaText.tabTitle(label, word, title)}
            onKeyDown={(event) => onKeyDown(event, id)}
            onClick={(event) => {
              if (drag.hasMoved()) return
              const isOnClose = event.target instanceof Element && event.target.closest('.tab-close') !== null
              if (isOnClose) onClose(id)
              else onEnter(id)
            }}
            onDoubleClick={() => onRename(id)}
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

interface TabDrag {
  readonly id: string
  readonly fromX: number
  hasMoved: boolean
}

/** Reorders tabs by dragging: the tab follows the pointer and the others make room at its destination. */
function useDrag(
  list: { readonly current: HTMLElement | null },
  onDrop: (id: string, index: number | null) => void,
) {
  const drag = useRef<TabDrag | null>(null)
  const hasJustMoved = useRef(false)
  const tabs = (): HTMLElement[] => [...(list.current?.querySelectorAll<HTMLElement>('.term-tab') ?? [])]

  const endDrag = (event: PointerEvent<HTMLElement>): void => {
    const current = drag.current
    drag.current = null
    hasJustMoved.current = current?.hasMoved === true
    if (current === null || !current.hasMoved) return
    const allTabs = tabs()
    const from = allTabs.indexOf(event.currentTarget)
    const index = dropIndexAfter(allTabs, from, event.clientX - current.fromX)
    for (const tab of allTabs) tab.style.transform = ''
    event.currentTarget.classList.remove('pulled')
    if (event.type === 'pointerup') onDrop(current.id, index === from ? null : index)
  }
  return {
    /** Whether the current click ends a drag. */
    hasMoved: () => hasJustMoved.current,
    handlersOf: (id: string) => ({
      onPointerDown: (event: PointerEvent<HTMLElement>) => {
        hasJustMoved.current = false
        if (event.button === 0) drag.current = { id, fromX: event.clientX, hasMoved: false }
      },
      onPointerMove: (event: PointerEvent<HTMLElement>) => {
        const current = drag.current
        if (current === null) return
        const by = event.clientX - current.fromX
        if (!current.hasMoved && Math.abs(by) < DRAG_PX) return
        if (!current.hasMoved) event.currentTarget.setPointerCapture(event.pointerId)
        current.hasMoved = true
        event.currentTarget.classList.add('pulled')
        shiftTabs(tabs(), event.currentTarget, by)
      },
      onPointerUp: endDrag,
      onPointerCancel: endDrag,
    }),
  }
}

/** Index where the tab at `from` lands after being dragged by `by` px. */
function dropIndexAfter(allTabs: readonly HTMLElement[], from: number, by: number): number {
  const centers = allTabs.map((each) => each.offsetLeft + each.offsetWidth / 2)
  return dropIndex(centers, from, (centers[from] ?? 0) + by)
}

function shiftTabs(allTabs: readonly HTMLElement[], draggedTab: HTMLElement, by: number): void {
  const from = allTabs.indexOf(draggedTab)
  const to = dropIndexAfter(allTabs, from, by)
  const step = draggedTab.offsetWidth + GAP_PX
  const [first, last] = [allTabs[0] ?? draggedTab, allTabs.at(-1) ?? draggedTab]
  // Limited to the tab bar, which would clip the tab.
  const minTranslatePx = first.offsetLeft - draggedTab.offsetLeft
  const maxTranslatePx = last.offsetLeft + last.offsetWidth - draggedTab.offsetLeft - draggedTab.offsetWidth
  allTabs.forEach((tab, index) => {
    const shiftPx = index > from && index <= to ? -step : index < from && index >= to ? step : 0
    const translatePx = tab === draggedTab ? Math.min(Math.max(by, minTranslatePx), maxTranslatePx) : shiftPx
    tab.style.transform = `translateX(${translatePx}px)`
  })
}
