import { describe, expect, test } from 'vitest'
import { searchSettings, sectionOf, settingsBlocks } from '../../../src/core/settings/search-settings'
import { type SettingName, settingNames } from '../../../src/core/settings/definitions/setting-list'

const found = (query: string, ...changed: SettingName[]): string[] =>
  searchSettings(query, new Set(changed)).flatMap(({ items }) => items.map(({ label }) => label))

describe('the search of the settings', () => {
  test.each([
    ['dark', 'Appearance'],
    ['theme', 'Appearance'],
    ['ssh key', 'SSH private key'],
    ['api key', 'Accounts and API keys'],
    ['token', 'Tokens of the Pods API'],
    ['curl', 'Serve the Pods API'],
    ['export', 'Export and import'],
    ['backup', 'Export and import'],
    ['quit', 'Quit Podkeeper'],
    ['config.json', 'Settings file'],
    ['hotkey', 'Global shortcut'],
    ['autostart', 'Start at login'],
    ['do not disturb', 'Quiet hours'],
    ['font family', 'Terminal font'],
    ['scrollback', 'Scrollback'],
    ['budget', 'Monthly budget'],
    ['shutdown', 'Auto-stop idle pods'],
    ['test notification', 'Test notification'],
    ['refresh interval', 'Poll while pods run'],
  ])('finds for “%s” first %s', (query, label) => {
    expect(found(query)[0]).toBe(label)
  })

  test('finds the accounts by “token” as well, which some call their key', () => {
    expect(found('token')).toContain('Accounts and API keys')
  })

  test('finds by “reset” the settings that are not at their defaults, and no others', () => {
    expect(found('reset')).toEqual([])
    expect(found('reset', 'undoS', 'terminalScrollbackLines')).toEqual(['Undo time', 'Scrollback'])
    expect(found('default undo', 'undoS', 'terminalScrollbackLines')).toEqual(['Undo time'])
  })

  test('finds every setting by its own name, in any case', () => {
    for (const { items } of settingsBlocks)
      for (const { label } of items) expect(found(label.toUpperCase())).toContain(label)
  })

  test('finds alerts of any kind by “notification”', () => {
    expect(found('notification').length).toBeGreaterThan(20)
    expect(found('notification gone')).toEqual(['Pods gone'])
  })

  test('matches beginnings of words only, and all of them', () => {
    expect(found('quit')).not.toContain('Quiet hours')
    expect(found('dark export')).toEqual([])
    expect(found('xyzzy')).toEqual([])
    expect(found('(((.*')).toEqual([])
  })

  test('keeps each match under its heading', () => {
    for (const { title, section, items } of searchSettings('alert', new Set())) {
      const block = settingsBlocks.find((one) => one.title === title && one.section === section)
      expect(block?.items).toEqual(expect.arrayContaining([...items]))
    }
  })
})

test('every setting and panel has a section, and other names have none', () => {
  for (const name of [...settingNames, 'accounts', 'transfer']) expect(sectionOf(name)).not.toBeNull()
  expect(sectionOf('toString')).toBeNull()
})
