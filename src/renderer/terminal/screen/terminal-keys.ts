import type { PaneSide } from '../../../core/terminal/panes/pane-geometry'
import type { SplitDirection } from '../../../core/terminal/panes/pane-layout'

/** Shortcuts of the app in a focused terminal. All other keystrokes go to the shell. */
export type TerminalAction =
  | { readonly kind: 'search' | 'copy' | 'menu' | 'palette' | 'focus-tab' | 'new' | 'close' | 'place' }
  | { readonly kind: 'step'; readonly by: 1 | -1 }
  | { readonly kind: 'move'; readonly by: 1 | -1 }
  | { readonly kind: 'select'; readonly index: number }
  | { readonly kind: 'split'; readonly direction: SplitDirection }
  | { readonly kind: 'pane'; readonly side: PaneSide }

export type Keystroke = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>

export interface KeyContext {
  readonly isMac: boolean
  /** A program such as an editor uses the whole screen and may need Ctrl+F, Ctrl+\ or Shift+F10 itself. */
  readonly isFullScreen: boolean
  /** Its tab has several panes. */
  readonly hasPanes: boolean
}

/** Null: the keystroke goes to the shell. */
export function terminalActionOf(
  keystroke: Keystroke,
  { isMac, isFullScreen, hasPanes }: KeyContext,
): TerminalAction | null {
  const { key, code, ctrlKey, metaKey, altKey, shiftKey } = keystroke
  if (altKey) {
    const side = hasPanes && !ctrlKey && !shiftKey && metaKey === isMac ? PANE_SIDES[key] : undefined
    return side === undefined ? null : { kind: 'pane', side }
  }
  if (ctrlKey && !metaKey) {
    if (key === 'Tab') return { kind: 'step', by: shiftKey ? -1 : 1 }
    if (key === 'PageDown' || key === 'PageUp')
      return { kind: shiftKey ? 'move' : 'step', by: key === 'PageDown' ? 1 : -1 }
    if (key === '\\' || key === '|' || code === 'Backslash') {
      if (shiftKey) return { kind: 'split', direction: 'down' }
      return isFullScreen ? null : { kind: 'split', direction: 'right' }
    }
    if (shiftKey) return actionOfCode(code)
    return code === 'KeyF' && !isMac && !isFullScreen ? { kind: 'search' } : null
  }
  if (key === 'ContextMenu' || (key === 'F10' && shiftKey && !metaKey && !isFullScreen))
    return { kind: 'menu' }
  if (isMac && metaKey && !ctrlKey && !shiftKey && MAC_COMMAND_CODES.has(code)) return actionOfCode(code)
  return null
}

const PANE_SIDES: Readonly<Record<string, PaneSide>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
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
    case 'KeyO':
      return { kind: 'place' }
    case 'KeyT':
      return { kind: 'new' }
    case 'KeyW':
      return { kind: 'close' }
    default:
      return /^Digit[1-9]$/.test(code) ? { kind: 'select', index: Number(code.slice(-1)) - 1 } : null
  }
}
