import { describe, expect, test } from 'vitest'
import {
  adjacentTab,
  dropIndex,
  tabAfterClosing,
  tabName,
} from '../../../../src/renderer/terminal/state/terminal-tabs'
import { terminalView } from '../../../harness/samples/terminal-view'

describe('a terminal tab', () => {
  test('has its custom name, or the name of its pod, numbered from the second tab on', () => {
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

  test('has neighbors that wrap around at both ends', () => {
    expect(adjacentTab(['a', 'b', 'c'], 'c', 1)).toBe('a')
    expect(adjacentTab(['a', 'b', 'c'], 'a', -1)).toBe('c')
    expect(adjacentTab(['a'], 'a', 1)).toBe('a')
    expect(adjacentTab([], 'a', 1)).toBeNull()
    expect(adjacentTab(['a', 'b'], null, 1)).toBe('a')
  })

  test('is followed by the next tab when it closes, or by the last one at the end', () => {
    expect(tabAfterClosing('b', ['a', 'b', 'c'], ['a', 'c'])).toBe('c')
    expect(tabAfterClosing('c', ['a', 'b', 'c'], ['a', 'b'])).toBe('b')
    expect(tabAfterClosing('a', ['a'], [])).toBeNull()
    expect(tabAfterClosing(null, [], ['a', 'b'])).toBe('a')
  })

  test('lands after the tabs whose centers it was dragged past', () => {
    const middles = [50, 150, 250]
    expect(dropIndex(middles, 0, 60)).toBe(0)
    expect(dropIndex(middles, 0, 160)).toBe(1)
    expect(dropIndex(middles, 0, 900)).toBe(2)
    expect(dropIndex(middles, 2, 10)).toBe(0)
    expect(dropIndex(middles, 1, 150)).toBe(1)
  })
})
