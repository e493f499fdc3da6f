import { RulesDialog } from '../guard/rules-dialog'
import { Palette } from '../palette/palette'
import { useMirror } from '../state/window-context'

/** What lies over the page, if anything does. */
export function Dialogs() {
  const dialog = useMirror((state) => state.dialog)
  switch (dialog?.kind) {
    case 'palette':
      return <Palette />
    case 'rules':
      return <RulesDialog podId={dialog.podId} />
    case undefined:
      return null
  }
}
