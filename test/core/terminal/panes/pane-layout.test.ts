import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parsePaneLayout } from '../../../../src/core/terminal/panes/layout-codec'
import { paneBeside, paneGeometry, type PaneSide } from '../../../../src/core/terminal/panes/pane-geometry'
import {
  MAX_PANES,
  MAX_RATIO,
  MIN_RATIO,
  onePane,
  onlyPanes,
  paneIds,
  type PaneLayout,
  withRatio,
  withSplit,
} from '../../../../src/core/terminal/panes/pane-layout'
import {
  canSplit,
  newTab,
  tabOf,
  type TerminalTabs,
  withMovedTab,
  withoutPane,
  withPane,
  withTabRatio,
} from '../../../../src/core/terminal/panes/tab-layouts'

/** a | b over c. */
const three = withSplit(withSplit(onePane('a'), 'a', 'right', 'b'), 'b', 'down', 'c')

describe('the panes of a tab', () => {
  test('share its place', () => {
    const { panes, dividers } = paneGeometry(withRatio(three, 'b', 0.25))
    expect(Object.fromEntries(panes)).toEqual({
      a: { left: 0, top: 0, width: 0.25, height: 1 },
      b: { left: 0.25, top: 0, width: 0.75, height: 0.5 },
      c: { left: 0.25, top: 0.5, width: 0.75, height: 0.5 },
    })
    expect(dividers).toMatchObject([
      { secondId: 'b', direction: 'right', ratio: 0.25 },
      { secondId: 'c', direction: 'down', rect: { left: 0.25, width: 0.75 } },
    ])
  })

  test.each<[string, PaneSide, string | null]>([
    ['a', 'right', 'b'],
    ['a', 'left', null],
    ['a', 'down', null],
    ['b', 'left', 'a'],
    ['b', 'down', 'c'],
    ['c', 'up', 'b'],
    ['c', 'left', 'a'],
    ['gone', 'left', null],
  ])('beside %s, %s, is %s', (id, side, beside) => {
    expect(paneBeside(three, id, side)).toBe(beside)
  })

  test('give their place to their neighbor when they are closed', () => {
    expect(onlyPanes(three, (id) => id !== 'b')).toEqual(withSplit(onePane('a'), 'a', 'right', 'c'))
    expect(onlyPanes(three, () => false)).toBeNull()
  })

  test('come back from a file as they were', () => {
    const stored: unknown = JSON.parse(JSON.stringify(three))
    expect(parsePaneLayout(stored, () => true)).toEqual(three)
    const tooDeep = Array.from({ length: 2_000 }, String).reduce<PaneLayout>(
      (second, id) => ({ kind: 'split', direction: 'down', ratio: 0.5, first: onePane(id), second }),
      onePane('x'),
    )
    for (const bad of [
      null,
      [],
      {},
      { ...three, direction: 'up' },
      { ...three, ratio: '1' },
      { ...three, second: null },
      { ...three, second: onePane('a') },
      { ...three, second: onePane('../') },
      tooDeep,
    ])
      expect(parsePaneLayout(bad, (id) => /^\w+$/.test(id))).toBeNull()
    expect(parsePaneLayout({ ...three, ratio: 7 }, () => true)).toMatchObject({ ratio: MAX_RATIO })
  })
})

type Step = (tabs: TerminalTabs, ids: readonly string[]) => readonly [TerminalTabs, readonly string[]]

/** What a person may do, to a terminal chosen by chance. */
const anyStep: fc.Arbitrary<Step> = fc
  .record({
    what: fc.constantFrom('open', 'split', 'split', 'close', 'ratio', 'move'),
    choice: fc.nat(),
    direction: fc.constantFrom('right' as const, 'down' as const),
    ratio: fc.oneof(fc.double(), fc.double({ min: 0, max: 1 })),
    newId: fc.uuid(),
  })
  .map(({ what, choice, direction, ratio, newId }) => (tabs, ids) => {
    const id = ids[choice % Math.max(ids.length, 1)] ?? 'none'
    if (what === 'open')
      return [
        [...tabs, newTab(newId)],
        [...ids, newId],
      ]
    if (what === 'split' && canSplit(tabs, id)) return [withPane(tabs, id, direction, newId), [...ids, newId]]
    if (what === 'close') return [withoutPane(tabs, id), ids.filter((one) => one !== id)]
    if (what === 'ratio') return [withTabRatio(tabs, id, ratio), ids]
    return [withMovedTab(tabs, id, choice % 5), ids]
  })

test('whatever a person does, no pane is lost or there twice, all fit, and each is beside those beside it', () => {
  fc.assert(
    fc.property(fc.array(anyStep, { maxLength: 40 }), (steps) => {
      let [tabs, ids]: readonly [TerminalTabs, readonly string[]] = [[], []]
      for (const step of steps) [tabs, ids] = step(tabs, ids)
      const shown = tabs.flatMap(({ layout }) => paneIds(layout))
      expect([...shown].sort()).toEqual([...ids].sort())
      expect(new Set(tabs.map(({ id }) => id)).size).toBe(tabs.length)
      for (const tab of tabs) {
        const { panes, dividers } = paneGeometry(tab.layout)
        expect(panes.size).toBeLessThanOrEqual(MAX_PANES)
        expect(new Set(dividers.map(({ secondId }) => secondId)).size).toBe(panes.size - 1)
        for (const { ratio } of dividers) {
          expect(ratio).toBeGreaterThanOrEqual(MIN_RATIO)
          expect(ratio).toBeLessThanOrEqual(MAX_RATIO)
        }
        const areas = [...panes.values()].map(({ width, height }) => width * height)
        expect(areas.reduce((sum, area) => sum + area, 0)).toBeCloseTo(1)
        for (const id of panes.keys()) {
          expect(tabOf(tabs, id)).toBe(tab)
          for (const side of ['left', 'right', 'up', 'down'] as const) {
            const beside = paneBeside(tab.layout, id, side)
            if (beside === null) continue
            expect(beside).not.toBe(id)
            expect(panes.has(beside)).toBe(true)
          }
        }
        expect(parsePaneLayout(JSON.parse(JSON.stringify(tab.layout)), () => true)).toEqual(tab.layout)
      }
    }),
  )
})
