import { useState } from 'react'
import { keyStorageText } from '../../core/view/key-storage-text'
import type { AccountView } from '../../core/view/snapshot'
import { AccountQuestion } from './account-question'
import { StoredKeyPanel } from './stored-key-panel'
import { verdictText } from './verdict-text'
import type { KeyCheckResult } from '../../shared/ipc'
import { useSnapshotStore, useWindow } from '../state/window-context'
import { Button } from '../ui/button'

/** The current key with its storage and permissions, and buttons to replace, test or forget it. */
export function KeySection() {
  const { bridge, snapshotStore } = useWindow()
  const account = useSnapshotStore(({ snapshot }) => snapshot?.account ?? null)
  const [statusMessage, setStatusMessage] = useState('')
  const [isBusy, setBusy] = useState(false)

  const runOnce = async (inProgress: string, run: () => Promise<string>): Promise<void> => {
    if (isBusy) return
    setBusy(true)
    setStatusMessage(inProgress)
    setStatusMessage(await run())
    setBusy(false)
  }
  const replace = () =>
    runOnce('Trying the key of the clipboard…', async () => {
      const verdict = await snapshotStore.runRequest('The key was not tried', bridge.pasteKey())
      if (verdict === null) return ''
      return verdict.kind === 'accepted' || account === null
        ? verdictText(verdict)
        : `${verdictText(verdict)} The key in use stays.`
    })
  const test = () =>
    runOnce('Asking Runpod…', async () => {
      const verdict = await snapshotStore.runRequest('The key was not tested', bridge.testKey())
      return verdict === null ? '' : keyTestText(verdict, account?.isMonitorOnly === true)
    })
  const forget = () =>
    runOnce('', async () => {
      const done = await snapshotStore.runRequest('Not forgotten', bridge.disconnect())
      return done === true ? 'The key is erased here. At Runpod it is valid until you delete it there.' : ''
    })

  const isRealAccount = account !== null && !account.isDemo
  return (
    <section className="setting-group key-section" aria-labelledby="settings-key">
      <h2 id="settings-key">API key</h2>
      <div className="key-body">
        <StoredKeyPanel />
        <p>{keyText(account)}</p>
        <div className="actions">
          <Button onPress={() => void replace()}>
            {isRealAccount ? 'Replace by the clipboard’s' : 'Paste key'}
          </Button>
          {isRealAccount && <Button onPress={() => void test()}>Test</Button>}
          {isRealAccount && <Button onPress={() => void forget()}>Forget key…</Button>}
        </div>
        <p className="said" role="status">
          {statusMessage}
        </p>
        <ul className="messages" aria-label="Question about the account">
          <AccountQuestion />
        </ul>
      </div>
    </section>
  )
}

function keyText(account: AccountView | null): string {
  if (account === null) return 'No key is in use.'
  if (account.isDemo) return 'The demo needs none. Leave it to use a key of yours.'
  const keyName = `The key ending in ${account.keyEnding ?? '…'}, for ${account.host}.`
  return `${keyName} ${keyStorageText(account.keyStorage, account.sessionOnlyReason)}`
}

function keyTestText(verdict: KeyCheckResult, isMonitorOnly: boolean): string {
  if (verdict.kind !== 'accepted') return verdictText(verdict)
  const permissionText = isMonitorOnly
    ? ' It probably may not act: Runpod refused every action so far.'
    : ' Whether it may start and stop shows at the first action; Runpod does not say before.'
  const balance = verdict.balanceUsd === null ? ' It may not see the balance.' : ''
  return `${verdictText({ ...verdict, storage: 'session-only' })}${balance}${permissionText}`
}
