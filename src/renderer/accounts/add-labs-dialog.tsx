import { HubifyConnect } from '../connect/hubify-connect'
import { Button } from '../ui/button'
import { Dialog } from '../ui/dialog'

/** Adds labs of a key of Hubify. */
export function AddLabsDialog({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog label="Add Hubify labs" kind="sheet" onClose={onClose}>
      <header>
        <h2>Add Hubify labs</h2>
        <Button kind="bare" icon="close" label="Close" onPress={onClose} />
      </header>
      <div className="dialog-body connect">
        <HubifyConnect onAdded={onClose} />
      </div>
    </Dialog>
  )
}
