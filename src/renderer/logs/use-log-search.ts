import { useEffect, useState } from 'react'
import type { LogModel } from './log-model'
import type { LogSearch } from './log-search'
import { useLogVersion } from './use-log-view'

/** How long the search holds up the window at a time. */
const SLICE_MS = 8

export interface SearchState {
  readonly text: string
  readonly setText: (text: string) => void
  readonly isComplete: boolean
  readonly count: number
  /** The line that was gone to last, an object of its own each time. */
  readonly current: { readonly index: number } | null
  readonly place: number | null
  /** Goes to the next or previous match, or from the end of the log to the last one. */
  readonly go: (direction: 1 | -1) => void
}

/** Searches what is shown of a log while typing, and what is added. */
export function useLogSearch(model: LogModel): SearchState {
  const version = useLogVersion(model)
  const [text, setText] = useState('')
  const [isComplete, setComplete] = useState(true)
  const [, drawAgain] = useState(0)
  const [visited, setVisited] = useState<{ readonly index: number; readonly search: LogSearch } | null>(null)
  const { search, book } = model.shown()
  // Among the lines of another source the same index is another line.
  const current = visited?.search === search ? visited : null

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const step = (): void => {
      const isDone = model.shown().search.step(SLICE_MS, () => performance.now())
      setComplete(isDone)
      if (text !== '') drawAgain((count) => count + 1)
      if (!isDone) timer = setTimeout(step)
    }
    step()
    return () => clearTimeout(timer)
  }, [model, version, text])

  return {
    text,
    setText(next) {
      setText(next)
      setVisited(null)
      model.setSearch(next)
    },
    isComplete,
    count: search.count(),
    current,
    place: current === null ? null : search.placeOf(current.index),
    go(direction) {
      const from = current?.index ?? (direction === 1 ? book.firstIndex() - 1 : book.endIndex())
      const index = search.next(from, direction)
      if (index !== null) setVisited({ index, search })
    },
  }
}
