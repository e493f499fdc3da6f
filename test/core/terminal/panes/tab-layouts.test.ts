import { describe, expect, test } from 'vitest'
import { onePane, withSplit } from '../../../../src/core/terminal/panes/pane-layout'
import {
  newTab,
  type TerminalTab,
  terminalWindows,
  withMovedTab,
  withoutPane,
  withPane,
  withReplacedPanes,
  withTabWindow,
} from '../../../../src/core/terminal/panes/tab-layouts'

const tabs = ['a', 'b', 'c', 'd'].map(newTab)
const order = (of: readonly TerminalTab[]) => of.map(({ id }) => id).join('')

describe('a tab in a window of its own', () => {
  const moved = withTabWindow(tabs, 'b', 'w')

  test('keeps its place among the others, for when it comes back', () => {
    expect(terminalWindows(moved)).toEqual(['w'])
    expect(order(moved)).toBe('abcd')
    expect(withTabWindow(moved, 'b', null)).toEqual(tabs)
    expect(withTabWindow(tabs, 'gone', 'w')).toEqual(tabs)
  })

  test('takes all of its panes along, and new ones stay with it', () => {
    const split = withPane(moved, 'b', 'right', 'e')
    expect(split[1]).toEqual({ id: 'b', windowId: 'w', layout: withSplit(onePane('b'), 'b', 'right', 'e') })
    const rest = withoutPane(split, 'b')
    expect(rest[1]).toEqual({ id: 'b', windowId: 'w', layout: onePane('e') })
    // Any of its terminals stands for it.
    expect(terminalWindows(withTabWindow(rest, 'e', null))).toEqual([])
    expect(terminalWindows(withoutPane(rest, 'e'))).toEqual([])
  })

  test('does not count when another one is moved in the main window, and is alone in its own', () => {
    expect(order(withMovedTab(moved, 'a', 1))).toBe('bcad')
    expect(order(withMovedTab(moved, 'd', 0))).toBe('dabc')
    expect(order(withMovedTab(moved, 'a', 2))).toBe('bcda')
    expect(order(withMovedTab(moved, 'b', 0)).replace('b', '')).toBe('acd')
    expect(order(withMovedTab(tabs, 'a', 1))).toBe('bacd')
  })

  test('gives its window to the terminals that take its place; shells that continue are in the main window', () => {
    const split = withPane(moved, 'b', 'right', 'e')
    const replace = (replaced: ReadonlyMap<string, string>, stays: string) =>
      withReplacedPanes(split, split[1]!, replaced, (id) => id === stays).slice(1, -2)
    expect(replace(new Map([['b', 'x']]), 'e')).toEqual([
      { id: 'x', windowId: 'w', layout: onePane('x') },
      { id: 'b', layout: onePane('e') },
    ])
    expect(replace(new Map(), 'e')).toEqual([{ id: 'b', windowId: 'w', layout: onePane('e') }])
  })
})
