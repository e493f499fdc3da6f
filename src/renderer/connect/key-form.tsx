import type { KeyboardEvent } from 'react'
import { Button } from '../ui/button'
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

interface KeyFieldProps {
  readonly placeholder: string
  readonly onPaste: () => void
  /** Called when a character is typed, which the field rejects. */
  readonly onTyped: () => void
}

/**
 * Reacts to the paste gesture only: the main process reads the clipboard itself, so that the key never
 * reaches this window. The field is read-only, so that a key can't be typed into it either.
 */
function KeyField({ placeholder, onPaste, onTyped }: KeyFieldProps) {
  const onKeyDown = (event: KeyboardEvent) => {
    const isPaste =
      ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'v') ||
      (event.shiftKey && event.key === 'Insert')
    if (isPaste) {
      // Handled here and in onPaste, since some platforms don't fire a paste event for a read-only field.
      event.preventDefault()
      if (!event.repeat) onPaste()
    } else if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) onTyped()
  }
  return (
    <input
      id="api-key"
      className="key-field"
      readOnly
      autoFocus
      autoComplete="off"
      spellCheck={false}
      value=""
      placeholder={placeholder}
      aria-describedby="api-key-hint"
      onKeyDown={onKeyDown}
      onPaste={(event) => {
        event.preventDefault()
        onPaste()
      }}
    />
  )
}
