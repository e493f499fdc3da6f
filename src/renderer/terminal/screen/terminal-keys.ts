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

/** The shortcuts for display, as this platform writes them. */
export function terminalShortcuts(isMac: boolean): readonly (readonly [stroke: string, what: string])[] {
  const perSystem = (mac: string, other: string): string => (isMac ? mac : other)
  return [
    [
      perSystem('⌘F', 'Ctrl F, Ctrl Shift F'),
      'Search. In a program that has the whole screen Ctrl F is its own.',
    ],
    [perSystem('⌘C', 'Ctrl Shift C'), 'Copy what is selected'],
    [perSystem('⌘V', 'Ctrl Shift V'), 'Paste'],
    [perSystem('⌘T', 'Ctrl Shift T'), 'Another terminal on the same pod'],
    ['Ctrl Shift W', 'Close the terminal'],
    ['Ctrl Tab, Ctrl Page Down', 'The next terminal; with Shift or Page Up the one before'],
    ['Ctrl Shift Page Down', 'Move the tab to the right; with Page Up to the left'],
    [perSystem('⌘1 … ⌘9', 'Ctrl Shift 1 … 9'), 'The terminal in that place'],
    ['F2', 'Rename, on a tab'],
    ['Ctrl Shift L', 'Leave the terminal: the keyboard goes to its tab'],
    [perSystem('⌘K', 'Ctrl Shift K'), 'Search or run a command'],
    ['Menu, Shift F10', 'What can be done. In a program that has the whole screen Shift F10 is its own.'],
    ['Shift Page Up', 'Scroll back; with Page Down forward'],
  ]
}
