import { describe, expect, test } from 'vitest'
import { noRememberedTabs, parseRememberedTabs } from '../../../src/core/terminal/remembered-tabs'

const tab = {
  accountId: 'a',
  podId: 'p',
  podName: 'llama',
  name: null,
  session: 'a1b2c3d4e5f60718',
  wasOpen: true,
  podStartedAtMs: 1,
  command: 'python3',
  isCommandWatched: false,
}
const ended = { accountId: 'a', podId: 'p', session: 'b1b2c3d4e5f60718' }

describe('the tabs that a file remembers', () => {
  test('come back as they were written', () => {
    const layout = { kind: 'pane', id: tab.session } as const
    const tabs = { tabs: [tab], layouts: [layout], ended: [ended] }
    const hostile = [{ kind: 'pane', id: "x'; reboot; '" }, 7, layout]
    expect(parseRememberedTabs({ version: 1, ...tabs, layouts: hostile })?.layouts).toEqual([layout])
    expect(parseRememberedTabs({ version: 1, ...tabs })).toEqual(tabs)
    expect(parseRememberedTabs({ version: 1, ...noRememberedTabs })).toEqual(noRememberedTabs)
  })

  test('a file of another form is damaged', () => {
    for (const value of [
      undefined,
      null,
      [],
      {},
      { version: 2, tabs: [], ended: [] },
      { version: 1, tabs: 1, layouts: [], ended: [] },
      { version: 1, tabs: [tab], ended: [] },
    ])
      expect(parseRememberedTabs(value)).toBeNull()
  })

  test('an entry that could do harm is left out, the others stay', () => {
    const bad = [
      { ...tab, session: "x'; reboot; '" },
      { ...tab, session: '' },
      { ...tab, name: 'x'.repeat(61) },
      { ...tab, podStartedAtMs: 'now' },
      { ...tab, wasOpen: undefined },
      null,
      tab,
      // The same session twice would be attached twice.
      { ...tab, podId: 'other' },
    ]
    expect(
      parseRememberedTabs({
        version: 1,
        tabs: bad,
        layouts: [],
        ended: [{ ...ended, session: '$(reboot)' }, ended],
      }),
    ).toEqual({
      tabs: [tab],
      layouts: [],
      ended: [ended],
    })
  })

  test('there are as many as terminals at most', () => {
    const many = Array.from({ length: 80 }, (_, index) => ({ ...tab, session: `session${index}` }))
    expect(parseRememberedTabs({ version: 1, tabs: many, layouts: [], ended: [] })?.tabs).toHaveLength(50)
  })
})
