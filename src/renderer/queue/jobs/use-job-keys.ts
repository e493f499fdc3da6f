import { type FocusEvent, type RefObject, useRef, useState } from 'react'
import { useShortcuts } from '../../state/shortcuts'
import { useFocusInPage } from '../../state/hooks/use-focus-in-page'

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

/** How many rows begin before `element`. */
const countBefore = (rows: readonly HTMLElement[], element: Element): number =>
  rows.filter((row) => row.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING).length

/**
 * J and K move through the rows of `page`, which have `data-job`; R runs the one with the focus, by its button with
 * `data-run`. A row that moves, or whose job goes to another list, keeps the focus; the next one gets it from what is
 * gone. `arrangement` lists the ids of the rows.
 */
export function useJobKeys(page: RefObject<HTMLElement | null>, arrangement: string): JobKeys {
  const [currentId, setCurrentId] = useState<string | null>(null)
  const last = useRef<{ readonly id: string | undefined; readonly index: number }>({
    id: undefined,
    index: 0,
  })
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
  const keepFocus = useFocusInPage(() => {
    const { id, index } = last.current
    const all = rowsOf(page.current)
    const same = id === undefined ? undefined : all.find(({ dataset }) => dataset['job'] === id)
    return same ?? all[Math.min(index, all.length - 1)] ?? page.current?.closest('main') ?? null
  })
  const ids = arrangement.split(' ')
  const shownCurrentId = currentId !== null && ids.includes(currentId) ? currentId : ids[0]
  return {
    tabIndexOf: (jobId) => (jobId === shownCurrentId ? 0 : -1),
    handlers: {
      onFocus: (event) => {
        keepFocus.onFocus(event)
        const row = rowOf(event.target)
        const id = row?.dataset['job']
        const all = rowsOf(page.current)
        last.current = { id, index: row === null ? countBefore(all, event.target) : all.indexOf(row) }
        if (id !== undefined) setCurrentId(id)
      },
      onBlur: keepFocus.onBlur,
    },
  }
}
