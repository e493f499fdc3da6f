import { Button } from '../ui/button'
import { KeyField } from './key-field'

interface KeyFormProps {
  /** Where the key is copied, for display. */
  readonly providerName: string
  /** What became of the last attempt; `kind` is a class. */
  readonly verdict: { readonly kind: string; readonly text: string }
  readonly onPaste: () => void
  readonly onTyped: () => void
  /** Opens the page on which keys are made. */
  readonly keysPage: { readonly label: string; readonly open: () => void }
  /** Names the host that the key goes to, before it is read: docs/product-rules.md#9-first-run */
  readonly hint: string
}

/** The field, the buttons and the answer for a key that is pasted. */
export function KeyForm({ providerName, verdict, onPaste, onTyped, keysPage, hint }: KeyFormProps) {
  return (
    <>
      <label htmlFor="api-key">API key</label>
      <KeyField
        placeholder={`Copy your key in ${providerName}, then paste it here`}
        onPaste={onPaste}
        onTyped={onTyped}
      />
      <p className={`verdict ${verdict.kind}`} role="status">
        {verdict.text}
      </p>
      <div className="actions">
        <Button kind="primary" onPress={onPaste}>
          Paste key
        </Button>
        <Button onPress={keysPage.open}>{keysPage.label}</Button>
      </div>
      <p className="hint" id="api-key-hint">
        {hint}
      </p>
    </>
  )
}

/** Answers to what is no key yet. */
export const typedText = (providerName: string): string =>
  `Keys can’t be typed here. Copy yours in ${providerName}, then paste it.`
export const TRYING = 'Checking the key…'

/** How the app takes a key. `host`: null while it is not known. */
export const takingKeyText = (host: string | null): string =>
  `Podkeeper reads the key straight from your clipboard, never through this window${
    host === null ? '' : `, sends it to ${host} only`
  }, and stores it in the system keyring if there is one.`
