import { RulesDialog } from '../guard/rules-dialog'
import { Palette } from '../palette/palette'
import { KeysDialog } from '../pods/bulk/keys-dialog'
import { StopPodsDialog } from '../pods/bulk/stop-pods-dialog'
import { useSnapshotStore, useWindow } from '../state/window-context'
import { Dialog } from '../ui/dialog'
import { lazyPart } from '../ui/lazy-part'

/** Loaded on demand, because few pods are edited. */
const edit = lazyPart(
  () => import('../edit/edit-dialog').then(({ EditDialog }) => EditDialog),
  'Couldn’t open this',
)

const job = lazyPart(
  () => import('../queue/job-dialog').then(({ JobDialog }) => JobDialog),
  'Couldn’t open this',
)

/** The open dialog, if any. */
export function Dialogs() {
  const { snapshotStore } = useWindow()
  const dialog = useSnapshotStore((state) => state.dialog)
  switch (dialog?.kind) {
    case 'palette':
      return <Palette />
    case 'rules':
      return <RulesDialog podKey={dialog.podKey} />
    case 'keys':
      return <KeysDialog />
    case 'stop-pods':
      return <StopPodsDialog podKeys={dialog.podKeys} />
    case 'edit': {
      const close = () => snapshotStore.openDialog(null)
      return (
        <Dialog label="Edit pod" kind="sheet" onClose={close}>
          <edit.Component podKey={dialog.podKey} onClose={close} />
        </Dialog>
      )
    }
    case 'job': {
      const close = () => snapshotStore.openDialog(null)
      return (
        <Dialog label="Job" kind="sheet" onClose={close}>
          <job.Component jobId={dialog.jobId} onClose={close} />
        </Dialog>
      )
    }
    case undefined:
      return null
  }
}
