import type { KeyboardEvent } from 'react'

interface KeyFieldProps {
  readonly onPaste: () => void
  /** A character was typed, which the field does not take. */
  readonly onTyped: () => void
}

/**
 * Takes the gesture of pasting and never the text: the app reads the clipboard itself, so that a key is at no
 * time in this window. Read-only, hence nothing can be typed into it either.
 */
export function KeyField({ onPaste, onTyped }: KeyFieldProps) {
  const onKeyDown = (event: KeyboardEvent) => {
    const isPaste =
      ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'v') ||
      (event.shiftKey && event.key === 'Insert')
    if (isPaste) {
      // Handled here as well as in onPaste, since not every platform fires a paste at a read-only field.
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
      placeholder="Copy your key in Runpod, then paste it here"
      aria-describedby="api-key-hint"
      onKeyDown={onKeyDown}
      onPaste={(event) => {
        event.preventDefault()
        onPaste()
      }}
    />
  )
}
