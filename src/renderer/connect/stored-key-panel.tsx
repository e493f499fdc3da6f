import { useRef } from 'react'
import type { AccountId } from '../../core/pods/pod'
import type { UnusableKey } from '../../core/polling/connection'
import type { Snapshot } from '../../core/view/snapshot'
import { useSnapshotStore, useWindow } from '../state/window-context'
import { Button } from '../ui/button'

/** Explains why the stored key can't be used, with actions. Renders nothing when no such key exists. */
export function StoredKeyPanel() {
  const keysJson = useSnapshotStore(({ wholeSnapshot }) =>
    JSON.stringify(wholeSnapshot === null ? [] : unusableKeys(wholeSnapshot)),
  )
  const keys = JSON.parse(keysJson) as ReturnType<typeof unusableKeys>
  return keys.map((key) => <StoredKey key={key.id} {...key} />)
}

function unusableKeys({ accounts }: Snapshot) {
  return accounts.flatMap(({ entry, connection }) =>
    connection.kind === 'no-account' && connection.keptKey !== undefined && !entry.isPaused
      ? [{ id: entry.id, name: accounts.length < 2 ? null : entry.name, ...connection.keptKey }]
      : [],
  )
}

function StoredKey(storedKey: UnusableKey & { readonly id: AccountId; readonly name: string | null }) {
  const { bridge, snapshotStore } = useWindow()
  const isInFlight = useRef(false)
  const retry = async () => {
    if (isInFlight.current) return
    isInFlight.current = true
    await snapshotStore.runRequest('Couldn’t open the keyring', bridge.retryKeyring())
    isInFlight.current = false
  }
  const forget = async () => {
    const done = await snapshotStore.runRequest('Couldn’t forget the key', bridge.removeAccount(storedKey.id))
    if (done === true) snapshotStore.showToast('ok', 'Key forgotten.')
  }
  return (
    <div
      className="kept-key idle"
      role="group"
      aria-label={storedKey.name === null ? 'Stored key' : `Stored key of ${storedKey.name}`}
    >
      <p>
        {storedKey.name !== null && `${storedKey.name}: `}
        <b>The stored key ending in {storedKey.ending} can’t be used.</b> {storedKey.reason}
      </p>
      <div className="actions">
        {storedKey.canTryAgain && <Button onPress={() => void retry()}>Try the keyring again</Button>}
        <Button onPress={() => void forget()}>Forget this key…</Button>
      </div>
      <p className="hint">Or paste this key or another one.</p>
    </div>
  )
}
