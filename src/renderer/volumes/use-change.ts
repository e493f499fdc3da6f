import { useState } from 'react'
import type { VolumeChange, VolumeProblem } from '../../core/changes/volume-change'
import type { AccountId } from '../../core/pods/pod'
import { useWindow } from '../state/window-context'

interface ChangeState {
  readonly isBusy: boolean
  /** What the service or main refused, and the field; null: nothing. */
  readonly refusal: { readonly message: string; readonly field: VolumeProblem['field'] | null } | null
  readonly change: (change: VolumeChange) => void
  readonly clear: () => void
}

const volumeFields: readonly string[] = [
  'name',
  'sizeGb',
  'dataCenterId',
] satisfies readonly VolumeProblem['field'][]

/** Sends one change at a time. `onEnd` is called when it was made, or was sent without a clear answer. */
export function useChange(accountId: AccountId, onEnd: () => void): ChangeState {
  const { bridge, snapshotStore } = useWindow()
  const [isBusy, setBusy] = useState(false)
  const [refusal, setRefusal] = useState<ChangeState['refusal']>(null)

  async function send(change: VolumeChange): Promise<void> {
    const result = await snapshotStore.runRequest(
      'Nothing was changed',
      bridge.changeVolume(accountId, change),
    )
    if (result === null) return
    if (result.kind === 'refused') {
      const field = volumeFields.includes(result.field ?? '')
        ? (result.field as VolumeProblem['field'])
        : null
      setRefusal({ message: result.message, field })
      return
    }
    snapshotStore.showToast(result.kind === 'done' ? 'ok' : 'bad', result.message)
    onEnd()
  }

  return {
    isBusy,
    refusal,
    change(change) {
      if (isBusy) return
      setBusy(true)
      setRefusal(null)
      void send(change).finally(() => setBusy(false))
    },
    clear: () => setRefusal(null),
  }
}
