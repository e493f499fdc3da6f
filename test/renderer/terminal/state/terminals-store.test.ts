import { describe, expect, test, vi } from 'vitest'
import { ok } from '../../../../src/core/base/result'
import type { TerminalsView } from '../../../../src/core/terminal/terminal'
import {
  createTerminalsStore,
  currentTerminal,
} from '../../../../src/renderer/terminal/state/terminals-store'
import { terminalView } from '../../../harness/terminal-view'

describe('the terminals store', () => {
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

  test('selects the tab that took the place of the selected one', () => {
    const { terminalsStore, emit, shownId } = createFixture()
    emit('terminals', view(2, 'a', 'b', 'c'))
    terminalsStore.select('b')
    const moved = view(3, 'a', 'new', 'c')
    const terminals = moved.terminals.map((one) => (one.id === 'new' ? { ...one, continues: 'b' } : one))
    emit('terminals', { ...moved, terminals })
    expect(shownId()).toBe('new')
  })

  test('keeps the identity of unchanged terminals', () => {
    const { terminalsStore, emit } = createFixture()
    emit('terminals', view(2, 'a', 'b'))
    const previousTerminals = terminalsStore.store.getState().terminals
    emit('terminals', view(3, 'a', 'b'))
    expect(terminalsStore.store.getState().terminals).toBe(previousTerminals)
  })
})
