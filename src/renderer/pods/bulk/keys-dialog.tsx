import './bulk.css'
import { useWindow } from '../../state/window-context'
import { CloseButton } from '../../ui/close-button'
import { Dialog } from '../../ui/dialog'
import { windowKeys } from './keys-text'
import { bulkText } from './bulk-text'

/** All keys of the window. */
export function KeysDialog() {
  const { snapshotStore } = useWindow()
  const close = () => snapshotStore.openDialog(null)
  return (
    <Dialog label={bulkText.keys} kind="sheet" onClose={close}>
      <header>
        <h2>{bulkText.keys}</h2>
        <CloseButton onPress={close} />
      </header>
      <dl className="dialog-body dialog-keys">
        {windowKeys().map(({ keys, action }) => (
          <div key={action} style={{ display: 'contents' }}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{action}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  )
}
