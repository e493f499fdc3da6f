import { useState } from 'react'
import type { KeyCheckResult } from '../../shared/requests/account-requests'
import { useWindow } from '../state/window-context'
import { keyFormText } from './connect-text'

/** Has the app check the key in the clipboard; the connect page stays until the verdict is there. */
export function useTryKey() {
  const { bridge, snapshotStore } = useWindow()
  const [isTrying, setTrying] = useState(false)
  /** Resolves to null on failure, which is reported by a toast. */
  const tryKey = async (): Promise<KeyCheckResult | null> => {
    setTrying(true)
    const verdict = await snapshotStore.runRequest(keyFormText.couldNotCheck, bridge.pasteKey())
    setTrying(false)
    return verdict
  }
  return { isTrying, tryKey }
}
