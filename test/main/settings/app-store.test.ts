import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { CONFIG_VERSION } from '../../../src/core/settings/config-schema'
import { defaultSettings } from '../../../src/core/settings/settings'
import { openAppStore } from '../../../src/main/settings/app-store'
import { migrateFolder } from '../../../src/node/data-folder/format/folder-format'

const quiet = { warn: () => {} }

const NOW_MS = Date.UTC(2026, 10, 24, 12)
const account = {
  id: 'a',
  baseUrl: 'https://x.test/',
  keyEnding: 'cess',
  encryptedKey: 'eA==',
  name: 'Runpod',
  color: 'blue',
} as const

function room(content?: string | Uint8Array) {
  const folder = join(mkdtempSync(join(tmpdir(), 'podkeeper-store-')), 'data')
  mkdirSync(folder)
  // As whoever holds the lock leaves it.
  migrateFolder(folder)
  const path = join(folder, 'config.json')
  if (content !== undefined) writeFileSync(path, content)
  return {
    folder,
    path,
    open: () => openAppStore(folder, () => NOW_MS, quiet),
    text: () => readFileSync(path, 'utf8'),
    json: () => JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>,
    asides: () => readdirSync(folder).filter((name) => name.includes('unreadable')),
  }
}

/** A folder with a stored account and setting. */
function usedRoom() {
  const used = room()
  const store = used.open()
  store.saveAccount(account, null)
  store.changeSettings({ undoS: 8 })
  return used
}

test('stored data is available at the next start', () => {
  const used = usedRoom()
  const next = used.open()
  expect(next.accounts()).toEqual([account])
  expect(next.settings()).toEqual({ ...defaultSettings, undoS: 8 })
  expect(next.drainProblems()).toEqual([])
})

test('the place of the last window of terminals is known at the next start, and nonsense is no place', () => {
  const { open, path, json } = room()
  const place = { x: -20, y: 40, width: 900, height: 600 }
  expect(open().terminalBounds.load()).toBeNull()
  open().terminalBounds.save(place)
  expect(open().terminalBounds.load()).toEqual(place)
  writeFileSync(path, JSON.stringify({ ...json(), terminalWindow: { ...place, width: 'wide' } }))
  expect(open().terminalBounds.load()).toBeNull()
})

test('no other user can read the file, even if it was made readable to all', () => {
  const used = usedRoom()
  chmodSync(used.folder, 0o755)
  chmodSync(used.path, 0o644)
  used.open().changeSettings({ undoS: 9 })
  const modeOf = (path: string): number => statSync(path).mode & 0o777
  expect(modeOf(used.folder)).toBe(0o700)
  for (const name of readdirSync(used.folder)) expect(modeOf(join(used.folder, name))).toBe(0o600)
})

test(
  'a file truncated at any byte is set aside unchanged, and the last good copy replaces it',
  { timeout: 180_000 },
  () => {
    const used = usedRoom()
    const whole = readFileSync(used.path)
    for (let length = 0; length < whole.length - 1; length++) {
      writeFileSync(used.path, whole.subarray(0, length))
      const store = used.open()
      expect(store.accounts()).toEqual([account])
      expect(store.settings().undoS).toBe(8)
      expect(store.drainProblems()).toEqual([
        expect.stringMatching(/could not be used, since it is damaged\. Its last good copy .*unreadable/),
      ])
      expect(readFileSync(used.path)).toEqual(whole)
      expect(used.asides()).toHaveLength(1)
      expect(readFileSync(join(used.folder, used.asides()[0]!))).toEqual(whole.subarray(0, length))
      rmSync(join(used.folder, used.asides()[0]!))
    }
  },
)

test.each([
  ['NULs', '\0'.repeat(512), 'it is damaged'],
  ['bytes that are no text', Uint8Array.of(0xff, 0xfe, 0x00, 0x80), 'it is damaged'],
  ['a list', '[1]', 'it is damaged'],
  ['settings that are none', '{"settings":[1]}', 'settings in it is invalid'],
  ['half an account', '{"accounts":[{"id":"a"}]}', 'accounts.0.baseUrl in it is invalid'],
  ['a newer version', `{"version":${CONFIG_VERSION + 1},"key":"x"}`, 'a newer Podkeeper wrote it'],
])('%s in its place are set aside and reported, and the last good copy is used', (_name, content, reason) => {
  const used = usedRoom()
  writeFileSync(used.path, content)
  const store = used.open()
  expect(store.settings().undoS).toBe(8)
  expect(store.accounts()).toEqual([account])
  expect(store.drainProblems().join()).toContain(reason)
  expect(readFileSync(join(used.folder, used.asides()[0]!))).toEqual(Buffer.from(content))
  // Reported once, not at each start.
  expect(used.open().drainProblems()).toEqual([])
})

test('without a copy everything starts over, and the damaged file is kept', () => {
  const fresh = room('{"settings":{"und')
  const store = fresh.open()
  expect(store.settings()).toEqual(defaultSettings)
  expect(store.drainProblems()).toEqual([expect.stringContaining('All settings are back to their defaults')])
  expect(fresh.asides()).toEqual([`config.json.unreadable-${NOW_MS}`])
})

test('a damaged copy does neither help nor harm', () => {
  const used = usedRoom()
  for (const name of ['config.json', 'config.json.last-good']) writeFileSync(join(used.folder, name), '{')
  expect(used.open().settings()).toEqual(defaultSettings)
})

test('unknown fields of other versions stay in the file', () => {
  const other = room(JSON.stringify({ settings: { ofTheFuture: 1, undoS: 8 }, budget: { monthUsd: 600 } }))
  other.open().changeSettings({ undoS: 9, pollIdleS: 90 })
  expect(other.json()).toMatchObject({
    settings: { ofTheFuture: 1, undoS: 9, pollIdleS: 90 },
    budget: { monthUsd: 600 },
  })
})

test('a setting that is reset to its default is removed from the file', () => {
  const used = usedRoom()
  used.open().changeSettings({ undoS: undefined })
  expect(used.json()['settings']).toEqual({})
})

test('a manual edit while the app runs takes effect, is announced, and survives the next write', () => {
  const used = usedRoom()
  const store = used.open()
  const told = vi.fn()
  store.onSettings(told)
  writeFileSync(used.path, used.text().replace('"undoS": 8', '"undoS": 9, "note": "mine"'))
  expect(store.settings().undoS).toBe(9)
  expect(told).toHaveBeenCalledExactlyOnceWith(store.settings(), { ...defaultSettings, undoS: 8 })
  store.changeSettings({ pollIdleS: 90 })
  expect(used.json()['settings']).toEqual({ undoS: 9, note: 'mine', pollIdleS: 90 })
})

test('a change starts from what another program wrote, even where size and time do not tell that it did', () => {
  const used = usedRoom()
  const writtenAt = new Date(NOW_MS)
  utimesSync(used.path, writtenAt, writtenAt)
  const store = used.open()
  expect(store.settings().undoS).toBe(8)
  writeFileSync(used.path, used.text().replace('"undoS": 8', '"undoS": 9'))
  utimesSync(used.path, writtenAt, writtenAt)
  store.changeSettings({ pollIdleS: 90 })
  expect(used.json()['settings']).toEqual({ undoS: 9, pollIdleS: 90 })
  expect(store.settings()).toMatchObject({ undoS: 9, pollIdleS: 90 })
})

test('a file that another program is still writing is waited for, and nothing of it is lost', () => {
  const used = usedRoom()
  let nowMs = Date.now()
  const store = openAppStore(used.folder, () => nowMs, quiet)
  const write = (text: string): void => {
    writeFileSync(used.path, text)
    utimesSync(used.path, nowMs / 1_000, nowMs / 1_000)
  }
  for (const part of ['', '{"settings": {"und']) {
    write(part)
    expect(store.settings().undoS).toBe(8)
    expect(store.changeSettings({ undoS: 7 })).toMatchObject({
      error: [{ reason: expect.stringContaining('another program is writing it') }],
    })
    expect(used.text()).toBe(part)
  }
  write(JSON.stringify({ accounts: [account], settings: { undoS: 9 } }))
  expect(store.settings().undoS).toBe(9)
  expect([store.drainProblems(), used.asides()]).toEqual([[], []])

  // One that stays like this is set aside after all.
  write('{"settings": {"und')
  expect(store.settings().undoS).toBe(9)
  expect(used.asides()).toEqual([])
  nowMs += 2_000
  expect(store.settings().undoS).toBe(9)
  expect(used.asides()).toHaveLength(1)
  expect(store.drainProblems()).toEqual([expect.stringContaining('could not be used')])
})

test('an unreadable manual edit is set aside and reported, and the known state remains', () => {
  const used = usedRoom()
  const store = used.open()
  writeFileSync(used.path, '{ "settings": { "undoS": 9, } }')
  expect(store.settings().undoS).toBe(8)
  expect(store.drainProblems()).toEqual([expect.stringContaining('it is damaged')])
  expect(store.accounts()).toEqual([account])
  store.changeSettings({ pollIdleS: 90 })
  expect(used.json()).toMatchObject({ settings: { undoS: 8, pollIdleS: 90 }, accounts: [account] })
  expect(readFileSync(join(used.folder, used.asides()[0]!), 'utf8')).toContain('"undoS": 9, }')
})

test('an invalid value in the file is reported once, however often the file is written', () => {
  const odd = room('{"settings":{"undoS":-1}}')
  const store = odd.open()
  expect(store.drainProblems()).toEqual([expect.stringContaining('undoS must be between')])
  store.changeSettings({ pollIdleS: 90 })
  store.changeSettings({ pollIdleS: 91 })
  expect(store.drainProblems()).toEqual([])
})

test('an invalid change is rejected with its reason, and nothing is written', () => {
  const used = usedRoom()
  const before = used.text()
  expect(used.open().changeSettings({ undoS: 0, pollIdleS: 90 })).toMatchObject({
    ok: false,
    error: [{ name: 'undoS' }],
  })
  expect(used.text()).toBe(before)
})

test('a removed account is erased from the copy as well', () => {
  const used = usedRoom()
  expect(used.open().removeAccount('a').ok).toBe(true)
  for (const name of readdirSync(used.folder))
    expect(readFileSync(join(used.folder, name), 'utf8')).not.toContain('eA==')
})

test('a file deleted manually while the app runs is restored by the next write', () => {
  const used = usedRoom()
  const store = used.open()
  rmSync(used.path)
  expect(store.settings().undoS).toBe(8)
  store.changeSettings({ pollIdleS: 90 })
  expect(used.json()).toMatchObject({ settings: { undoS: 8, pollIdleS: 90 }, accounts: [account] })
})

test('a link to a file elsewhere stays a link', () => {
  const used = usedRoom()
  const elsewhere = join(used.folder, '..', 'dotfiles.json')
  writeFileSync(elsewhere, used.text())
  rmSync(used.path)
  symlinkSync(elsewhere, used.path)
  used.open().changeSettings({ undoS: 9 })
  expect(lstatSync(used.path).isSymbolicLink()).toBe(true)
  expect(readFileSync(realpathSync(used.path), 'utf8')).toContain('"undoS": 9')
})

test('a folder in the file’s place is moved aside', () => {
  const odd = room()
  mkdirSync(odd.path)
  expect(odd.open().drainProblems()).toEqual([expect.stringContaining('could not be read (EISDIR')])
  expect(odd.asides()).toHaveLength(1)
})

test('rules are on disk before they are acknowledged, by account, and read back by the next run', () => {
  const { open, json } = room(JSON.stringify({ guards: { other: { autoStop: 'all', later: 1 } } }))
  const guard = { autoStop: 'ticked', pods: { a: { isAutoStopped: true, maxHours: 5 } } } as const
  const store = open()
  expect(store.accountRules.load('one')).toEqual({ autoStop: 'undecided', pods: {} })
  expect(store.accountRules.update('one', () => guard)).toEqual({ ok: true, value: undefined })
  expect(json()['guards']).toEqual({ other: { autoStop: 'all', later: 1 }, one: guard })
  expect(open().accountRules.load('one')).toEqual(guard)
  expect(open().accountRules.load('two')).toEqual({ autoStop: 'undecided', pods: {} })
})

test('an invalid rule is reported, and an edit of the file takes effect immediately', () => {
  const { open, path } = room()
  const store = open()
  writeFileSync(
    path,
    JSON.stringify({ guards: { one: { autoStop: 'ticked', pods: { a: { maxHours: 'x' } } } } }),
  )
  expect(store.accountRules.load('one')).toEqual({ autoStop: 'ticked', pods: { a: {} } })
  expect(store.drainProblems()).toEqual(['Some rules of pod a could not be read: maxHours.'])
})

test.each<[string, (path: string) => void]>([
  ['a folder', (path) => mkdirSync(path)],
  ['a link to itself', (path) => symlinkSync(path, path)],
  ['a link that leads nowhere', (path) => symlinkSync(`${path}.elsewhere`, path)],
  [
    'a file that is too large to be read',
    (path) => {
      writeFileSync(path, '')
      truncateSync(path, 3 * 1_024 ** 3)
    },
  ],
])('%s in place of the file is moved aside and reported, and the last good copy holds', (_, make) => {
  const used = usedRoom()
  rmSync(used.path)
  make(used.path)
  const store = used.open()
  expect(store.settings().undoS).toBe(8)
  expect(store.accounts()).toEqual([account])
  expect(store.drainProblems()).toEqual([
    expect.stringMatching(
      /could not be read \(.*\)\. Its last good copy is used; it is kept as .*unreadable/,
    ),
  ])
  expect(used.asides()).toHaveLength(1)
  expect(used.open().drainProblems()).toEqual([])
})

test.each<[string, (path: string) => void]>([
  ['a folder', (path) => mkdirSync(join(path, 'in the way'), { recursive: true })],
  ['a link to itself', (path) => symlinkSync(path, path)],
])('%s in place of the copy is moved aside, and settings can be changed', (_, make) => {
  const used = usedRoom()
  const copy = join(used.folder, 'config.json.last-good')
  rmSync(copy)
  make(copy)
  const store = used.open()
  expect(store.changeSettings({ undoS: 9 }).ok).toBe(true)
  expect(readFileSync(copy, 'utf8')).toBe(used.text())
  expect(used.asides()).toHaveLength(1)
})

test('what cannot be read in place of the file while the app runs leaves the known state, and is reported at the next start', () => {
  const used = usedRoom()
  const store = used.open()
  rmSync(used.path)
  symlinkSync(used.path, used.path)
  expect(store.settings().undoS).toBe(8)
  expect(store.accounts()).toEqual([account])
  expect(used.open().drainProblems()).toEqual([expect.stringContaining('ELOOP')])
})
