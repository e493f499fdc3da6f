import { useRef, useState } from 'react'
import { type ProviderKind, providerName } from '../../core/settings/account-record'
import type { KeyCheckResult } from '../../shared/account-requests'
import { useSettings } from '../state/use-settings'
import { useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import { HubifyConnect } from './hubify-connect'
import { StoredKeyPanel } from './stored-key-panel'
import { KeyForm, takingKeyText, TRYING, typedText } from './key-form'
import { ProviderChoice } from './provider-choice'
import { verdictText } from './verdict-text'

interface ConnectPageProps {
  /** Null on the first run, where there is no previous page and the demo is offered instead. */
  readonly onBack: (() => void) | null
  /**
   * Has the app check the key in the clipboard; resolves to null on failure, which is reported by a toast.
   */
  readonly tryKey: () => Promise<KeyCheckResult | null>
  readonly onAccepted: () => void
}

type KeyAttempt = { readonly kind: 'none' | 'typed' | 'trying' | 'starting-demo' } | KeyCheckResult

/** Asks for an API key, which can only be pasted, and offers the demo. */
export function ConnectPage({ onBack, tryKey, onAccepted }: ConnectPageProps) {
  const { bridge, snapshotStore } = useWindow()
  const [attempt, setAttempt] = useState<KeyAttempt>({ kind: 'none' })
  const isBusy = useRef(false)
  const keyHost = useSettings()?.keyHost ?? null
  const [provider, setProvider] = useState<ProviderKind>('runpod')

  const runOnce = async (inProgress: KeyAttempt, run: () => Promise<KeyAttempt>) => {
    if (isBusy.current) return
    isBusy.current = true
    setAttempt(inProgress)
    setAttempt(await run())
    isBusy.current = false
  }
  const paste = () =>
    runOnce({ kind: 'trying' }, async () => {
      const verdict = await tryKey()
      if (verdict?.kind === 'accepted') {
        // A toast, because this page is replaced by the pods at once.
        snapshotStore.showToast('ok', verdictText(verdict))
        onAccepted()
      }
      return verdict ?? { kind: 'none' }
    })
  const startDemo = () =>
    runOnce({ kind: 'starting-demo' }, async () => {
      const started = await snapshotStore.runRequest('Couldn’t start the demo', bridge.startDemo())
      // Nothing is at risk in the demo, so auto-stop is on.
      if (started === true)
        await snapshotStore.runRequest('Couldn’t turn on auto-stop', bridge.setAutoStop('demo', 'ticked'))
      return { kind: 'none' }
    })

  const runpodForm = (
    <KeyForm
      providerName="Runpod"
      verdict={{ kind: attempt.kind, text: attemptText(attempt) }}
      onPaste={() => void paste()}
      onTyped={() => {
        if (!isBusy.current) setAttempt({ kind: 'typed' })
      }}
      keysPage={{
        label: 'Open Runpod’s API keys page',
        open: () => void snapshotStore.runRequest('Couldn’t open the page', bridge.openPage('api-keys')),
      }}
      hint={`${takingKeyText(keyHost)} A read-only key is enough to watch; starting and stopping pods needs write access.`}
    />
  )

  return (
    <section className="connect">
      <h2>Connect your {providerName(provider)} account</h2>
      <p>
        Podkeeper watches your pods and tells you when one sits idle. It won’t stop anything until you turn on
        auto-stop.
      </p>
      <StoredKeyPanel />
      <ProviderChoice chosen={provider} onChoose={setProvider} />
      {provider === 'hubify' ? <HubifyConnect onAdded={onAccepted} /> : runpodForm}
      <hr />
      {onBack === null ? (
        <>
          <div className="actions">
            <Button onPress={() => void startDemo()}>Try the demo</Button>
          </div>
          <p className="hint">
            Simulated pods on this computer, free and without an account. Set a budget, alerts and auto-stop
            later, where you need them.
          </p>
        </>
      ) : (
        <div className="actions">
          <Button onPress={onBack}>Back</Button>
        </div>
      )}
    </section>
  )
}

function attemptText(attempt: KeyAttempt): string {
  switch (attempt.kind) {
    case 'none':
      return ''
    case 'typed':
      return typedText('Runpod')
    case 'trying':
      return TRYING
    case 'starting-demo':
      return 'Starting the demo…'
    case 'accepted':
    case 'refused':
    case 'not-a-key':
    case 'undecided':
      return verdictText(attempt)
  }
}
