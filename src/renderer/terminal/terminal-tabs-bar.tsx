import { useRef, type KeyboardEvent, type PointerEvent } from 'react'
import type { TerminalId, TerminalView } from '../../core/terminal'
import { dropIndex, stepTab, tabName } from './terminal-tabs'
import { terminalStatus } from './terminal-words'

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

/** A tab for each terminal. Arrows go through them; with Ctrl and Shift they move one; F2 renames, Delete closes. */
export function TerminalTabsBar(props: TabsBarProps) {
  const { terminals, currentId, panelId, onSelect, onEnter, onMove, onRename, onClose } = props
  const list = useRef<HTMLDivElement>(null)
  const ids = terminals.map(({ id }) => id)
  const drag = useDrag(list, (id, index) => onMove(id, index))

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

/** Pulls a tab to another place with the pointer. */
function useDrag(
  list: { readonly current: HTMLElement | null },
  onDrop: (id: TerminalId, index: number) => void,
) {
  const drag = useRef<Drag | null>(null)
  const hasJustMoved = useRef(false)
  const tabs = (): HTMLElement[] => [...(list.current?.querySelectorAll<HTMLElement>('.term-tab') ?? [])]

  const end = (event: PointerEvent<HTMLElement>): void => {
    const one = drag.current
    drag.current = null
    const tab = event.currentTarget
    tab.style.transform = ''
    hasJustMoved.current = one?.hasMoved === true
    if (one === null || !one.hasMoved || event.type !== 'pointerup') return
    const all = tabs()
    const from = all.indexOf(tab)
    const middles = all.map((each) => each.offsetLeft + each.offsetWidth / 2)
    const index = dropIndex(middles, from, (middles[from] ?? 0) + event.clientX - one.fromX)
    if (index !== from) onDrop(one.id, index)
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
        event.currentTarget.style.transform = `translateX(${by}px)`
      },
      onPointerUp: end,
      onPointerCancel: end,
    }),
  }
}
