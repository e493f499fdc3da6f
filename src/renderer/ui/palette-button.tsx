import { useWindow } from '../state/window-context'
import { Button } from './button'
import { shortcutLabel } from './shortcut-label'

/** Looks like the field that it opens. */
export function PaletteButton() {
  const { snapshotStore } = useWindow()
  return (
    <Button kind="palette-open" icon="search" onPress={() => snapshotStore.openDialog({ kind: 'palette' })}>
      Search or run a command
      <kbd aria-hidden="true">{shortcutLabel('K')}</kbd>
    </Button>
  )
}
