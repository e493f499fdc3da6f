import { type FocusEvent, type RefObject, useLayoutEffect, useRef, useState } from 'react'
import { useShortcuts } from '../state/shortcuts'

const ROWS = '[data-job]'

const rowOf = (element: Element | null): HTMLElement | null => element?.closest<HTMLElement>(ROWS) ?? null

const rowsOf = (page: HTMLElement | null): HTMLElement[] => [
  ...(page?.querySelectorAll<HTMLElement>(ROWS) ?? []),
]

function focusRow(row: HTMLElement | undefined): void {
  row?.focus({ preventScroll: true })
  row?.scrollIntoView({ block: 'nearest' })
}

export interface JobKeys {
  /** Of a row: one row of the page is in the order of the Tab key. */
  readonly tabIndexOf: (jobId: string) => 0 | -1
  readonly handlers: {
    readonly onFocus: (event: FocusEvent) => void
    readonly onBlur: (event: FocusEvent) => void
  }
}

/**
 * J and K move through the rows of `page`, which have `data-job`; R runs the one with the focus, by its button with
 * `data-run`. A row that moves, or whose job goes to another list, keeps the focus; the next one gets it from a row
 * that is gone. `arrangement` changes whenever a row may move.
 */
export function useJobKeys(page: RefObject<HTMLElement | null>, arrangement: string): JobKeys {
  const [currentId, setCurrentId] = useState<string | null>(null)
  const last = useRef<{ readonly id: string; readonly index: number } | null>(null)
  const move = (step: 1 | -1): void => {
    const all = rowsOf(page.current)
    const at = all.indexOf(rowOf(document.activeElement) ?? document.body)
    focusRow(all[at === -1 ? 0 : at + step])
  }
  useShortcuts({
    next: () => move(1),
    previous: () => move(-1),
    run: () => rowOf(document.activeElement)?.querySelector<HTMLElement>('[data-run]')?.click(),
  })
  useLayoutEffect(() => {
    const lost = last.current
    if (lost === null || document.activeElement !== document.body) return
    const all = rowsOf(page.current)
    focusRow(
      all.find(({ dataset }) => dataset['job'] === lost.id) ?? all[Math.min(lost.index, all.length - 1)],
    )
  }, [arrangement, page])
  const ids = arrangement.split(' ')
  const shownCurrentId = currentId !== null && ids.includes(currentId) ? currentId : ids[0]
  return {
    tabIndexOf: (jobId) => (jobId === shownCurrentId ? 0 : -1),
    handlers: {
      onFocus: ({ target }) => {
        const row = rowOf(target)
        const id = row?.dataset['job']
        last.current =
          row === null || id === undefined ? null : { id, index: rowsOf(page.current).indexOf(row) }
        if (id !== undefined) setCurrentId(id)
      },
      // React reports no blur of what it removes itself, so that this one is someone's who moved the focus.
      onBlur: ({ currentTarget, relatedTarget }) => {
        if (!(relatedTarget instanceof Node && currentTarget.contains(relatedTarget))) last.current = null
      },
    },
  }
}
