import { Button } from '../ui/button'
import { KeyField } from './key-field'
import { keyFormText } from './connect-text'

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
      <label htmlFor="api-key">{keyFormText.label}</label>
      <KeyField placeholder={keyFormText.placeholder(providerName)} onPaste={onPaste} onTyped={onTyped} />
      <p className={`verdict ${verdict.kind}`} role="status">
        {verdict.text}
      </p>
      <div className="actions">
        <Button kind="primary" onPress={onPaste}>
          {keyFormText.paste}
        </Button>
        <Button onPress={keysPage.open}>{keysPage.label}</Button>
      </div>
      <p className="hint" id="api-key-hint">
        {hint}
      </p>
    </>
  )
}
