import { useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import { Message } from '../ui/message'

/** Asks for confirmation before the key is forgotten. */
export function DisconnectMessage({ onDone }: { readonly onDone: () => void }) {
  const { bridge, snapshotStore } = useWindow()
  const disconnect = async () => {
    await snapshotStore.runRequest('Not disconnected', bridge.disconnect())
    onDone()
  }
  return (
    <Message
      tone="idle"
      actions={
        <>
          <Button onPress={() => void disconnect()}>Forget key</Button>
          <Button autoFocus onPress={onDone}>
            Cancel
          </Button>
        </>
      }
    >
      <b>Disconnect?</b> The key is erased and nothing is watched any more. Your pods run on.
    </Message>
  )
}
