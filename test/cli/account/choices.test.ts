import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import {
  chooseKeys,
  findBaseUrl,
  ignoredAddressText,
  type KeySources,
} from '../../../src/cli/account/account'
import { readConfig } from '../../../src/cli/account/config'
import { appDataFolder } from '../../../src/cli/account/data-folder'
import { CliExit } from '../../../src/cli/output/exit'
import { findPod, findPodAmong } from '../../../src/cli/commands/find/find-pod'
import { deleteStoredKeys, readStoredKeys, writeStoredKey } from '../../../src/cli/account/key-file'
import type { PodView } from '../../../src/core/view/snapshot'
import { notifierEnvironment } from '../../../src/node/notifications/spawn-notification'
import { defaultSettings } from '../../../src/core/settings/settings'

const KEY = 'rpa_0123456789abcdef'
const OTHER = 'rpa_fedcba9876543210'
const newFolder = (): string => mkdtempSync(join(tmpdir(), 'podkeeper-choices-'))

const sources = (changes: Partial<KeySources> = {}): KeySources => ({
  environmentKey: undefined,
  storedKeys: () => [],
  baseUrlOption: undefined,
  environmentBaseUrl: undefined,
  ...changes,
})

/** The exit code and message that it ends with. */
function endingOf(run: () => unknown): [number, string] {
  try {
    run()
  } catch (cause) {
    if (cause instanceof CliExit) return [cause.exitCode, cause.message]
    throw cause
  }
  throw new Error('it did not end')
}

test('the key from the environment is an account beside those of the saved ones', () => {
  const kept = [
    { baseUrl: 'https://kept.example/v2', key: OTHER },
    { baseUrl: 'https://lab.example/v2', key: `${OTHER}2`, name: 'Lab' },
  ]
  const chosen = (environmentKey: string) =>
    chooseKeys(sources({ environmentKey, storedKeys: () => kept })).keys.map(({ source, key, baseUrl }) => [
      source,
      key,
      baseUrl.href,
    ])
  const keptOnes = [
    ['kept', OTHER, 'https://kept.example/v2'],
    ['kept', `${OTHER}2`, 'https://lab.example/v2'],
  ]
  expect(chosen(` Bearer ${KEY}\n`)).toEqual([['environment', KEY, 'https://api.runpod.io/v2'], ...keptOnes])
  expect(chosen('')).toEqual(keptOnes)
})

test('a saved key that cannot be read, or one from the environment, hides none of the others', () => {
  const kept = [{ baseUrl: 'https://kept.example/v2', key: OTHER }]
  const unreadable = chooseKeys(
    sources({
      environmentKey: KEY,
      storedKeys: () => {
        throw new CliExit(3, 'It can be read by others.')
      },
    }),
  )
  expect(unreadable.keys.map(({ key }) => key)).toEqual([KEY])
  expect(unreadable.failures).toMatchObject([{ exit: { message: 'It can be read by others.' } }])
  const invalid = chooseKeys(sources({ environmentKey: 'no key', storedKeys: () => kept }))
  expect(invalid.keys.map(({ key }) => key)).toEqual([OTHER])
  expect(invalid.failures).toMatchObject([{ name: 'environment', exit: { exitCode: 3 } }])
})

test('a saved key for another address than the one that is asked for is left out, and said', () => {
  const kept = [
    { baseUrl: 'https://a.example/v2', key: KEY },
    { baseUrl: 'https://b.example/v2', key: OTHER, name: 'Lab' },
  ]
  const { keys, leftOut } = chooseKeys(
    sources({ storedKeys: () => kept, baseUrlOption: 'https://a.example/v2' }),
  )
  expect(keys.map(({ key }) => key)).toEqual([KEY])
  expect(leftOut).toMatchObject([{ name: 'Lab' }])
})

test('the address is the first of option, environment, saved key and default', () => {
  const all = {
    baseUrlOption: 'https://a.example',
    environmentBaseUrl: 'https://b.example',
  }
  const kept = { baseUrl: 'https://c.example', key: KEY }
  const hosts = [
    findBaseUrl(sources(all), kept),
    findBaseUrl(sources({ ...all, baseUrlOption: undefined }), kept),
    findBaseUrl(sources(), kept),
    findBaseUrl(sources(), null),
  ].map(({ host }) => host)
  expect(hosts).toEqual(['a.example', 'b.example', 'c.example', 'api.runpod.io'])
})

test('an address that is set but empty is an error, so that no key goes elsewhere', () => {
  const [exitCode, message] = endingOf(() => findBaseUrl(sources({ environmentBaseUrl: '' }), null))
  expect(exitCode).toBe(2)
  expect(message).toMatch(/^RUNPOD_API_BASE_URL \(\) cannot be used/)
})

test('a kept key never goes to another address', () => {
  const kept = { baseUrl: 'https://c.example/', key: KEY }
  const [exitCode, words] = endingOf(() =>
    chooseKeys(sources({ storedKeys: () => [kept], baseUrlOption: 'https://evil.example' })),
  )
  expect(exitCode).toBe(3)
  expect(words).toContain('podkeeper login --base-url https://evil.example/')
  expect(words).not.toContain(KEY)
})

test('an invalid key is not sent', () => {
  expect(endingOf(() => chooseKeys(sources({ environmentKey: 'no key' })))[0]).toBe(3)
})

test('a key file that others can read, or that is reached through a link, is not used', () => {
  const path = join(newFolder(), 'cli-key.json')
  expect(readStoredKeys(path)).toEqual([])
  writeStoredKey(path, { baseUrl: 'https://c.example/', key: KEY })
  expect(readStoredKeys(path)).toMatchObject([{ baseUrl: 'https://c.example/', key: KEY }])
  for (const mode of [0o640, 0o604, 0o620]) {
    chmodSync(path, mode)
    expect(endingOf(() => readStoredKeys(path))).toEqual([3, expect.stringContaining(`chmod 600 '${path}'`)])
  }
  chmodSync(path, 0o600)
  const link = `${path}.link`
  symlinkSync(path, link)
  expect(endingOf(() => readStoredKeys(link))[0]).toBe(3)
  expect([deleteStoredKeys(path), deleteStoredKeys(path)]).toEqual([true, false])
})

test("the data folder is the same as the app's", () => {
  expect(appDataFolder({}, 'linux', '/home/a')).toBe('/home/a/.config/Podkeeper')
  expect(appDataFolder({ XDG_CONFIG_HOME: '/c' }, 'linux', '/home/a')).toBe('/c/Podkeeper')
  expect(appDataFolder({}, 'darwin', '/Users/a')).toBe('/Users/a/Library/Application Support/Podkeeper')
})

test("the app's settings apply, unusual ones are reported, and an invalid file costs only its settings", () => {
  const path = join(newFolder(), 'config.json')
  expect(readConfig(path)).toMatchObject({ settings: defaultSettings, problems: [] })
  writeFileSync(path, '{"settings":{"undoS":9,"pollIdleS":"x"}}')
  const config = readConfig(path)
  expect([config.settings.undoS, config.settings.pollIdleS, config.problems.length]).toEqual([9, 60, 1])
  writeFileSync(path, '{"settings":')
  const longAgoS = Date.now() / 1_000 - 60
  utimesSync(path, longAgoS, longAgoS)
  expect(readConfig(path).problems[0]).toContain('so the defaults are used')
})

test('settings that another program is writing are waited for', async () => {
  const path = join(newFolder(), 'config.json')
  // A file that rests is not waited for, so both halves are written by the program, once it runs.
  const begin = `printf '%s' '{"settings":{' > '${path}'; echo begun`
  const writer = spawn('sh', ['-c', `${begin}; sleep 0.3; printf '%s' '"undoS":9}}' >> '${path}'`])
  await once(writer.stdout, 'data')
  expect(readConfig(path)).toMatchObject({ settings: { undoS: 9 }, problems: [] })
})

test('an account keeps its name when its key is replaced in the app', () => {
  const path = join(newFolder(), 'config.json')
  expect(readConfig(path).accountIdFor('k1')).toBe('k1')
  const account = { id: 'k1', baseUrl: 'https://a.example/', keyEnding: 'abcd', encryptedKey: null }
  for (const [record, k1, k2] of [
    [account, 'k1', 'k2'],
    [{ ...account, keyId: 'k2' }, 'k1', 'k1'],
    [null, 'k1', 'k2'],
  ]) {
    writeFileSync(path, JSON.stringify({ accounts: [record] }))
    expect([readConfig(path).accountIdFor('k1'), readConfig(path).accountIdFor('k2')]).toEqual([k1, k2])
  }
})

const pods = [
  { id: 'aaa', name: 'twin', phase: 'running' },
  { id: 'bbb', name: 'twin', phase: 'stopped' },
  { id: 'twin2', name: 'Solo', phase: 'running' },
  { id: 'Solo', name: 'odd', phase: 'running' },
] as const

test('an id takes precedence over a name, and an exact name over one with different case', () => {
  expect(findPod(pods, 'Solo').name).toBe('odd')
  expect(findPod(pods, 'solo').id).toBe('twin2')
  expect(findPod(pods, 'bbb').id).toBe('bbb')
})

test('part of a name never matches', () => {
  expect(endingOf(() => findPod(pods, 'twi'))).toEqual([5, expect.stringContaining('Did you mean')])
  expect(endingOf(() => findPod(pods, ''))[0]).toBe(2)
  expect(endingOf(() => findPod([], 'x'))).toEqual([5, expect.stringContaining('no pods')])
})

type Named = Pick<PodView, 'id' | 'name' | 'phase'>

const accountPods: Parameters<typeof findPodAmong<number, Named>>[0] = [
  { account: 1, accountName: 'Lab', pods: [{ id: 'a', name: 'train', phase: 'running' }] },
  {
    account: 2,
    accountName: 'Work',
    pods: [
      { id: 'b', name: 'train', phase: 'stopped' },
      { id: 'a', name: 'other', phase: 'running' },
      { id: 'c', name: 'Solo', phase: 'running' },
    ],
  },
]

test('a pod is found in the account that has it', () => {
  expect(findPodAmong(accountPods, 'b')).toMatchObject({ account: 2, pod: { id: 'b' } })
  expect(findPodAmong(accountPods, 'solo')).toMatchObject({ account: 2, pod: { id: 'c' } })
})

test('a name or an id that several accounts have is not decided, and the accounts are named', () => {
  for (const query of ['train', 'a']) {
    const [exitCode, message] = endingOf(() => findPodAmong(accountPods, query))
    expect(exitCode).toBe(5)
    expect(message).toMatch(/Choose the account with --account:\n {2}Lab {3}a {2}train.*\n {2}Work {2}/)
  }
})

test('a pod that is in none of the accounts that could be read may be in another one', () => {
  const [exitCode, message] = endingOf(() => findPodAmong(accountPods, 'nobody', ['Third: no answer.']))
  expect(exitCode).toBe(7)
  expect(message).toContain('Third: no answer.')
  expect(endingOf(() => findPodAmong(accountPods, 'nobody'))[0]).toBe(5)
})

test('a notification gets the variables that a desktop needs and no secret', () => {
  const env = {
    PATH: '/bin',
    DBUS_SESSION_BUS_ADDRESS: 'unix:',
    RUNPOD_API_KEY: KEY,
    AWS_SECRET: 'x',
    npm_token: 'y',
  }
  expect(notifierEnvironment(env)).toEqual({ PATH: '/bin', DBUS_SESSION_BUS_ADDRESS: 'unix:' })
})

test('a key from the environment goes to no address of the settings, which is reported', () => {
  const setting = 'https://keys.evil.example/v2'
  const given = sources({ environmentKey: KEY })
  expect(chooseKeys(given).keys[0]?.baseUrl.href).toBe('https://api.runpod.io/v2')
  expect(ignoredAddressText(given, setting)).toBe(
    `RUNPOD_API_KEY is sent to Runpod, not to ${setting}: only the app uses that address. To send it there, use --base-url ${setting}`,
  )
  expect(ignoredAddressText(given, null)).toBeNull()
  expect(ignoredAddressText(sources({ environmentKey: KEY, baseUrlOption: setting }), setting)).toBeNull()
  expect(ignoredAddressText(sources(), setting)).toBeNull()
})

test('what was answered for the kept key holds for the same key from the environment, and for no other', () => {
  const address = 'https://api.example/v2'
  const earlier = { baseUrl: address, key: KEY, accountId: 'earlier' }
  const chosen = (key: string, baseUrlOption = address) =>
    chooseKeys(sources({ environmentKey: key, storedKeys: () => [earlier], baseUrlOption })).keys[0]
      ?.accountId
  expect(chosen(KEY)).toBe('earlier')
  expect(chosen(`${KEY}x`)).toBeUndefined()
  expect(chosen(KEY, 'https://lab.example/v2')).toBeUndefined()
})
