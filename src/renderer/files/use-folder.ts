import { useCallback, useEffect, useRef, useState } from 'react'
import type { Result } from '../../core/base/result'
import type { FolderView } from '../../core/files/files-view'
import type { RequestError } from '../../shared/ipc'
import { answerOf } from '../state/answer-of'

export interface ShownFolder {
  /** The last one that was listed; null: none yet. */
  readonly folder: FolderView | null
  readonly isReading: boolean
  /** Why the last one that was asked for is not shown, as sentences. */
  readonly problem: string | null
  /** Increases with each listing that is shown. */
  readonly serial: number
  /** The name of what to select, because it was come from or made. */
  readonly wanted: string | null
}

const NOTHING: ShownFolder = { folder: null, isReading: false, problem: null, serial: 0, wanted: null }

/** A folder that is listed on request. An answer that a newer request overtook is dropped. */
export function useFolder<Path>(list: (path: Path) => Promise<Result<FolderView, RequestError>>) {
  const [shown, setShown] = useState(NOTHING)
  const last = useRef(0)
  const latestList = useRef(list)
  useEffect(() => {
    latestList.current = list
  })
  const open = useCallback(async (path: Path, wanted: string | null = null): Promise<void> => {
    const request = ++last.current
    setShown((before) => ({ ...before, isReading: true }))
    const answer = await answerOf(latestList.current(path))
    if (request !== last.current) return
    setShown((before) =>
      answer.ok
        ? { folder: answer.value, isReading: false, problem: null, serial: before.serial + 1, wanted }
        : { ...before, isReading: false, problem: answer.error.message },
    )
  }, [])
  return { shown, open }
}
