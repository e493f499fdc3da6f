import { useEffect, useRef, useState } from 'react'
import type { LogModel, ShownLog } from './log-model'
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

  /** Which match is gone to as soon as there is one, asked for before the search found any. */
  const wanted = useRef<1 | -1 | null>(null)

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const step = (): void => {
      const shown = model.shown()
      const isDone = shown.search.step(SLICE_MS, () => performance.now())
      const index = wanted.current === null ? null : firstMatch(shown, wanted.current)
      if (index !== null) setVisited({ index, search: shown.search })
      if (index !== null || isDone) wanted.current = null
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
      setComplete(next === '')
      wanted.current = null
      model.setSearch(next)
    },
    isComplete,
    count: search.count(),
    current,
    place: current === null ? null : search.placeOf(current.index),
    go(direction) {
      const index =
        current === null ? firstMatch({ search, book }, direction) : search.next(current.index, direction)
      if (index !== null) setVisited({ index, search })
      else if (!isComplete) wanted.current = direction
    },
  }
}

/** From the beginning, or from the end; null: none was found so far. */
const firstMatch = ({ search, book }: Pick<ShownLog, 'search' | 'book'>, direction: 1 | -1): number | null =>
  search.next(direction === 1 ? book.firstIndex() - 1 : book.endIndex(), direction)
