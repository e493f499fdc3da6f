import { useWindow } from '../state/window-context'
import { Button } from './button'
import { keyName } from './key-name'

/** Looks like the field that it opens. */
export function PaletteField() {
  const { mirror } = useWindow()
  return (
    <Button kind="palette-open" icon="search" onPress={() => mirror.open({ kind: 'palette' })}>
      Search or run a command
      <kbd aria-hidden="true">{keyName('K')}</kbd>
    </Button>
  )
}
