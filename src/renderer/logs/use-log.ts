import { useEffect, useState } from 'react'
import type { PodKey } from '../../core/pods/pod'
import type { LogViewState } from '../../shared/requests/pod/log-requests'
import { useWindow } from '../state/window-context'
import { createLogModel, type LogModel } from './log-model'

interface FollowedLog {
  readonly model: LogModel
  readonly state: LogViewState
  /** Lines that could not be read. */
  readonly leftOutCount: number
  /** Opens it anew after a failure. */
  readonly retry: () => void
}

/** Follows a pod's log while the component is there and the window can be seen. The pod must stay the same. */
export function useLog(podKey: PodKey): FollowedLog {
  const { bridge } = useWindow()
  const [model] = useState(createLogModel)
  const [state, setState] = useState<LogViewState>({ kind: 'opening' })
  const [leftOutCount, setLeftOutCount] = useState(0)
  const [attempt, setAttempt] = useState(0)

  useEffect(() => {
    let viewId: number | null = null
    /** Of the latest request to open it; an answer to an earlier one is closed again. */
    let serial = 0

    const unsubscribe = bridge.on('log', (update) => {
      if (update.viewId !== viewId) return
      if (update.lines.length > 0) {
        model.add(update.lines)
        void bridge.ackLog(update.viewId, update.lines.length)
      }
      if (update.state !== undefined) setState(update.state)
      if (update.leftOutCount > 0) setLeftOutCount((count) => count + update.leftOutCount)
    })

    async function open(): Promise<void> {
      const mine = (serial += 1)
      setState({ kind: 'opening' })
      const opened = await bridge.openLog(podKey, model.position())
      if (mine !== serial) {
        if (opened.ok) void bridge.closeLog(opened.value)
      } else if (opened.ok) viewId = opened.value
      else setState({ kind: 'failed', why: opened.error.message })
    }

    function close(): void {
      serial += 1
      if (viewId !== null) void bridge.closeLog(viewId)
      viewId = null
    }

    // A log is read only while it can be seen.
    const onVisibility = (): void => {
      if (document.visibilityState === 'hidden') close()
      else if (viewId === null) void open()
    }
    document.addEventListener('visibilitychange', onVisibility)
    onVisibility()
    return () => {
      document.removeEventListener('visibilitychange', onVisibility)
      unsubscribe()
      close()
    }
  }, [bridge, model, podKey, attempt])

  return { model, state, leftOutCount, retry: () => setAttempt((count) => count + 1) }
}
