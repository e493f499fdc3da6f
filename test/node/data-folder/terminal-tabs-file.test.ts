import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { noRememberedTabs } from '../../../src/core/terminal/remembered-tabs'
import { openTerminalTabsFile } from '../../../src/node/data-folder/terminal-tabs-file'
import { migratedFolder } from '../../harness/data-folder/migrated-folder'

const tabs = { tabs: [], layouts: [], ended: [{ accountId: 'a', podId: 'p', session: 'a1b2c3d4' }] }
const newFolder = (): string => migratedFolder('podkeeper-tabs-')
const never = (text: string): void => expect.fail(text)

test('tabs outlive the program, and are for their owner only', () => {
  const folder = newFolder()
  expect(openTerminalTabsFile(folder, never).load()).toEqual(noRememberedTabs)
  openTerminalTabsFile(folder, never).save(tabs)
  expect(openTerminalTabsFile(folder, never).load()).toEqual(tabs)
  expect(statSync(join(folder, 'terminal-tabs.json')).mode & 0o777).toBe(0o600)
})

test.each(['', '{', 'null', '{"version":2}', `{"version":1}${' '.repeat(1_100_000)}`])(
  'a damaged or huge file holds no tabs (%#)',
  (text) => {
    const folder = newFolder()
    writeFileSync(join(folder, 'terminal-tabs.json'), text)
    expect(openTerminalTabsFile(folder, never).load()).toEqual(noRememberedTabs)
  },
)

test('a damaged file is copied aside', () => {
  const folder = newFolder()
  writeFileSync(join(folder, 'terminal-tabs.json'), '{"version":9}')
  openTerminalTabsFile(folder, never).load()
  expect(readdirSync(folder).filter((name) => name.startsWith('terminal-tabs.json.damaged-'))).toHaveLength(1)
})

test('tabs that cannot be written are reported once, until they can be', () => {
  const folder = newFolder()
  const inTheWay = join(folder, 'terminal-tabs.json.new')
  mkdirSync(join(inTheWay, 'x'), { recursive: true })
  const problems: string[] = []
  const file = openTerminalTabsFile(folder, (text) => problems.push(text))
  file.save(tabs)
  file.save(tabs)
  expect(problems).toEqual([expect.stringMatching(/^Terminal tabs could not be saved/)])
  rmSync(inTheWay, { recursive: true })
  file.save(tabs)
  expect(file.load()).toEqual(tabs)
})
