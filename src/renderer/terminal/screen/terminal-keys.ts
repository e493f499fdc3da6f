/** Shortcuts of the app in a focused terminal. All other keystrokes go to the shell. */
export type TerminalAction =
  | { readonly kind: 'search' | 'copy' | 'menu' | 'palette' | 'focus-tab' | 'new' | 'close' }
  | { readonly kind: 'step'; readonly by: 1 | -1 }
  | { readonly kind: 'move'; readonly by: 1 | -1 }
  | { readonly kind: 'select'; readonly index: number }

export type Keystroke = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>

export interface KeyContext {
  readonly isMac: boolean
  /** A program such as an editor uses the whole screen and may need Ctrl+F or Shift+F10 itself. */
  readonly isFullScreen: boolean
}

/** Null: the keystroke goes to the shell. */
export function terminalActionOf(
  keystroke: Keystroke,
  { isMac, isFullScreen }: KeyContext,
): TerminalAction | null {
  const { key, code, ctrlKey, metaKey, altKey, shiftKey } = keystroke
  if (altKey) return null
  if (ctrlKey && !metaKey) {
    if (key === 'Tab') return { kind: 'step', by: shiftKey ? -1 : 1 }
    if (key === 'PageDown' || key === 'PageUp')
      return { kind: shiftKey ? 'move' : 'step', by: key === 'PageDown' ? 1 : -1 }
    if (shiftKey) return actionOfCode(code)
    return code === 'KeyF' && !isMac && !isFullScreen ? { kind: 'search' } : null
  }
  if (key === 'ContextMenu' || (key === 'F10' && shiftKey && !metaKey && !isFullScreen))
    return { kind: 'menu' }
  if (isMac && metaKey && !ctrlKey && !shiftKey && MAC_COMMAND_CODES.has(code)) return actionOfCode(code)
  return null
}

/** Used with the command key alone; other shortcuts with it belong to the system. */
const MAC_COMMAND_CODES = new Set([
  'KeyF',
  'KeyT',
  'KeyC',
  ...Array.from({ length: 9 }, (_, index) => `Digit${index + 1}`),
])

function actionOfCode(code: string): TerminalAction | null {
  switch (code) {
    case 'KeyF':
      return { kind: 'search' }
    case 'KeyC':
      return { kind: 'copy' }
    case 'KeyK':
      return { kind: 'palette' }
    case 'KeyL':
      return { kind: 'focus-tab' }
    case 'KeyT':
      return { kind: 'new' }
    case 'KeyW':
      return { kind: 'close' }
    default:
      return /^Digit[1-9]$/.test(code) ? { kind: 'select', index: Number(code.slice(-1)) - 1 } : null
  }
}
