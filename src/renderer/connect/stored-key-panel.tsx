import { useRef } from 'react'
import type { AccountId } from '../../core/pods/pod'
import type { UnusableKey } from '../../core/polling/connection'
import type { Snapshot } from '../../core/view/snapshot'
import { useSnapshotStore, useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import { storedKeyText } from './connect-text'

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
    await snapshotStore.runRequest(storedKeyText.couldNotOpenKeyring, bridge.retryKeyring())
    isInFlight.current = false
  }
  const forget = async () => {
    const done = await snapshotStore.runRequest(
      storedKeyText.couldNotForget,
      bridge.removeAccount(storedKey.id),
    )
    if (done === true) snapshotStore.showToast('ok', storedKeyText.forgotten)
  }
  return (
    <div className="kept-key idle" role="group" aria-label={storedKeyText.label(storedKey.name)}>
      <p>
        {storedKey.name !== null && `${storedKey.name}: `}
        <b>{storedKeyText.unusable(storedKey.ending)}</b> {storedKey.reason}
      </p>
      <div className="actions">
        {storedKey.canTryAgain && <Button onPress={() => void retry()}>{storedKeyText.tryKeyring}</Button>}
        <Button onPress={() => void forget()}>{storedKeyText.forget}</Button>
      </div>
      <p className="hint">{storedKeyText.orPaste}</p>
    </div>
  )
}
