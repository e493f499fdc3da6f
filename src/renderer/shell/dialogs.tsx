import { RulesDialog } from '../guard/rules-dialog'
import { Palette } from '../palette/palette'
import { useSnapshotStore } from '../state/window-context'

/** The open dialog, if any. */
export function Dialogs() {
  const dialog = useSnapshotStore((state) => state.dialog)
  switch (dialog?.kind) {
    case 'palette':
      return <Palette />
    case 'rules':
      return <RulesDialog podKey={dialog.podKey} />
    case undefined:
      return null
  }
}
