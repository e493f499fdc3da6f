import { useState } from 'react'
import { keyStorageWords } from '../../core/view/key-storage-text'
import type { AccountView } from '../../core/view/snapshot'
import { KeptKeyPanel } from './kept-key-panel'
import { verdictWords } from './verdict-text'
import type { KeyVerdict } from '../../shared/ipc'
import { useMirror, useWindow } from '../state/window-context'
import { Button } from '../ui/button'

/** The key in use: which, where it lies, what it may do; and to replace, test or forget it. */
export function KeySection() {
  const { bridge, mirror } = useWindow()
  const account = useMirror(({ snapshot }) => snapshot?.account ?? null)
  const [said, setSaid] = useState('')
  const [isBusy, setBusy] = useState(false)
  const [isForgetting, setForgetting] = useState(false)

  const once = async (during: string, run: () => Promise<string>): Promise<void> => {
    if (isBusy) return
    setBusy(true)
    setSaid(during)
    setSaid(await run())
    setBusy(false)
  }
  const replace = () =>
    once('Trying the key of the clipboard…', async () => {
      const verdict = await mirror.report('The key was not tried', bridge.pasteKey())
      if (verdict === null) return ''
      return verdict.kind === 'accepted' || account === null
        ? verdictWords(verdict)
        : `${verdictWords(verdict)} The key in use stays.`
    })
  const test = () =>
    once('Asking Runpod…', async () => {
      const verdict = await mirror.report('The key was not tested', bridge.testKey())
      return verdict === null ? '' : testWords(verdict, account?.isMonitorOnly === true)
    })
  const forget = () =>
    once('', async () => {
      setForgetting(false)
      const done = await mirror.report('Not forgotten', bridge.disconnect())
      return done === null ? '' : 'The key is erased here. At Runpod it is valid until you delete it there.'
    })

  const isOwn = account !== null && !account.isDemo
  return (
    <section className="setting-group key-section" aria-labelledby="settings-key">
      <h2 id="settings-key">API key</h2>
      <div className="key-body">
        <KeptKeyPanel />
        <p>{keyWords(account)}</p>
        <div className="actions">
          <Button onPress={() => void replace()}>{isOwn ? 'Replace by the clipboard’s' : 'Paste key'}</Button>
          {isOwn && <Button onPress={() => void test()}>Test</Button>}
          {isOwn && !isForgetting && <Button onPress={() => setForgetting(true)}>Forget…</Button>}
          {isOwn && isForgetting && (
            <>
              <Button onPress={() => void forget()}>Forget key</Button>
              <Button autoFocus onPress={() => setForgetting(false)}>
                Cancel
              </Button>
            </>
          )}
        </div>
        {isForgetting && isOwn && <p>The key is erased and nothing is watched any more. Your pods run on.</p>}
        <p className="said" role="status">
          {said}
        </p>
      </div>
    </section>
  )
}

function keyWords(account: AccountView | null): string {
  if (account === null) return 'No key is in use.'
  if (account.isDemo) return 'The demo needs none. Leave it to use a key of yours.'
  const which = `The key ending in ${account.keyEnding ?? '…'}, for ${account.host}.`
  return `${which} ${keyStorageWords(account.keyStorage, account.sessionOnlyReason)}`
}

function testWords(verdict: KeyVerdict, isMonitorOnly: boolean): string {
  if (verdict.kind !== 'accepted') return verdictWords(verdict)
  const mayAct = isMonitorOnly
    ? ' It may not act: Runpod refused it an action.'
    : ' Whether it may start and stop shows at the first action; Runpod does not say before.'
  const balance = verdict.balanceUsd === null ? ' It may not see the balance.' : ''
  return `${verdictWords({ ...verdict, storage: 'session-only' })}${balance}${mayAct}`
}
