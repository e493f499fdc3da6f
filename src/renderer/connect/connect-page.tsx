import './connect.css'
import { useRef, useState } from 'react'
import { Radio, RadioGroup } from 'react-aria-components'
import { type ProviderKind, providerKinds, providerName } from '../../core/settings/account-record'
import type { KeyCheckResult } from '../../shared/requests/account-requests'
import { useSettings } from '../state/hooks/use-settings'
import { useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import { HubifyConnect } from './hubify-connect'
import { StoredKeyPanel } from './stored-key-panel'
import { KeyForm } from './key-form'
import { connectText, keyFormText } from './connect-text'
import { verdictText } from './verdict-text'

interface ConnectPageProps {
  /** Null on the first run, where there is no previous page and the demo is offered instead. */
  readonly onBack: (() => void) | null
  /**
   * Has the app check the key in the clipboard; resolves to null on failure, which is reported by a toast.
   */
  readonly tryKey: () => Promise<KeyCheckResult | null>
  /** A key was accepted, or the demo runs: this page is replaced. */
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
      const started = await snapshotStore.runRequest(connectText.couldNotStartDemo, bridge.startDemo())
      if (started === true) onAccepted()
      return { kind: 'none' }
    })

  const runpodForm = (
    <KeyForm
      providerName={providerName('runpod')}
      verdict={{ kind: attempt.kind, text: attemptText(attempt) }}
      onPaste={() => void paste()}
      onTyped={() => {
        if (!isBusy.current) setAttempt({ kind: 'typed' })
      }}
      keysPage={{
        label: connectText.openKeysPage,
        open: () => void snapshotStore.runRequest(connectText.couldNotOpenPage, bridge.openPage('api-keys')),
      }}
      hint={connectText.runpodKeyHint(keyHost)}
    />
  )

  const form = (
    <>
      <StoredKeyPanel />
      <ProviderChoice chosen={provider} onChoose={setProvider} />
      {provider === 'hubify' ? <HubifyConnect onAdded={onAccepted} /> : runpodForm}
      <hr />
    </>
  )
  if (onBack !== null)
    return (
      <section className="connect">
        <h2>{connectText.title(provider)}</h2>
        {form}
        <div className="actions">
          <Button onPress={onBack}>{connectText.back}</Button>
        </div>
      </section>
    )
  return (
    <section className="connect first">
      <Promised />
      <div className="connect-form">
        <h3>{connectText.title(provider)}</h3>
        {form}
        <div className="actions">
          <Button onPress={() => void startDemo()}>{connectText.tryDemo}</Button>
        </div>
        <p className="hint">{connectText.demoHint}</p>
      </div>
    </section>
  )
}

/** What the app is for, with a picture of it: a pod that wastes money, and its stop. */
function Promised() {
  const { picture } = connectText
  return (
    <div className="promised">
      <h2>{connectText.promise}</h2>
      <p>{connectText.watches}</p>
      <div className="promised-picture" aria-hidden="true">
        <span className="pod">{picture.pod}</span>
        <span className="state">{picture.idle}</span>
        <span className="rate">{picture.rate}</span>
        <svg viewBox="0 0 200 40" preserveAspectRatio="none">
          <path
            className="busy"
            d="M0 8 L14 5 L28 9 L42 4 L56 8 L70 5 L84 9 L98 5 L112 8 L126 5 L136 8 L140 36"
          />
          <path className="rest" d="M140 36 L200 36" />
        </svg>
        <span className="wasted">{picture.wasted}</span>
        <span className="stop">{picture.stop}</span>
      </div>
    </div>
  )
}

function attemptText(attempt: KeyAttempt): string {
  switch (attempt.kind) {
    case 'none':
      return ''
    case 'typed':
      return keyFormText.typed(providerName('runpod'))
    case 'trying':
      return keyFormText.checking
    case 'starting-demo':
      return connectText.startingDemo
    case 'accepted':
    case 'refused':
    case 'not-a-key':
    case 'undecided':
      return verdictText(attempt)
  }
}

interface ProviderChoiceProps {
  readonly chosen: ProviderKind
  readonly onChoose: (provider: ProviderKind) => void
}

/** Whose key is added. */
function ProviderChoice({ chosen, onChoose }: ProviderChoiceProps) {
  return (
    <RadioGroup
      className="segments provider-choice"
      aria-label={connectText.provider}
      orientation="horizontal"
      value={chosen}
      onChange={(value) => onChoose(value === 'hubify' ? 'hubify' : 'runpod')}
    >
      {providerKinds.map((provider) => (
        <Radio key={provider} className="provider-radio" value={provider}>
          {providerName(provider)}
        </Radio>
      ))}
    </RadioGroup>
  )
}
