import { describe, expect, test } from 'vitest'
import { terminalShortcuts } from '../../../../src/renderer/terminal/screen/screen-text'
import { type Keystroke, terminalActionOf } from '../../../../src/renderer/terminal/screen/terminal-keys'

const keystroke = (code: string, over: Partial<Keystroke> = {}): Keystroke => ({
  key: code.startsWith('Key') ? code.slice(3).toLowerCase() : code,
  code,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...over,
})

const other = { isMac: false, isFullScreen: false, hasPanes: false }

const mac = { ...other, isMac: true }

describe('the shortcuts in a terminal', () => {
  test('leave every Ctrl letter to the shell except Ctrl+F, and that one too in full-screen programs', () => {
    for (const letter of 'ABCDEGHIJKLMNOPQRSTUVWXYZ')
      expect(terminalActionOf(keystroke(`Key${letter}`, { ctrlKey: true }), other)).toBeNull()
    const search = keystroke('KeyF', { ctrlKey: true })
    expect(terminalActionOf(search, other)).toEqual({ kind: 'search' })
    expect(terminalActionOf(search, { ...other, isFullScreen: true })).toBeNull()
    expect(terminalActionOf(search, mac)).toBeNull()
  })

  test('leave keystrokes without a modifier or with Alt to the shell', () => {
    for (const code of ['KeyA', 'Tab', 'Escape', 'Enter', 'PageUp', 'F2', 'Delete']) {
      expect(terminalActionOf(keystroke(code), other)).toBeNull()
      expect(
        terminalActionOf(keystroke(code, { altKey: true, ctrlKey: true, shiftKey: true }), other),
      ).toBeNull()
    }
  })

  test.each([
    ['KeyF', { kind: 'search' }],
    ['KeyC', { kind: 'copy' }],
    ['KeyK', { kind: 'palette' }],
    ['KeyL', { kind: 'focus-tab' }],
    ['KeyO', { kind: 'place' }],
    ['KeyT', { kind: 'new' }],
    ['KeyW', { kind: 'close' }],
    ['Digit1', { kind: 'select', index: 0 }],
    ['Digit9', { kind: 'select', index: 8 }],
    ['PageDown', { kind: 'move', by: 1 }],
    ['PageUp', { kind: 'move', by: -1 }],
    ['Tab', { kind: 'step', by: -1 }],
    ['KeyV', null],
    ['Digit0', null],
  ] as const)('give Ctrl+Shift+%s the action %j', (code, action) => {
    expect(terminalActionOf(keystroke(code, { ctrlKey: true, shiftKey: true }), other)).toEqual(action)
  })

  test('include Ctrl with Tab or a page key for switching tabs', () => {
    expect(terminalActionOf(keystroke('Tab', { ctrlKey: true }), other)).toEqual({ kind: 'step', by: 1 })
    expect(terminalActionOf(keystroke('PageUp', { ctrlKey: true }), mac)).toEqual({ kind: 'step', by: -1 })
  })

  test('include the menu key, and Shift+F10 except in full-screen programs', () => {
    const shiftF10 = keystroke('F10', { shiftKey: true })
    for (const context of [other, mac]) {
      expect(terminalActionOf(keystroke('ContextMenu'), { ...context, isFullScreen: true })).toEqual({
        kind: 'menu',
      })
      expect(terminalActionOf(shiftF10, context)).toEqual({ kind: 'menu' })
      expect(terminalActionOf(shiftF10, { ...context, isFullScreen: true })).toBeNull()
      expect(terminalActionOf(keystroke('F10'), context)).toBeNull()
    }
  })

  test('use the command key on a Mac as usual there, and leave the rest to the system', () => {
    expect(terminalActionOf(keystroke('KeyC', { metaKey: true }), mac)).toEqual({ kind: 'copy' })
    expect(terminalActionOf(keystroke('Digit2', { metaKey: true }), mac)).toEqual({
      kind: 'select',
      index: 1,
    })
    for (const code of ['KeyK', 'KeyV', 'KeyW', 'KeyQ'])
      expect(terminalActionOf(keystroke(code, { metaKey: true }), mac)).toBeNull()
    expect(terminalActionOf(keystroke('KeyC', { metaKey: true }), other)).toBeNull()
  })

  test('split with Ctrl+\\, to the right and down, and leave it to full-screen programs without Shift', () => {
    const right = keystroke('Backslash', { key: '\\', ctrlKey: true })
    const down = keystroke('Backslash', { key: '|', ctrlKey: true, shiftKey: true })
    const full = { ...other, isFullScreen: true }
    expect(terminalActionOf(right, other)).toEqual({ kind: 'split', direction: 'right' })
    expect(terminalActionOf(right, full)).toBeNull()
    expect(terminalActionOf(down, full)).toEqual({ kind: 'split', direction: 'down' })
    expect(terminalActionOf({ ...right, ctrlKey: false }, other)).toBeNull()
  })

  test('move between panes with Alt and an arrow, only where there are several', () => {
    const alt = keystroke('ArrowUp', { altKey: true })
    const panes = { ...other, hasPanes: true }
    expect(terminalActionOf(alt, other)).toBeNull()
    expect(terminalActionOf(alt, panes)).toEqual({ kind: 'pane', side: 'up' })
    expect(terminalActionOf({ ...alt, ctrlKey: true }, panes)).toBeNull()
    expect(terminalActionOf(keystroke('KeyB', { altKey: true }), panes)).toBeNull()
    expect(terminalActionOf(alt, { ...panes, isMac: true })).toBeNull()
    expect(terminalActionOf({ ...alt, metaKey: true }, { ...panes, isMac: true })).toEqual({
      kind: 'pane',
      side: 'up',
    })
  })

  test('are listed as the platform writes them', () => {
    expect(terminalShortcuts(true).map(([keysText]) => keysText)).toContain('⌘C')
    expect(terminalShortcuts(false).map(([keysText]) => keysText)).toContain('Ctrl Shift C')
  })
})
