import './bulk.css'
import type { PodKey } from '../../../core/pods/pod'
import { isIdleForLong } from '../../../core/view/pod-view'
import { useSnapshotStore, useWindow } from '../../state/window-context'
import { Button } from '../../ui/button'
import { savesText, savingOf, stopIdleLabel } from './bulk-text'
import { stoppable } from './stop-pods'

/** Opens the list of all pods that were idle for long; nothing with fewer than two. */
export function StopIdleButton({ podKeys }: { readonly podKeys: readonly PodKey[] }) {
  const { snapshotStore } = useWindow()
  const podsByKey = useSnapshotStore((state) => state.podsByKey)
  const idle = stoppable(podKeys.flatMap((podKey) => podsByKey.get(podKey) ?? [])).filter(isIdleForLong)
  if (idle.length < 2) return null
  return (
    <Button
      kind="bare"
      icon="stop"
      onPress={() => snapshotStore.openDialog({ kind: 'stop-pods', podKeys: idle.map(({ key }) => key) })}
    >
      {stopIdleLabel(idle.length)} <span className="dim saves">{savesText(savingOf(idle))}</span>
    </Button>
  )
}
