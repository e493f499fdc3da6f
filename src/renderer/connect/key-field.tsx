import type { KeyboardEvent } from 'react'

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
export function KeyField({ placeholder, onPaste, onTyped }: KeyFieldProps) {
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
