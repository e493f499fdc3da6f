import { type DragEvent, useState } from 'react'

/** Behind the last row. */
const LAST = 'last'

export interface RowDrag {
  /** Of the body of the table: outside of it nothing is dropped. */
  readonly onDragLeave: (event: DragEvent) => void
  /** Of a row. */
  readonly rowProps: (id: string, index: number) => RowDragProps
}

interface RowDragProps {
  readonly className: string
  readonly draggable: boolean
  readonly onDragStart: (event: DragEvent) => void
  readonly onDragEnd: () => void
  readonly onDragOver: (event: DragEvent) => void
  readonly onDrop: (event: DragEvent) => void
}

/**
 * Drags rows to another place by mouse. `ids`: of the rows as they stand, which may change meanwhile. `onMove` gets the
 * place among all rows, of which the first is 0.
 */
export function useRowDrag(
  ids: readonly string[],
  isEnabled: boolean,
  onMove: (id: string, place: number) => void,
): RowDrag {
  const [draggedId, setDraggedId] = useState<string | null>(null)
  /** The dragged row would stand before this one. */
  const [dropAt, setDropAt] = useState<string | null>(null)

  function end(): void {
    setDraggedId(null)
    setDropAt(null)
  }

  // A row that is gone gets no event when its drag ends.
  const isDragging = draggedId !== null && ids.includes(draggedId)
  if (draggedId !== null && !isDragging) end()

  /** Before this row, by the half of the row that the pointer is on. */
  function targetOf({ currentTarget, clientY }: DragEvent, index: number): string {
    const { top, height } = currentTarget.getBoundingClientRect()
    return ids[index + (clientY > top + height / 2 ? 1 : 0)] ?? LAST
  }

  function drop(target: string): void {
    end()
    if (draggedId === null || target === draggedId) return
    const others = ids.filter((id) => id !== draggedId)
    onMove(draggedId, target === LAST ? others.length : others.indexOf(target))
  }

  return {
    onDragLeave({ currentTarget, relatedTarget }) {
      if (!(relatedTarget instanceof Node) || !currentTarget.contains(relatedTarget)) setDropAt(null)
    },
    rowProps: (id, index) => ({
      className: [
        id === draggedId ? 'dragged' : '',
        id === dropAt ? 'drop-before' : '',
        dropAt === LAST && index === ids.length - 1 ? 'drop-after' : '',
      ].join(' '),
      draggable: isEnabled,
      onDragStart(event) {
        setDraggedId(id)
        event.dataTransfer.effectAllowed = 'move'
      },
      onDragEnd: end,
      onDragOver(event) {
        if (!isDragging) return
        event.preventDefault()
        setDropAt(targetOf(event, index))
      },
      onDrop(event) {
        if (!isDragging) return
        event.preventDefault()
        drop(targetOf(event, index))
      },
    }),
  }
}
