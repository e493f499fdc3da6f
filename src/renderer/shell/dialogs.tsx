import { useEffect } from 'react'
import { RulesDialog } from '../guard/rules-dialog'
import { KeysDialog } from '../pods/bulk/keys-dialog'
import { StopPodsDialog } from '../pods/bulk/stop-pods-dialog'
import { useSnapshotStore, useWindow } from '../state/window-context'
import { Dialog } from '../ui/dialog'
import { lazyPart } from '../ui/lazy-part'
import { dialogsText } from './shell-text'

/*
 * Loaded on demand: windows start without what is opened in them later. A dialog that a menu opens must be there at
 * once, or the focus that it gives back is that of no element.
 */
const palette = lazyPart(
  () => import('../palette/palette').then(({ Palette }) => Palette),
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

const snippets = lazyPart(
  () => import('../snippets/insert-snippet').then(({ InsertSnippet }) => InsertSnippet),
  dialogsText.couldNotOpen,
)

const editWith = lazyPart(
  () => import('../editors/edit-with').then(({ EditWith }) => EditWith),
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
    case 'edit-with': {
      const close = () => snapshotStore.openDialog(null)
      return (
        <Dialog label={dialogsText.editWith} kind="sheet" onClose={close}>
          <editWith.Component podKey={dialog.podKey} onClose={close} />
        </Dialog>
      )
    }
    case 'job': {
      const close = () => snapshotStore.openDialog(null)
      return (
        <Dialog label={dialogsText.job} kind="sheet" onClose={close}>
          <job.Component jobId={dialog.jobId} copyOf={dialog.copyOf ?? null} onClose={close} />
        </Dialog>
      )
    }
    case 'snippets': {
      const close = () => snapshotStore.openDialog(null)
      return (
        <Dialog label={dialogsText.snippets} kind="sheet" onClose={close}>
          <snippets.Component podKey={dialog.podKey} terminalId={dialog.terminalId} onClose={close} />
        </Dialog>
      )
    }
    case undefined:
      return null
  }
}
