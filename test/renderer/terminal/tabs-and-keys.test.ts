import { describe, expect, test, vi } from 'vitest'
import { ok } from '../../../src/core/base/result'
import type { TerminalsView } from '../../../src/core/terminal/terminal'
import { clampHeight, keepDock, readDock, usualDock } from '../../../src/renderer/terminal/state/dock-layout'
import {
  type Stroke,
  terminalActionOf,
  terminalStrokes,
} from '../../../src/renderer/terminal/screen/terminal-keys'
import { dropIndex, stepTab, tabAfter, tabName } from '../../../src/renderer/terminal/state/terminal-tabs'
import { createTerminals, currentTerminal } from '../../../src/renderer/terminal/state/terminals-store'
import { terminalView } from '../../harness/terminal-view'

describe('tabs', () => {
  test('are called as their pod, with a number from the second on, or as a person said', () => {
    const all = [
      terminalView({ id: '1' }),
      terminalView({ id: '2', name: 'log' }),
      terminalView({ id: '3' }),
      terminalView({ id: '4', podId: 'other', podName: 'mcmc' }),
    ]
    expect(all.map((one) => tabName(one, all))).toEqual(['llama-70b-sft', 'log', 'llama-70b-sft (2)', 'mcmc'])
  })

  test('go on around the end', () => {
    expect(stepTab(['a', 'b', 'c'], 'c', 1)).toBe('a')
    expect(stepTab(['a', 'b', 'c'], 'a', -1)).toBe('c')
    expect(stepTab(['a'], 'a', 1)).toBe('a')
    expect(stepTab([], 'a', 1)).toBeNull()
    expect(stepTab(['a', 'b'], null, 1)).toBe('a')
  })

  test('one that goes makes way for the next, or at the end for the one before', () => {
    expect(tabAfter('b', ['a', 'b', 'c'], ['a', 'c'])).toBe('c')
    expect(tabAfter('c', ['a', 'b', 'c'], ['a', 'b'])).toBe('b')
    expect(tabAfter('a', ['a'], [])).toBeNull()
    expect(tabAfter(null, [], ['a', 'b'])).toBe('a')
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

const stroke = (code: string, over: Partial<Stroke> = {}): Stroke => ({
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

describe('strokes', () => {
  test('a shell gets every letter with Ctrl but the one that searches, and that where a program has the screen', () => {
    for (const letter of 'ABCDEGHIJKLMNOPQRSTUVWXYZ')
      expect(terminalActionOf(stroke(`Key${letter}`, { ctrlKey: true }), other)).toBeNull()
    const search = stroke('KeyF', { ctrlKey: true })
    expect(terminalActionOf(search, other)).toEqual({ kind: 'search' })
    expect(terminalActionOf(search, { ...other, isFullScreen: true })).toBeNull()
    expect(terminalActionOf(search, mac)).toBeNull()
  })

  test('nothing without Ctrl or the command key is taken, nor anything with Alt', () => {
    for (const code of ['KeyA', 'Tab', 'Escape', 'Enter', 'PageUp', 'F2', 'Delete']) {
      expect(terminalActionOf(stroke(code), other)).toBeNull()
      expect(
        terminalActionOf(stroke(code, { altKey: true, ctrlKey: true, shiftKey: true }), other),
      ).toBeNull()
    }
  })

  test.each([
    ['KeyF', { kind: 'search' }],
    ['KeyC', { kind: 'copy' }],
    ['KeyK', { kind: 'palette' }],
    ['KeyL', { kind: 'leave' }],
    ['KeyT', { kind: 'new' }],
    ['KeyW', { kind: 'close' }],
    ['Digit1', { kind: 'go', index: 0 }],
    ['Digit9', { kind: 'go', index: 8 }],
    ['PageDown', { kind: 'move', by: 1 }],
    ['PageUp', { kind: 'move', by: -1 }],
    ['Tab', { kind: 'step', by: -1 }],
    ['KeyV', null],
    ['Digit0', null],
  ] as const)('Ctrl Shift %s', (code, action) => {
    expect(terminalActionOf(stroke(code, { ctrlKey: true, shiftKey: true }), other)).toEqual(action)
  })

  test('Ctrl with Tab or a page key goes through the tabs', () => {
    expect(terminalActionOf(stroke('Tab', { ctrlKey: true }), other)).toEqual({ kind: 'step', by: 1 })
    expect(terminalActionOf(stroke('PageUp', { ctrlKey: true }), mac)).toEqual({ kind: 'step', by: -1 })
  })

  test('the menu has its key, and Shift F10 but where a program has the screen', () => {
    const shiftF10 = stroke('F10', { shiftKey: true })
    for (const place of [other, mac]) {
      expect(terminalActionOf(stroke('ContextMenu'), { ...place, isFullScreen: true })).toEqual({
        kind: 'menu',
      })
      expect(terminalActionOf(shiftF10, place)).toEqual({ kind: 'menu' })
      expect(terminalActionOf(shiftF10, { ...place, isFullScreen: true })).toBeNull()
      expect(terminalActionOf(stroke('F10'), place)).toBeNull()
    }
  })

  test('on a Mac the command key does what it does elsewhere there, and leaves the rest to the system', () => {
    expect(terminalActionOf(stroke('KeyC', { metaKey: true }), mac)).toEqual({ kind: 'copy' })
    expect(terminalActionOf(stroke('Digit2', { metaKey: true }), mac)).toEqual({ kind: 'go', index: 1 })
    for (const code of ['KeyK', 'KeyV', 'KeyW', 'KeyQ'])
      expect(terminalActionOf(stroke(code, { metaKey: true }), mac)).toBeNull()
    expect(terminalActionOf(stroke('KeyC', { metaKey: true }), other)).toBeNull()
  })

  test('are listed as this system writes them', () => {
    expect(terminalStrokes(true).map(([keys]) => keys)).toContain('⌘C')
    expect(terminalStrokes(false).map(([keys]) => keys)).toContain('Ctrl Shift C')
  })
})

describe('what the window knows of terminals', () => {
  function known(first: TerminalsView = { revision: 1, terminals: [] }) {
    const listeners: Record<string, (payload: never) => void> = {}
    const bridge = {
      terminals: () => Promise.resolve(ok(first)),
      on: (name: string, heard: (payload: never) => void) => {
        listeners[name] = heard
        return () => {}
      },
    }
    const terminals = createTerminals(bridge as never)
    const onWanted = vi.fn()
    terminals.connect(onWanted)
    return {
      terminals,
      onWanted,
      hear: (name: 'terminals' | 'showTerminal', payload: unknown) => listeners[name]?.(payload as never),
      shown: () => currentTerminal(terminals.store.getState())?.id ?? null,
    }
  }
  const view = (revision: number, ...ids: string[]): TerminalsView => ({
    revision,
    terminals: ids.map((id) => terminalView({ id })),
  })

  test('the one that is asked for is shown, even before it is known, and gets the keyboard once', () => {
    const { terminals, hear, shown, onWanted } = known()
    hear('terminals', view(2, 'a'))
    hear('showTerminal', 'b')
    expect(onWanted).toHaveBeenCalledOnce()
    expect(shown()).toBe('a')
    expect(terminals.takeFocus('a')).toBe(false)
    hear('terminals', view(3, 'a', 'b'))
    expect(shown()).toBe('b')
    expect(terminals.takeFocus('b')).toBe(true)
    expect(terminals.takeFocus('b')).toBe(false)
  })

  test('one that is closed makes way for its neighbour, and old news for newer', () => {
    const { terminals, hear, shown } = known()
    hear('terminals', view(2, 'a', 'b', 'c'))
    terminals.select('b')
    hear('terminals', view(4, 'a', 'c'))
    expect(shown()).toBe('c')
    hear('terminals', view(3, 'a', 'b', 'c'))
    expect(terminals.store.getState().terminals).toHaveLength(2)
  })

  test('what did not change keeps its identity', () => {
    const { terminals, hear } = known()
    hear('terminals', view(2, 'a', 'b'))
    const before = terminals.store.getState().terminals
    hear('terminals', view(3, 'a', 'b'))
    expect(terminals.store.getState().terminals).toBe(before)
  })
})

describe('the dock', () => {
  test('is kept as it was, and sound', () => {
    const kept = new Map<string, string>()
    const storage = {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
    }
    expect(readDock(storage)).toEqual(usualDock)
    keepDock(storage, { isOpen: false, height: 400 })
    expect(readDock(storage)).toEqual({ isOpen: false, height: 400 })
    for (const nonsense of ['null', '{', '{"height":1e9,"isOpen":1}', '[]', '{"height":"x"}']) {
      const { height } = readDock({ getItem: () => nonsense })
      expect(height).toBe(clampHeight(height))
    }
    expect(clampHeight(Number.NaN)).toBe(usualDock.height)
    expect(clampHeight(1)).toBeGreaterThan(100)
  })
})
