import { HubifyConnect } from '../connect/hubify-connect'
import { Button } from '../ui/button'
import { Dialog } from '../ui/dialog'
import { commonText } from '../ui/common-text'
import { accountsText } from './account-row-text'

/** Adds labs of a key of Hubify. */
export function AddLabsDialog({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog label={accountsText.addLabs} kind="sheet" onClose={onClose}>
      <header>
        <h2>{accountsText.addLabs}</h2>
        <Button kind="bare" icon="close" label={commonText.close} onPress={onClose} />
      </header>
      <div className="dialog-body connect">
        <HubifyConnect onAdded={onClose} />
      </div>
    </Dialog>
  )
}
