import { RulesDialog } from '../guard/rules-dialog'
import { Palette } from '../palette/palette'
import { KeysDialog } from '../pods/bulk/keys-dialog'
import { StopPodsDialog } from '../pods/bulk/stop-pods-dialog'
import { useSnapshotStore, useWindow } from '../state/window-context'
import { Dialog } from '../ui/dialog'
import { lazyPart } from '../ui/lazy-part'
import { dialogsText } from './shell-text'

/** Loaded on demand, because few pods are edited. */
const edit = lazyPart(
  () => import('../edit/edit-dialog').then(({ EditDialog }) => EditDialog),
  dialogsText.couldNotOpen,
)

const job = lazyPart(
  () => import('../queue/form/job-dialog').then(({ JobDialog }) => JobDialog),
  dialogsText.couldNotOpen,
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
        <Dialog label={dialogsText.editPod} kind="sheet" onClose={close}>
          <edit.Component podKey={dialog.podKey} onClose={close} />
        </Dialog>
      )
    }
    case 'job': {
      const close = () => snapshotStore.openDialog(null)
      return (
        <Dialog label={dialogsText.job} kind="sheet" onClose={close}>
          <job.Component jobId={dialog.jobId} onClose={close} />
        </Dialog>
      )
    }
    case undefined:
      return null
  }
}
