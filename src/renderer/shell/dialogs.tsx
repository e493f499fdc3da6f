import { useEffect } from 'react'
import { useSnapshotStore, useWindow } from '../state/window-context'
import { Dialog } from '../ui/dialog'
import { lazyPart } from '../ui/lazy-part'
import { dialogsText } from './shell-text'

/* Loaded on demand: windows start without what is opened in them later. */
const palette = lazyPart(
  () => import('../palette/palette').then(({ Palette }) => Palette),
  dialogsText.couldNotOpen,
  null,
)

const rules = lazyPart(
  () => import('../guard/rules-dialog').then(({ RulesDialog }) => RulesDialog),
  dialogsText.couldNotOpen,
  null,
)

const keys = lazyPart(
  () => import('../pods/bulk/keys-dialog').then(({ KeysDialog }) => KeysDialog),
  dialogsText.couldNotOpen,
  null,
)

const stopPods = lazyPart(
  () => import('../pods/bulk/stop-pods-dialog').then(({ StopPodsDialog }) => StopPodsDialog),
  dialogsText.couldNotOpen,
  null,
)

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
  // What is typed right after its keys belongs to the palette.
  useEffect(() => {
    const idle = requestIdleCallback(palette.preload)
    return () => cancelIdleCallback(idle)
  }, [])
  switch (dialog?.kind) {
    case 'palette':
      return <palette.Component />
    case 'rules':
      return <rules.Component podKey={dialog.podKey} />
    case 'keys':
      return <keys.Component />
    case 'stop-pods':
      return <stopPods.Component podKeys={dialog.podKeys} />
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
