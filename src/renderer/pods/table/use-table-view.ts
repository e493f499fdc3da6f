import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { rowOffsets, type TableRow, type TableView } from './table-rows'

/** What of the table's rows is visible; `body` contains the rows. Follows the scrolling element around it. */
export function useTableView(body: RefObject<HTMLElement | null>): TableView {
  const [view, setView] = useState<TableView>({ top: 0, height: 800, width: 0 })
  useLayoutEffect(() => {
    const scroller = body.current?.closest('.scroller')
    if (!scroller) return undefined
    const measure = () => {
      const element = body.current
      if (element === null) return
      const box = scroller.getBoundingClientRect()
      setView({
        top: Math.max(0, box.top - element.getBoundingClientRect().top),
        height: box.height,
        width: scroller.clientWidth,
      })
    }
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(scroller)
    scroller.addEventListener('scroll', measure, { passive: true })
    return () => {
      observer.disconnect()
      scroller.removeEventListener('scroll', measure)
    }
  }, [body])
  return view
}

/** Keeps the row under the pointer where it is while the rows get another order, once the pointer was moved to it. */
export function useStillRow(body: RefObject<HTMLElement | null>, rows: readonly TableRow[]): void {
  const under = useRef<{ readonly id: string; readonly y: number } | null>(null)
  useEffect(() => {
    const element = body.current
    if (element === null) return undefined
    let isMoved = false
    const onMove = ({ target, movementX, movementY }: PointerEvent) => {
      // A window that opens under the pointer gets a move event, although the pointer did not move.
      isMoved ||= movementX !== 0 || movementY !== 0
      if (!isMoved) return
      const row = target instanceof Element ? target.closest('tr[data-row]') : null
      const id = row?.getAttribute('data-row') ?? null
      under.current = row === null || id === null ? null : { id, y: row.getBoundingClientRect().top }
    }
    const onLeave = () => {
      isMoved = false
      under.current = null
    }
    element.addEventListener('pointermove', onMove)
    element.addEventListener('pointerleave', onLeave)
    return () => {
      element.removeEventListener('pointermove', onMove)
      element.removeEventListener('pointerleave', onLeave)
    }
  }, [body])
  useLayoutEffect(() => {
    const still = under.current
    const element = body.current
    const scroller = element?.closest('.scroller')
    if (still === null || element === null || !scroller) return
    const index = rows.findIndex(({ id }) => id === still.id)
    if (index === -1) return
    const y = element.getBoundingClientRect().top + (rowOffsets(rows)[index] ?? 0)
    scroller.scrollTop += y - still.y
  }, [body, rows])
}
