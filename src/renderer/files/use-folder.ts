import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
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
  /** When it was listed, in Unix ms. */
  readonly listedAtMs: number
  /** The name of what to select, because it was come from or made. */
  readonly wanted: string | null
  /** Whether the focus goes to the first file, or to the wanted one. */
  readonly takesFocus: boolean
}

type Purpose = Pick<ShownFolder, 'wanted' | 'takesFocus'>

/** Lists a folder; resolves to whether it is shown. An answer that a newer request overtook is dropped. */
export type OpenFolder<Path> = (path: Path, purpose: Purpose) => Promise<boolean>

const NOTHING: ShownFolder = {
  folder: null,
  isReading: false,
  problem: null,
  serial: 0,
  listedAtMs: 0,
  wanted: null,
  takesFocus: false,
}

/** A folder that is listed on request. */
export function useFolder<Path>(list: (path: Path) => Promise<Result<FolderView, RequestError>>) {
  const [shown, setShown] = useState(NOTHING)
  const last = useRef(0)
  /** What is shown; null: nothing yet. */
  const opened = useRef<{ readonly path: Path } | null>(null)
  /** What was asked for and isn't there yet. */
  const reading = useRef<{ readonly path: Path; readonly purpose: Purpose } | null>(null)
  const latestList = useRef(list)
  useEffect(() => {
    latestList.current = list
  })
  const open: OpenFolder<Path> = useCallback(async (path, purpose) => {
    const request = ++last.current
    reading.current = { path, purpose }
    setShown((before) => ({ ...before, isReading: true }))
    const answer = await answerOf(latestList.current(path))
    if (request !== last.current) return false
    reading.current = null
    if (answer.ok) opened.current = { path }
    setShown((before) =>
      answer.ok
        ? {
            folder: answer.value,
            isReading: false,
            problem: null,
            serial: before.serial + 1,
            listedAtMs: Date.now(),
            ...purpose,
          }
        : { ...before, isReading: false, problem: answer.error.message },
    )
    return answer.ok
  }, [])
  /** Lists the same again, or what a person is waiting for. */
  const reload = useCallback((): void => {
    if (reading.current !== null) void open(reading.current.path, reading.current.purpose)
    else if (opened.current !== null) void open(opened.current.path, { wanted: null, takesFocus: false })
  }, [open])
  return { shown, open, reload }
}

/** The names of those that are selected, of which only what is listed counts. */
export function useSelection(folder: FolderView | null) {
  const [names, setNames] = useState<readonly string[]>([])
  const selected = useMemo(() => {
    const wanted = new Set(names)
    return (folder?.items ?? []).map(({ path }) => path).filter((name) => wanted.has(name))
  }, [folder, names])
  return [selected, setNames] as const
}
