import { type KeyboardEvent, type PointerEvent, useEffect, useRef } from 'react'
import type { TerminalId, TerminalView } from '../../core/terminal/terminal'
import { dropIndex, stepTab, tabName } from './state/terminal-tabs'
import { terminalStatus } from './panels/terminal-text'

export interface TabsBarProps {
  readonly terminals: readonly TerminalView[]
  readonly currentId: TerminalId
  /** Of what the tabs show. */
  readonly panelId: string
  /** Shows it; the keyboard stays on the tabs. */
  readonly onSelect: (id: TerminalId) => void
  /** Shows it, and brings the keyboard there. */
  readonly onEnter: (id: TerminalId) => void
  readonly onMove: (id: TerminalId, index: number) => void
  readonly onRename: (id: TerminalId) => void
  readonly onClose: (id: TerminalId) => void
}

export const tabId = (id: TerminalId): string => `tab-${id}`

/** So far a tab is pulled before that counts as moving it, px. */
const DRAG_PX = 6
/** Between two tabs, as in the styles. */
const GAP_PX = 2

/** A tab for each terminal. Arrows go through them; with Ctrl and Shift they move one; F2 renames, Delete closes. */
export function TerminalTabsBar(props: TabsBarProps) {
  const { terminals, currentId, panelId, onSelect, onEnter, onMove, onRename, onClose } = props
  const list = useRef<HTMLDivElement>(null)
  const ids = terminals.map(({ id }) => id)
  const drag = useDrag(list, (id, index) => {
    if (index !== null) onMove(id, index)
    onEnter(id)
  })
  const order = ids.join()
  useEffect(() => {
    // Strokes go to tabs that there was no room for, and move them there.
    document.getElementById(tabId(currentId))?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [currentId, order])

  const select = (id: TerminalId | null | undefined): void => {
    if (id === null || id === undefined) return
    onSelect(id)
    document.getElementById(tabId(id))?.focus()
  }
  const onKeyDown = (event: KeyboardEvent, id: TerminalId): void => {
    const { key, ctrlKey, shiftKey, metaKey, altKey } = event
    if (metaKey || altKey) return
    const by = key === 'ArrowRight' ? 1 : key === 'ArrowLeft' ? -1 : 0
    if (ctrlKey && shiftKey && by !== 0)
      onMove(id, Math.min(Math.max(ids.indexOf(id) + by, 0), ids.length - 1))
    else if (ctrlKey || shiftKey) return
    else if (by !== 0) select(stepTab(ids, id, by))
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
      aria-label="Terminals"
      aria-description="F2 renames, Delete closes, Ctrl Shift and an arrow move a tab."
    >
      {terminals.map((terminal) => {
        const { id, title, state } = terminal
        const name = tabName(terminal, terminals)
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
            title={title === '' ? `${name}: ${word}` : `${name}: ${word}. It calls itself “${title}”.`}
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
            <span className="unseen">, {word}</span>
            <span className="tab-close" aria-hidden="true">
              ×
            </span>
          </button>
        )
      })}
    </div>
  )
}

interface Drag {
  readonly id: TerminalId
  readonly fromX: number
  hasMoved: boolean
}

/** Pulls a tab to another place with the pointer: it follows, and the others make room where it would land. */
function useDrag(
  list: { readonly current: HTMLElement | null },
  onDrop: (id: TerminalId, index: number | null) => void,
) {
  const drag = useRef<Drag | null>(null)
  const hasJustMoved = useRef(false)
  const tabs = (): HTMLElement[] => [...(list.current?.querySelectorAll<HTMLElement>('.term-tab') ?? [])]

  const end = (event: PointerEvent<HTMLElement>): void => {
    const one = drag.current
    drag.current = null
    hasJustMoved.current = one?.hasMoved === true
    if (one === null || !one.hasMoved) return
    const all = tabs()
    const from = all.indexOf(event.currentTarget)
    const index = landing(all, from, event.clientX - one.fromX)
    for (const tab of all) tab.style.transform = ''
    event.currentTarget.classList.remove('pulled')
    if (event.type === 'pointerup') onDrop(one.id, index === from ? null : index)
  }
  return {
    /** Whether the click that comes now is the end of a pull. */
    hasMoved: () => hasJustMoved.current,
    handlersOf: (id: TerminalId) => ({
      onPointerDown: (event: PointerEvent<HTMLElement>) => {
        hasJustMoved.current = false
        if (event.button === 0) drag.current = { id, fromX: event.clientX, hasMoved: false }
      },
      onPointerMove: (event: PointerEvent<HTMLElement>) => {
        const one = drag.current
        if (one === null) return
        const by = event.clientX - one.fromX
        if (!one.hasMoved && Math.abs(by) < DRAG_PX) return
        if (!one.hasMoved) event.currentTarget.setPointerCapture(event.pointerId)
        one.hasMoved = true
        event.currentTarget.classList.add('pulled')
        makeRoom(tabs(), event.currentTarget, by)
      },
      onPointerUp: end,
      onPointerCancel: end,
    }),
  }
}

/** Where the tab in place `from` lands that is pulled so far, px. */
function landing(all: readonly HTMLElement[], from: number, by: number): number {
  const middles = all.map((each) => each.offsetLeft + each.offsetWidth / 2)
  return dropIndex(middles, from, (middles[from] ?? 0) + by)
}

function makeRoom(all: readonly HTMLElement[], pulled: HTMLElement, by: number): void {
  const from = all.indexOf(pulled)
  const to = landing(all, from, by)
  const step = pulled.offsetWidth + GAP_PX
  const [first, last] = [all[0] ?? pulled, all.at(-1) ?? pulled]
  // Beyond the others it would be cut off.
  const leftmost = first.offsetLeft - pulled.offsetLeft
  const rightmost = last.offsetLeft + last.offsetWidth - pulled.offsetLeft - pulled.offsetWidth
  all.forEach((tab, index) => {
    const aside = index > from && index <= to ? -step : index < from && index >= to ? step : 0
    const moved = tab === pulled ? Math.min(Math.max(by, leftmost), rightmost) : aside
    tab.style.transform = `translateX(${moved}px)`
  })
}
