import { describe, expect, test, vi } from 'vitest'
import { ok } from '../../../../src/core/base/result'
import { onePane, withSplit } from '../../../../src/core/terminal/panes/pane-layout'
import { newTab } from '../../../../src/core/terminal/panes/tab-layouts'
import type { TerminalsView } from '../../../../src/core/terminal/terminal'
import {
  createTerminalsStore,
  currentTerminal,
} from '../../../../src/renderer/terminal/state/terminals-store'
import { shownTabs } from '../../../../src/renderer/terminal/state/terminal-tabs'
import { terminalView } from '../../../harness/samples/terminal-view'

describe('the terminals store', () => {
  function createFixture(
    initial: TerminalsView = { revision: 1, terminals: [], tabs: [] },
    windowId: string | null = null,
  ) {
    const listeners: Record<string, (payload: never) => void> = {}
    const bridge = {
      terminals: () => Promise.resolve(ok(initial)),
      on: (name: string, listener: (payload: never) => void) => {
        listeners[name] = listener
        return () => {}
      },
    }
    const terminalsStore = createTerminalsStore(bridge as never, undefined, windowId)
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
    tabs: ids.map(newTab),
  })

  test('shows a requested terminal once it is in the list, and focuses it once', () => {
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

  test('selects the neighbor of a closed terminal, and ignores older lists', () => {
    const { terminalsStore, emit, shownId } = createFixture()
    emit('terminals', view(2, 'a', 'b', 'c'))
    terminalsStore.select('b')
    emit('terminals', view(4, 'a', 'c'))
    expect(shownId()).toBe('c')
    emit('terminals', view(3, 'a', 'b', 'c'))
    expect(terminalsStore.store.getState().terminals).toHaveLength(2)
  })

  test('selects the pane beside a closed one, and comes back to the last pane of a tab', () => {
    const { terminalsStore, emit, shownId } = createFixture()
    const panes = (...ids: string[]): TerminalsView => ({
      ...view(ids.length + 10, ...ids, 'z'),
      tabs: [
        {
          id: 'a',
          layout: ids
            .slice(1)
            .reduce((layout, id, at) => withSplit(layout, ids[at]!, 'right', id), onePane(ids[0]!)),
        },
        newTab('z'),
      ],
    })
    const lead = () => shownTabs(terminalsStore.store.getState())[0]?.lead.id
    emit('terminals', panes('a'))
    emit('showTerminal', 'b')
    emit('terminals', panes('a', 'b'))
    emit('terminals', panes('a', 'b', 'c'))
    expect([shownId(), lead()]).toEqual(['b', 'b'])
    terminalsStore.select('z')
    expect([shownId(), lead()]).toEqual(['z', 'b'])
    terminalsStore.select('b')
    emit('terminals', { ...panes('a', 'c'), revision: 20 })
    expect([shownId(), lead()]).toEqual(['c', 'c'])
    emit('terminals', { ...panes('a'), revision: 21 })
    expect(shownId()).toBe('a')
    emit('terminals', view(22, 'z'))
    expect(shownId()).toBe('z')
  })

  test('selects the tab that took the place of the selected one', () => {
    const { terminalsStore, emit, shownId } = createFixture()
    emit('terminals', view(2, 'a', 'b', 'c'))
    terminalsStore.select('b')
    const moved = view(3, 'a', 'new', 'c')
    const terminals = moved.terminals.map((one) => (one.id === 'new' ? { ...one, continues: 'b' } : one))
    emit('terminals', { ...moved, terminals })
    expect(shownId()).toBe('new')
  })

  test.each([
    [null, ['a', 'c'], ['b']],
    ['w', ['b', 'd'], ['b']],
    ['gone', [], ['b']],
  ])('shows only the terminals of its window (%s), and knows those of others', (windowId, ids, own) => {
    const { terminalsStore, emit } = createFixture(undefined, windowId)
    const all = view(2, 'a', 'b', 'c', 'd')
    const both = { id: 'b', layout: withSplit(onePane('b'), 'b', 'right', 'd'), windowId: 'w' }
    emit('terminals', { ...all, tabs: [newTab('a'), both, newTab('c')] })
    const state = terminalsStore.store.getState()
    expect(state.terminals?.map(({ id }) => id)).toEqual(ids)
    expect(shownTabs(state).flatMap(({ panes }) => panes.map(({ id }) => id))).toEqual(ids)
    expect(state.inOwnWindows.map(({ id }) => id)).toEqual(own)
  })

  test('selects another tab when its own moves to another window, and that one again when it comes back', () => {
    const { terminalsStore, emit, shownId } = createFixture()
    const all = view(2, 'a', 'b', 'c')
    emit('terminals', all)
    terminalsStore.select('b')
    const moved = all.tabs.map((tab) => (tab.id === 'b' ? { ...tab, windowId: 'w' } : tab))
    emit('terminals', { ...all, revision: 3, tabs: moved })
    expect(shownId()).toBe('c')
    emit('showTerminal', 'b')
    emit('terminals', { ...all, revision: 4 })
    expect(shownId()).toBe('b')
    expect(terminalsStore.consumeFocusRequest('b')).toBe(true)
  })

  test('keeps the identity of unchanged terminals', () => {
    const { terminalsStore, emit } = createFixture()
    emit('terminals', view(2, 'a', 'b'))
    const previousTerminals = terminalsStore.store.getState().terminals
    emit('terminals', view(3, 'a', 'b'))
    expect(terminalsStore.store.getState().terminals).toBe(previousTerminals)
  })
})
