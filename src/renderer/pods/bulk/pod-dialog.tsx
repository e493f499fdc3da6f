import './bulk.css'
import type { PodKey } from '../../../core/pods/pod'
import { useSnapshotStore, useWindow } from '../../state/window-context'
import { Button } from '../../ui/button'
import { Dialog } from '../../ui/dialog'
import { PodCard } from '../card/pod-card'

/** The card of a pod of the table. */
export function PodDialog({ podKey }: { readonly podKey: PodKey }) {
  const { snapshotStore } = useWindow()
  const name = useSnapshotStore(({ podsByKey }) => podsByKey.get(podKey)?.name)
  const close = () => snapshotStore.openDialog(null)
  return (
    <Dialog label={name ?? 'A pod that is gone'} kind="sheet" onClose={close}>
      <div className="pod-dialog place">
        {name === undefined ? (
          <p>Runpod no longer lists this pod.</p>
        ) : (
          <PodCard podKey={podKey} isDetailed isNearInitially idPrefix="dialog" />
        )}
      </div>
      <footer>
        <Button onPress={close}>Close</Button>
      </footer>
    </Dialog>
  )
}
