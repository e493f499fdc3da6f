import { useRef } from 'react'
import { useSnapshotStore, useWindow } from '../state/window-context'
import { Button } from '../ui/button'

/** Explains why the stored key can't be used, with actions. Renders nothing when no such key exists. */
export function StoredKeyPanel() {
  const { bridge, snapshotStore } = useWindow()
  const isInFlight = useRef(false)
  const storedKey = useSnapshotStore(({ snapshot }) =>
    snapshot?.connection.kind === 'no-account' ? (snapshot.connection.keptKey ?? null) : null,
  )
  if (storedKey === null) return null
  const retry = async () => {
    if (isInFlight.current) return
    isInFlight.current = true
    await snapshotStore.runRequest('The keyring was not asked', bridge.retryKeyring())
    isInFlight.current = false
  }
  const forget = async () => {
    const done = await snapshotStore.runRequest('Not forgotten', bridge.disconnect())
    if (done === true) snapshotStore.showToast('ok', 'The key is forgotten.')
  }
  return (
    <div className="kept-key idle" role="group" aria-label="Kept key">
      <p>
        <b>The key ending in {storedKey.ending} is kept, but cannot be used.</b> {storedKey.reason}
      </p>
      <div className="actions">
        {storedKey.canTryAgain && <Button onPress={() => void retry()}>Try the keyring again</Button>}
        <Button onPress={() => void forget()}>Forget this key…</Button>
      </div>
      <p className="hint">Or paste a key: this one, or another.</p>
    </div>
  )
}
