import { expect, test } from 'vitest'
import { onePane, withSplit } from '../../../../src/core/terminal/panes/pane-layout'
import { layoutsToRemember, restoredTabs } from '../../../../src/core/terminal/panes/remembered-layouts'
import { newTab, withReplacedPanes } from '../../../../src/core/terminal/panes/tab-layouts'

/** a | b over c. */
const three = withSplit(withSplit(onePane('a'), 'a', 'right', 'b'), 'b', 'down', 'c')
const named = (ids: string) => Array.from(ids, (id) => ({ session: `s-${id}`, id: `t-${id}` }))
const sessionOf = (id: string) => `s-${id}`

test('tabs come back with their panes as they were', () => {
  const tabs = [newTab('x'), { id: 'tab', layout: three }]
  const layouts = layoutsToRemember(tabs, sessionOf)
  expect(layouts).toHaveLength(1)
  expect(restoredTabs(named('xabc'), layouts)).toMatchObject([
    { layout: { kind: 'pane', id: 't-x' } },
    {
      layout: {
        direction: 'right',
        first: { id: 't-a' },
        second: { direction: 'down', first: { id: 't-b' }, second: { id: 't-c' } },
      },
    },
  ])
})

test('a pane that can not come back leaves its place to others', () => {
  const layouts = layoutsToRemember([{ id: 'tab', layout: three }], (id) => (id === 'b' ? null : `s-${id}`))
  expect(restoredTabs(named('ca'), layouts)).toEqual([
    { id: 't-c', layout: withSplit(onePane('t-a'), 't-a', 'right', 't-c') },
  ])
  expect(restoredTabs(named('c'), layouts)).toEqual([{ id: 't-c', layout: onePane('t-c') }])
})

test('a session that two layouts name is in one of them', () => {
  const layouts = [
    withSplit(onePane('s-a'), 's-a', 'right', 's-b'),
    withSplit(onePane('s-b'), 's-b', 'down', 's-c'),
  ]
  const ids = restoredTabs(named('abc'), layouts).flatMap(({ layout }) =>
    JSON.stringify(layout).match(/t-\w/g),
  )
  expect(ids).toHaveLength(3)
  expect(new Set(ids)).toEqual(new Set(['t-a', 't-b', 't-c']))
})

test('panes that are replaced keep their layout, and those that stay are in a tab behind them', () => {
  const tab = { id: 'tab', layout: three }
  const replaced = new Map([
    ['a', 'A'],
    ['b', 'B'],
    ['c', 'C'],
  ])
  const stays = (id: string) => id === 'b'
  expect(withReplacedPanes([newTab('x'), tab, newTab('y')], tab, replaced, stays)).toEqual([
    newTab('x'),
    { id: 'A', layout: withSplit(withSplit(onePane('A'), 'A', 'right', 'B'), 'B', 'down', 'C') },
    { id: 'tab', layout: onePane('b') },
    newTab('y'),
  ])
})
