import { useWindow } from '../state/window-context'
import { Button } from './button'
import { shortcutLabel } from './shortcut-label'
import { uiText } from './ui-text'

/** Opens the command palette; looks like its search field. */
export function PaletteButton() {
  const { snapshotStore } = useWindow()
  return (
    <Button kind="palette-open" icon="search" onPress={() => snapshotStore.openDialog({ kind: 'palette' })}>
      <span className="palette-word">{uiText.searchOrRun}</span>
      <kbd aria-hidden="true">{shortcutLabel('K')}</kbd>
    </Button>
  )
}
