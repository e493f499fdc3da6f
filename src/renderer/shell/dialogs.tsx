import { RulesDialog } from '../guard/rules-dialog'
import { Palette } from '../palette/palette'
import { KeysDialog } from '../pods/bulk/keys-dialog'
import { StopPodsDialog } from '../pods/bulk/stop-pods-dialog'
import { useSnapshotStore } from '../state/window-context'

/** The open dialog, if any. */
export function Dialogs() {
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
    case undefined:
      return null
  }
}
