import { useEffect, useRef, useState } from 'react'
import type { ChangeField } from '../../../core/changes/change-field'
import type { Result } from '../../../core/base/result'
import type { AnsweredChange } from '../../../shared/requests/change-requests'
import type { RequestError } from '../../../shared/ipc'
import { useWindow } from '../window-context'

interface ChangeRequestState {
  readonly isBusy: boolean
  /** What the service or main refused, and the field at fault; null: nothing. */
  readonly refusal: { readonly message: string; readonly field: ChangeField | null } | null
  /** Does nothing while another one is on its way. */
  readonly send: (failureTitle: string, request: () => Promise<Result<AnsweredChange, RequestError>>) => void
  readonly clear: () => void
}

/**
 * Sends the change of a form. `onEnd` is called when it was made, or was sent without a clear answer. A form can be
 * closed while the app's own window asks: its answer is then shown as a toast, whatever it is.
 */
export function useChangeRequest(onEnd: () => void): ChangeRequestState {
  const { snapshotStore } = useWindow()
  const [isBusy, setBusy] = useState(false)
  const [refusal, setRefusal] = useState<ChangeRequestState['refusal']>(null)
  const isOpen = useRef(false)
  useEffect(() => {
    isOpen.current = true
    return () => {
      isOpen.current = false
    }
  }, [])

  async function run(...[failureTitle, request]: Parameters<ChangeRequestState['send']>): Promise<void> {
    const result = await snapshotStore.runRequest(failureTitle, request())
    if (result === null) return
    if (result.kind === 'refused' && isOpen.current) {
      setRefusal(result)
      return
    }
    snapshotStore.showToast(result.kind === 'done' ? 'ok' : 'bad', result.message)
    if (isOpen.current) onEnd()
  }

  return {
    isBusy,
    refusal,
    send(failureTitle, request) {
      if (isBusy) return
      setBusy(true)
      setRefusal(null)
      void run(failureTitle, request).finally(() => setBusy(false))
    },
    clear: () => setRefusal(null),
  }
}
