import { useEffect } from 'react'
import { useWindow } from './window-context'

export const letterShortcuts = {
  z: 'undo',
  j: 'next',
  k: 'previous',
  x: 'select',
  s: 'stop',
  t: 'terminal',
  n: 'new',
  r: 'run',
} as const

export type Shortcut =
  | 'search'
  | 'settings'
  | 'palette'
  | 'close'
  | 'keys'
  | (typeof letterShortcuts)[keyof typeof letterShortcuts]

type PressedKeys = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>

/** The shortcut of a keystroke, or null; `isTyping`: the focus is where letters mean something else. */
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
  if (isTyping) return null
  if (key === '/') return 'search'
  if (key === '?') return 'keys'
  // With shift, the same letters extend the selection.
  const letter = key.toLowerCase()
  return isLetter(letter) ? letterShortcuts[letter] : null
}

const isLetter = (key: string): key is keyof typeof letterShortcuts => Object.hasOwn(letterShortcuts, key)

/**
 * Runs `actions` on their shortcuts while the component is mounted. Ignores events that were already handled.
 */
export function useShortcuts(actions: {
  readonly [K in Shortcut]?: (event: KeyboardEvent) => void
}): void {
  const { store } = useWindow().snapshotStore
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return
      // A dialog that opens gets the focus a moment later; letters until then are meant for it, not for the page.
      const isDialogOpen = store.getState().dialog !== null
      const shortcut = shortcutOf(event, isDialogOpen || takesLetters(event.target))
      if (event.repeat && shortcut !== 'next' && shortcut !== 'previous') return
      const run = shortcut === null ? undefined : actions[shortcut]
      if (run === undefined) return
      event.preventDefault()
      run(event)
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  })
}

/** Text fields and terminals, and menus and lists, in which letters move to an entry. */
export function takesLetters(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.matches('input:not([type=checkbox], [type=radio]), textarea, [contenteditable]') ||
      target.closest('[role=menu], [role=listbox], [role=dialog], [role=alertdialog]') !== null)
  )
}
