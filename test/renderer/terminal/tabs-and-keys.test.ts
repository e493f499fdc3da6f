import { describe, expect, test, vi } from 'vitest'
import { ok } from '../../../src/core/base/result'
import type { TerminalsView } from '../../../src/core/terminal/terminal'
import {
  clampHeight,
  defaultDock,
  loadDock,
  saveDock,
} from '../../../src/renderer/terminal/state/dock-layout'
import {
  type Keystroke,
  terminalActionOf,
  terminalShortcuts,
} from '../../../src/renderer/terminal/screen/terminal-keys'
import {
  adjacentTab,
  dropIndex,
  tabAfterClosing,
  tabName,
} from '../../../src/renderer/terminal/state/terminal-tabs'
import { createTerminalsStore, currentTerminal } from '../../../src/renderer/terminal/state/terminals-store'
import { terminalView } from '../../harness/terminal-view'

describe('tabs', () => {
  test('are called as their pod, with a number from the second on, or as a person said', () => {
    const terminals = [
      terminalView({ id: '1' }),
      terminalView({ id: '2', name: 'log' }),
      terminalView({ id: '3' }),
      terminalView({ id: '4', podId: 'other', podName: 'mcmc' }),
    ]
    expect(terminals.map((terminal) => tabName(terminal, terminals))).toEqual([
      'llama-70b-sft',
      'log',
      'llama-70b-sft (2)',
      'mcmc',
    ])
  })

  test('go on around the end', () => {
    expect(adjacentTab(['a', 'b', 'c'], 'c', 1)).toBe('a')
    expect(adjacentTab(['a', 'b', 'c'], 'a', -1)).toBe('c')
    expect(adjacentTab(['a'], 'a', 1)).toBe('a')
    expect(adjacentTab([], 'a', 1)).toBeNull()
    expect(adjacentTab(['a', 'b'], null, 1)).toBe('a')
  })

  test('one that goes makes way for the next, or at the end for the one before', () => {
    expect(tabAfterClosing('b', ['a', 'b', 'c'], ['a', 'c'])).toBe('c')
    expect(tabAfterClosing('c', ['a', 'b', 'c'], ['a', 'b'])).toBe('b')
    expect(tabAfterClosing('a', ['a'], [])).toBeNull()
    expect(tabAfterClosing(null, [], ['a', 'b'])).toBe('a')
  })

  test('one that is pulled lands between those whose middles it passed', () => {
    const middles = [50, 150, 250]
    expect(dropIndex(middles, 0, 60)).toBe(0)
    expect(dropIndex(middles, 0, 160)).toBe(1)
    expect(dropIndex(middles, 0, 900)).toBe(2)
    expect(dropIndex(middles, 2, 10)).toBe(0)
    expect(dropIndex(middles, 1, 150)).toBe(1)
  })
})

const keystroke = (code: string, over: Partial<Keystroke> = {}): Keystroke => ({
  key: code.startsWith('Key') ? code.slice(3).toLowerCase() : code,
  code,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...over,
})
const other = { isMac: false, isFullScreen: false }
const mac = { isMac: true, isFullScreen: false }

describe('terminal keys', () => {
  test('a shell gets every letter with Ctrl but the one that searches, and that where a program has the screen', () => {
    for (const letter of 'ABCDEGHIJKLMNOPQRSTUVWXYZ')
      expect(terminalActionOf(keystroke(`Key${letter}`, { ctrlKey: true }), other)).toBeNull()
    const search = keystroke('KeyF', { ctrlKey: true })
    expect(terminalActionOf(search, other)).toEqual({ kind: 'search' })
    expect(terminalActionOf(search, { ...other, isFullScreen: true })).toBeNull()
    expect(terminalActionOf(search, mac)).toBeNull()
  })

  test('nothing without Ctrl or the command key is taken, nor anything with Alt', () => {
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
    ['KeyT', { kind: 'new' }],
    ['KeyW', { kind: 'close' }],
    ['Digit1', { kind: 'select', index: 0 }],
    ['Digit9', { kind: 'select', index: 8 }],
    ['PageDown', { kind: 'move', by: 1 }],
    ['PageUp', { kind: 'move', by: -1 }],
    ['Tab', { kind: 'step', by: -1 }],
    ['KeyV', null],
    ['Digit0', null],
  ] as const)('Ctrl Shift %s', (code, action) => {
    expect(terminalActionOf(keystroke(code, { ctrlKey: true, shiftKey: true }), other)).toEqual(action)
  })

  test('Ctrl with Tab or a page key goes through the tabs', () => {
    expect(terminalActionOf(keystroke('Tab', { ctrlKey: true }), other)).toEqual({ kind: 'step', by: 1 })
    expect(terminalActionOf(keystroke('PageUp', { ctrlKey: true }), mac)).toEqual({ kind: 'step', by: -1 })
  })

  test('the menu has its key, and Shift F10 but where a program has the screen', () => {
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

  test('on a Mac the command key does what it does elsewhere there, and leaves the rest to the system', () => {
    expect(terminalActionOf(keystroke('KeyC', { metaKey: true }), mac)).toEqual({ kind: 'copy' })
    expect(terminalActionOf(keystroke('Digit2', { metaKey: true }), mac)).toEqual({
      kind: 'select',
      index: 1,
    })
    for (const code of ['KeyK', 'KeyV', 'KeyW', 'KeyQ'])
      expect(terminalActionOf(keystroke(code, { metaKey: true }), mac)).toBeNull()
    expect(terminalActionOf(keystroke('KeyC', { metaKey: true }), other)).toBeNull()
  })

  test('are listed as this system writes them', () => {
    expect(terminalShortcuts(true).map(([keysText]) => keysText)).toContain('⌘C')
    expect(terminalShortcuts(false).map(([keysText]) => keysText)).toContain('Ctrl Shift C')
  })
})

describe('what the window knows of terminals', () => {
  function createFixture(initial: TerminalsView = { revision: 1, terminals: [] }) {
    const listeners: Record<string, (payload: never) => void> = {}
    const bridge = {
      terminals: () => Promise.resolve(ok(initial)),
      on: (name: string, listener: (payload: never) => void) => {
        listeners[name] = listener
        return () => {}
      },
    }
    const terminalsStore = createTerminalsStore(bridge as never)
    const onShowRequest = vi.fn()
    terminalsStore.connect(onShowRequest)
    return {
      terminalsStore,
      onShowRequest,
      emit: (name: 'terminals' | 'showTerminal', payload: unknown) => listeners[name]?.(payload as never),
      shownId: () => currentTerminal(terminalsStore.store.getState())?.id ?? null,
    }
  }
  const view = (revision: number, ...ids: string[]): TerminalsView => ({
    revision,
    terminals: ids.map((id) => terminalView({ id })),
  })

  test('the one that is asked for is shown, even before it is known, and gets the keyboard once', () => {
    const { terminalsStore, emit, shownId, onShowRequest } = createFixture()
    emit('terminals', view(2, 'a'))
    emit('showTerminal', 'b')
    expect(onShowRequest).toHaveBeenCalledOnce()
    expect(shownId()).toBe('a')
    expect(terminalsStore.consumeFocusRequest('a')).toBe(false)
    emit('terminals', view(3, 'a', 'b'))
    expect(shownId()).toBe('b')
    expect(terminalsStore.consumeFocusRequest('b')).toBe(true)
    expect(terminalsStore.consumeFocusRequest('b')).toBe(false)
  })

  test('one that is closed makes way for its neighbour, and old news for newer', () => {
    const { terminalsStore, emit, shownId } = createFixture()
    emit('terminals', view(2, 'a', 'b', 'c'))
    terminalsStore.select('b')
    emit('terminals', view(4, 'a', 'c'))
    expect(shownId()).toBe('c')
    emit('terminals', view(3, 'a', 'b', 'c'))
    expect(terminalsStore.store.getState().terminals).toHaveLength(2)
  })

  test('what did not change keeps its identity', () => {
    const { terminalsStore, emit } = createFixture()
    emit('terminals', view(2, 'a', 'b'))
    const previousTerminals = terminalsStore.store.getState().terminals
    emit('terminals', view(3, 'a', 'b'))
    expect(terminalsStore.store.getState().terminals).toBe(previousTerminals)
  })
})

describe('the dock', () => {
  test('is kept as it was, and sound', () => {
    const stored = new Map<string, string>()
    const storage = {
      getItem: (key: string) => stored.get(key) ?? null,
      setItem: (key: string, value: string) => void stored.set(key, value),
    }
    expect(loadDock(storage)).toEqual(defaultDock)
    saveDock(storage, { isOpen: false, height: 400 })
    expect(loadDock(storage)).toEqual({ isOpen: false, height: 400 })
    for (const invalidText of ['null', '{', '{"height":1e9,"isOpen":1}', '[]', '{"height":"x"}']) {
      const { height } = loadDock({ getItem: () => invalidText })
      expect(height).toBe(clampHeight(height))
    }
    expect(clampHeight(Number.NaN)).toBe(defaultDock.height)
    expect(clampHeight(1)).toBeGreaterThan(100)
  })
})
