import { useEffect, useState } from 'react'
import type { LogModel } from './log-model'
import { useLogVersion } from './use-log-view'

/** How long the search holds up the window at a time. */
const SLICE_MS = 8

export interface SearchState {
  readonly text: string
  readonly setText: (text: string) => void
  readonly isComplete: boolean
  readonly count: number
  readonly current: { readonly index: number; readonly serial: number } | null
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
  const [current, setCurrent] = useState<SearchState['current']>(null)
  const { search, book } = model.shown()

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
      setCurrent(null)
      model.setSearch(next)
    },
    isComplete,
    count: search.count(),
    current,
    place: current === null ? null : search.placeOf(current.index),
    go(direction) {
      const from = current?.index ?? (direction === 1 ? book.firstIndex() - 1 : book.endIndex())
      const index = search.next(from, direction)
      if (index !== null) setCurrent((before) => ({ index, serial: (before?.serial ?? 0) + 1 }))
    },
  }
}
