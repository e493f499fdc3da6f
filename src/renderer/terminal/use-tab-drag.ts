import { type PointerEvent, useRef } from 'react'
import { dropIndex } from './state/terminal-tabs'

/** Pointer distance that starts a drag, px. */
const DRAG_PX = 6
/** Space between two tabs, as in the style sheet, px. */
const GAP_PX = 2

/** How far beyond the page the pointer is outside of the window, px; above it is the window's title. */
const OUTSIDE_PX = 8
const TITLE_PX = 48

interface TabDrag {
  readonly id: string
  readonly fromX: number
  readonly fromY: number
  hasMoved: boolean
}

interface TabDragOptions {
  /** `index`: where it landed; null: where it was. */
  readonly onDrop: (id: string, index: number | null) => void
  /** It was let go outside of the window; null: it stays in it. */
  readonly onPullOut: ((id: string) => void) | null
}

/**
 * Drags of tabs. Within the window a tab follows the pointer, and the others make room at its destination; outside of
 * it, it is about to leave.
 */
export function useTabDrag(
  list: { readonly current: HTMLElement | null },
  { onDrop, onPullOut }: TabDragOptions,
) {
  const drag = useRef<TabDrag | null>(null)
  const hasJustMoved = useRef(false)
  const tabs = (): HTMLElement[] => [...(list.current?.querySelectorAll<HTMLElement>('.term-tab') ?? [])]
  const leaves = (event: PointerEvent): boolean => onPullOut !== null && isOutside(event)

  const endDrag = (event: PointerEvent<HTMLElement>): void => {
    const current = drag.current
    drag.current = null
    hasJustMoved.current = current?.hasMoved === true
    if (current === null || !current.hasMoved) return
    const allTabs = tabs()
    const from = allTabs.indexOf(event.currentTarget)
    const index = dropIndexAfter(allTabs, from, event.clientX - current.fromX)
    for (const tab of allTabs) tab.style.transform = ''
    event.currentTarget.classList.remove('pulled', 'leaving')
    if (event.type !== 'pointerup') return
    if (leaves(event)) onPullOut?.(current.id)
    else onDrop(current.id, index === from ? null : index)
  }
  return {
    /** Whether the current click ends a drag. */
    hasMoved: () => hasJustMoved.current,
    handlersOf: (id: string) => ({
      onPointerDown: (event: PointerEvent<HTMLElement>) => {
        hasJustMoved.current = false
        if (event.button === 0)
          drag.current = { id, fromX: event.clientX, fromY: event.clientY, hasMoved: false }
      },
      onPointerMove: (event: PointerEvent<HTMLElement>) => {
        const current = drag.current
        if (current === null) return
        const by = event.clientX - current.fromX
        const distance = Math.max(Math.abs(by), Math.abs(event.clientY - current.fromY))
        if (!current.hasMoved && distance < DRAG_PX) return
        // Its moves are then reported outside of the window, too.
        if (!current.hasMoved) event.currentTarget.setPointerCapture(event.pointerId)
        current.hasMoved = true
        const isLeaving = leaves(event)
        event.currentTarget.classList.add('pulled')
        event.currentTarget.classList.toggle('leaving', isLeaving)
        shiftTabs(tabs(), event.currentTarget, isLeaving ? 0 : by)
      },
      onPointerUp: endDrag,
      onPointerCancel: endDrag,
    }),
  }
}

const isOutside = ({ clientX, clientY }: PointerEvent): boolean =>
  clientX < -OUTSIDE_PX ||
  clientX > innerWidth + OUTSIDE_PX ||
  clientY < -TITLE_PX ||
  clientY > innerHeight + OUTSIDE_PX

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
