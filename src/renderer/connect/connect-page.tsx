import '../ui/first-run.css'
import { useRef, useState } from 'react'
import type { KeyVerdict } from '../../shared/ipc'
import { StepBar } from '../ui/step-bar'
import { useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import { KeptKeyPanel } from './kept-key-panel'
import { KeyField } from './key-field'
import { verdictWords } from './verdict-text'

interface ConnectPageProps {
  /** Null on the first run, where there is nothing to go back to; the demo is offered instead. */
  readonly onBack: (() => void) | null
  /** Has the app try the key of the clipboard; null: it could not, and that was said. */
  readonly tryKey: () => Promise<KeyVerdict | null>
  readonly onAccepted: () => void
}

type Attempt = { readonly kind: 'none' | 'typed' | 'trying' | 'starting-demo' } | KeyVerdict

/** Asks for a key, by paste only, and offers the demo. */
export function ConnectPage({ onBack, tryKey, onAccepted }: ConnectPageProps) {
  const { bridge, mirror } = useWindow()
  const [attempt, setAttempt] = useState<Attempt>({ kind: 'none' })
  const isBusy = useRef(false)

  const once = async (during: Attempt, run: () => Promise<Attempt>) => {
    if (isBusy.current) return
    isBusy.current = true
    setAttempt(during)
    setAttempt(await run())
    isBusy.current = false
  }
  const paste = () =>
    once({ kind: 'trying' }, async () => {
      const verdict = await tryKey()
      if (verdict?.kind === 'accepted') {
        // Said by the window and not by this page, which makes way for the pods at once.
        mirror.say('ok', verdictWords(verdict))
        onAccepted()
      }
      return verdict ?? { kind: 'none' }
    })
  const startDemo = () =>
    once({ kind: 'starting-demo' }, async () => {
      const started = await mirror.report('The demo did not start', bridge.startDemo())
      // In the demo there is nothing to lose: its pods can be ticked at once.
      if (started !== null) await mirror.report('Automatic stops stay off', bridge.setAutoStop('ticked'))
      return { kind: 'none' }
    })

  return (
    <section className="connect">
      {onBack === null && <StepBar step="connect" />}
      <h2>Connect to Runpod</h2>
      <p>Podkeeper watches your pods, says when one sits idle, and stops what you tell it to stop.</p>
      <KeptKeyPanel />
      <label htmlFor="api-key">API key</label>
      <KeyField
        onPaste={() => void paste()}
        onTyped={() => {
          if (!isBusy.current) setAttempt({ kind: 'typed' })
        }}
      />
      <p className={`verdict ${attempt.kind}`} role="status">
        {attemptWords(attempt)}
      </p>
      <div className="actions">
        <Button kind="primary" onPress={() => void paste()}>
          Paste key
        </Button>
        <Button onPress={() => void mirror.report('Not opened', bridge.openPage('api-keys'))}>
          Open Runpod's API keys page
        </Button>
      </div>
      <p className="hint" id="api-key-hint">
        The app takes the key from the clipboard by itself, never through this window, and keeps it in the
        system keyring where there is one. A read-only key is enough to watch; starting and stopping pods
        needs write access.
      </p>
      <hr />
      {onBack === null ? (
        <>
          <div className="actions">
            <Button onPress={() => void startDemo()}>Try it without an account</Button>
          </div>
          <p className="hint">A demo with made-up pods on this computer. It costs nothing.</p>
        </>
      ) : (
        <div className="actions">
          <Button onPress={onBack}>Back</Button>
        </div>
      )}
    </section>
  )
}

function attemptWords(attempt: Attempt): string {
  switch (attempt.kind) {
    case 'none':
      return ''
    case 'typed':
      return 'A key cannot be typed here: copy it in Runpod, then paste it.'
    case 'trying':
      return 'Trying the key…'
    case 'starting-demo':
      return 'Starting the demo…'
    case 'accepted':
    case 'refused':
    case 'not-a-key':
    case 'undecided':
      return verdictWords(attempt)
  }
}
