import { useEffect } from 'react'

export type Shortcut = 'search' | 'settings' | 'palette' | 'close'

type PressedKeys = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>

/** The shortcut of a keystroke, or null; `isTyping`: the focus is in a text field. */
export function shortcutOf(keys: PressedKeys, isTyping: boolean): Shortcut | null {
  const { key, ctrlKey, metaKey, altKey } = keys
  if (altKey) return null
  const hasCommandKey = ctrlKey !== metaKey
  if (hasCommandKey) {
    if (key.toLowerCase() === 'f' && !keys.shiftKey) return 'search'
    if (key.toLowerCase() === 'k' && !keys.shiftKey) return 'palette'
    return key === ',' ? 'settings' : null
  }
  if (ctrlKey || metaKey) return null
  if (key === 'Escape') return 'close'
  return key === '/' && !isTyping ? 'search' : null
}

/**
 * Runs `actions` on their shortcuts while the component is mounted. Ignores events that were already handled.
 */
export function useShortcuts(actions: { readonly [K in Shortcut]?: () => void }): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing || event.repeat) return
      const shortcut = shortcutOf(event, isTextField(event.target))
      const run = shortcut === null ? undefined : actions[shortcut]
      if (run === undefined) return
      event.preventDefault()
      run()
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  })
}

function isTextField(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('input, textarea, [contenteditable]')
}
