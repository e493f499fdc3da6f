import { useEffect, useState } from 'react'
import type { UsageDetail } from '../../../core/history/usage'
import type { UsageTable } from '../../../core/history/usage-table'
import type { PodKey } from '../../../core/pods/pod'
import { answerOf } from '../../state/answer-of'
import { useSnapshotStore, useWindow } from '../../state/window-context'
import { type ChartRange, refreshMs } from './chart-range'

/** Longer than a key that is held down waits between two strokes. */
const SETTLE_MS = 60

export interface LoadedUsage {
  /** Of an earlier range while that of the present one is read; null until something was. */
  readonly table: UsageTable | null
  /** Why the last range could not be read. */
  readonly problem: string | null
}

/** The history of a pod in a range, in this detail. */
export function useUsage(podKey: PodKey, range: ChartRange, detail: UsageDetail): LoadedUsage {
  const { bridge } = useWindow()
  const refreshKey = useSnapshotStore(({ snapshot }) =>
    Math.floor((snapshot?.atMs ?? 0) / refreshMs(range, detail)),
  )
  const [loaded, setLoaded] = useState<{ readonly podKey: PodKey; readonly table: UsageTable } | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const { fromMs, toMs } = range

  useEffect(() => {
    let isActive = true
    const timer = setTimeout(() => {
      void answerOf(bridge.podUsage(podKey, Math.floor(fromMs), Math.ceil(toMs), detail)).then((answer) => {
        if (!isActive) return
        setProblem(answer.ok ? null : answer.error.message)
        if (answer.ok) setLoaded({ podKey, table: answer.value })
      })
    }, SETTLE_MS)
    return () => {
      isActive = false
      clearTimeout(timer)
    }
  }, [bridge, podKey, fromMs, toMs, detail, refreshKey])

  return { table: loaded?.podKey === podKey ? loaded.table : null, problem }
}
