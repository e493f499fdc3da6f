import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { fail, ok, type Result } from '../../../../src/core/base/result'
import { defaultSettings } from '../../../../src/core/settings/settings'
import { accountIdOf } from '../../../../src/node/account-id'
import type { Keyring } from '../../../../src/main/account/key/keyring'
import {
  bench,
  connected,
  fakeStore,
  inMonitor,
  keyring,
  paste,
  runpodWith,
  storedAccount,
} from '../../../harness/data-folder/account-session-fixture'
import { FULL_KEY, READ_ONLY_KEY } from '../../../../src/simulator/simulator'

test('a key copied with spaces, quotes or Bearer is tried without them', async () => {
  const runpod = await runpodWith('a')
  const b = bench({ baseUrl: `${runpod.url}/v2` })
  b.clipboard = `  Bearer ${FULL_KEY}\n`
  expect(await b.session.pasteKey()).toMatchObject({ kind: 'accepted', podCount: 1, storage: 'session-only' })
  await connected(b.session)
  expect(b.session.snapshot().pods.map(({ name }) => name)).toEqual(['a'])
})

test('neither snapshots nor the journal nor the stored account contain the key', async () => {
  const runpod = await runpodWith('a')
  const b = bench({ baseUrl: `${runpod.url}/v2` })
  const id = await paste(b, FULL_KEY)
  inMonitor(b, (monitor) => monitor.act('a', 'stop'))
  expect(
    JSON.stringify([b.snapshots, b.account, await b.session.histories([`${id}/a`, `${id}/b`, 'other/a'])]),
  ).not.toContain(FULL_KEY)
  expect(readFileSync(b.journalPath, 'utf8')).not.toContain(FULL_KEY)
})

test('a refused key is not stored, and text that is not a key is not even sent', async () => {
  const runpod = await runpodWith()
  const b = bench({ baseUrl: `${runpod.url}/v2` })
  b.clipboard = 'rpa_wrong_key_of_somebody'
  expect(await b.session.pasteKey()).toMatchObject({ kind: 'refused' })
  expect(b.account).toBeNull()
  const sent = runpod.requests.length
  b.clipboard = 'ssh root@1.2.3.4 -p 22'
  expect(await b.session.pasteKey()).toMatchObject({ kind: 'not-a-key' })
  expect(runpod.requests.length).toBe(sent)
})

test('the test runtime sends a key to this computer only', async () => {
  const b = bench()
  b.clipboard = FULL_KEY
  expect(await b.session.pasteKey()).toMatchObject({
    kind: 'undecided',
    message: expect.stringContaining('test runtime'),
  })
  expect(b.account).toBeNull()
})

test('a stored key is not sent to another address than the one it was given for', async () => {
  const runpod = await runpodWith('a')
  const account = storedAccount()
  const secrets = keyring({})
  const b = bench({ baseUrl: `${runpod.url}/v2`, keyring: secrets }, account)
  await b.session.restore()
  expect(b.session.snapshot().connection.kind).toBe('no-account')
  expect(b.session.snapshot().connection).toMatchObject({
    keptKey: { ending: 'cess', reason: expect.stringContaining('https://api.runpod.io/v2') },
  })
  expect(runpod.requests).toEqual([])
})

test('the account connects automatically if the keyring returns the key; otherwise the user pastes it again', async () => {
  const runpod = await runpodWith('a')
  const account = storedAccount({ baseUrl: `${runpod.url}/v2` })
  const secrets = keyring({})
  const good = bench({ baseUrl: `${runpod.url}/v2`, keyring: secrets }, account)
  await good.session.restore()
  await connected(good.session)

  const reset = bench({ baseUrl: `${runpod.url}/v2` }, account)
  await reset.session.restore()
  expect(reset.session.snapshot().connection).toEqual({
    kind: 'no-account',
    keptKey: {
      ending: 'cess',
      reason: 'The system keyring refused it: none.',
      canTryAgain: true,
    },
  })
  // The encrypted key is kept, because the keyring may work again.
  expect(reset.account).toEqual(account)
})

test('what a reset keyring gives out instead of the key is neither sent nor encrypted again', async () => {
  const runpod = await runpodWith('a')
  const account = storedAccount({ baseUrl: `${runpod.url}/v2` })
  const garbage = keyring({ decrypt: ok({ text: '\ufffd#\u0007q', isOutdated: true }) })
  const b = bench({ baseUrl: `${runpod.url}/v2`, keyring: garbage }, account)
  await b.session.restore()
  expect(b.session.snapshot().connection).toMatchObject({
    kind: 'no-account',
    keptKey: {
      reason: 'The system keyring refused it: it can no longer decrypt the key.',
      canTryAgain: true,
    },
  })
  expect(runpod.requests).toEqual([])
  expect(b.account).toEqual(account)
})

const READER = { podCount: 1, storage: 'system-keyring' }

test('another key of the same account continues open actions, including undo', async () => {
  const runpod = await runpodWith('a')
  const b = bench({ baseUrl: `${runpod.url}/v2`, keyring: keyring({}) })
  b.clipboard = FULL_KEY
  expect(await b.session.pasteKey()).toMatchObject({ kind: 'accepted', ...READER })
  await connected(b.session)
  const before = b.account
  inMonitor(b, (monitor) => monitor.act('a', 'stop'))
  b.clipboard = READ_ONLY_KEY
  expect(await b.session.pasteKey()).toMatchObject({ kind: 'accepted', ...READER })
  await connected(b.session)
  expect(b.account).toMatchObject({ id: before?.id, keyEnding: READ_ONLY_KEY.slice(-4) })
  expect(b.account?.keyId).not.toBe(before?.keyId)
  const { pods } = b.session.snapshot()
  expect(pods[0]?.intent).toMatchObject({ action: 'stop', phase: 'scheduled' })
  expect(b.session.undo(pods[0]?.intent?.id ?? '')).toEqual(ok(undefined))
})

test('a refused key leaves the old one watching', async () => {
  const runpod = await runpodWith('a')
  const b = bench({ baseUrl: `${runpod.url}/v2` })
  b.clipboard = FULL_KEY
  await b.session.pasteKey()
  await connected(b.session)
  b.clipboard = 'rpa_wrong_key_of_somebody'
  expect(await b.session.pasteKey()).toMatchObject({ kind: 'refused' })
  expect(b.session.snapshot().connection.kind).toBe('live')
  expect(b.account?.keyEnding).toBe(FULL_KEY.slice(-4))
})

test('the current key is tested without changing anything', async () => {
  const runpod = await runpodWith('a', 'b')
  const b = bench({ baseUrl: `${runpod.url}/v2` })
  expect(await b.session.testKey('account')).toMatchObject({ kind: 'undecided' })
  b.clipboard = FULL_KEY
  await b.session.pasteKey()
  await connected(b.session)
  expect(await b.session.testKey(b.account?.id ?? '')).toMatchObject({
    kind: 'accepted',
    accountName: 'Runpod',
    isNew: false,
    podCount: 2,
    ending: FULL_KEY.slice(-4),
    storage: 'session-only',
  })
  expect(runpod.requests.filter(({ action }) => action !== undefined)).toEqual([])
})

test('a key can be pasted while the keyring does not reply, and its late reply changes nothing', async () => {
  const runpod = await runpodWith('a')
  const baseUrl = `${runpod.url}/v2`
  const id = accountIdOf(new URL(baseUrl), FULL_KEY)
  const account = storedAccount({ id, baseUrl, encryptedKey: 'b2xk' })
  let answer: (key: Result<{ text: string; isOutdated: boolean }, string>) => void = () => {}
  const secrets: Keyring = {
    ...keyring({}),
    decrypt: () =>
      new Promise((resolve) => {
        answer = resolve
      }),
  }
  const b = bench({ baseUrl: `${runpod.url}/v2`, keyring: secrets }, account)
  const restoring = b.session.restore()
  expect(b.session.snapshot().connection).toMatchObject({
    keptKey: { reason: 'Asking the system keyring for it…', canTryAgain: false },
  })
  b.clipboard = FULL_KEY
  expect(await b.session.pasteKey()).toMatchObject({ kind: 'accepted' })
  await connected(b.session)
  answer(ok({ text: 'rpa_an_older_key_of_somebody', isOutdated: false }))
  await restoring
  expect(b.session.snapshot().connection.kind).toBe('live')
  expect(b.account?.encryptedKey).toBe('eA==')
})

test('a key that is pasted before the stored accounts are listed belongs to its account, which keeps its name', async () => {
  const runpod = await runpodWith('a')
  const baseUrl = `${runpod.url}/v2`
  const id = accountIdOf(new URL(baseUrl), FULL_KEY)
  const account = storedAccount({ id, baseUrl, encryptedKey: null, name: 'Lab of Ada', color: 'teal' })
  let encrypted: () => void = () => {}
  const isAsked = new Promise<void>((resolve) => {
    encrypted = resolve
  })
  let answer: (key: Result<string, string>) => void = () => {}
  const secrets: Keyring = {
    ...keyring({}),
    encrypt: () =>
      new Promise((resolve) => {
        answer = resolve
        encrypted()
      }),
  }
  const b = bench({ baseUrl, keyring: secrets }, account)
  b.clipboard = FULL_KEY
  const pasting = b.session.pasteKey()
  await isAsked
  // The start continues: the stored accounts are listed while the keyring takes its time.
  await b.session.restore()
  answer(ok('eA=='))
  expect(await pasting).toMatchObject({ kind: 'accepted', accountName: 'Lab of Ada', isNew: false })
  await connected(b.session)
  expect(b.session.snapshot().accounts.map(({ entry }) => entry)).toMatchObject([
    { id, name: 'Lab of Ada', color: 'teal' },
  ])
  expect(b.account).toMatchObject({ name: 'Lab of Ada', color: 'teal' })
})

test('a key that is pasted before anything is restored keeps the name of its account', async () => {
  const runpod = await runpodWith('a')
  const baseUrl = `${runpod.url}/v2`
  const id = accountIdOf(new URL(baseUrl), FULL_KEY)
  const b = bench({ baseUrl }, storedAccount({ id, baseUrl, encryptedKey: null, name: 'Lab of Ada' }))
  b.clipboard = FULL_KEY
  expect(await b.session.pasteKey()).toMatchObject({ kind: 'accepted', isNew: false })
  await b.session.restore()
  await connected(b.session)
  expect(b.session.snapshot().accounts.map(({ entry }) => entry.name)).toEqual(['Lab of Ada'])
})

test('an unlocked keyring is asked again, and the account connects', async () => {
  const runpod = await runpodWith('a')
  const account = storedAccount({ baseUrl: `${runpod.url}/v2` })
  let isLocked = true
  const secrets: Keyring = {
    ...keyring({}),
    decrypt: () => Promise.resolve(isLocked ? fail('locked') : ok({ text: FULL_KEY, isOutdated: false })),
  }
  const b = bench({ baseUrl: `${runpod.url}/v2`, keyring: secrets }, account)
  await b.session.restore()
  isLocked = false
  await b.session.restore()
  await connected(b.session)
  expect(b.session.snapshot().account).toMatchObject({ id: 'x', keyStorage: 'system-keyring' })
})

test('pasting the same key while the keyring is locked does not lose what the keyring holds', async () => {
  const runpod = await runpodWith('a')
  const first = bench({ baseUrl: `${runpod.url}/v2`, keyring: keyring({}) })
  first.clipboard = FULL_KEY
  await first.session.pasteKey()
  const kept = first.account
  if (kept === null) throw new Error('the key was not stored')
  const shut = bench({ baseUrl: `${runpod.url}/v2` }, kept)
  shut.clipboard = FULL_KEY
  expect(await shut.session.pasteKey()).toMatchObject({ storage: 'session-only' })
  expect(shut.session.snapshot().account).toMatchObject({ sessionOnlyReason: 'none' })
  expect(shut.account).toEqual(kept)
})

test('a key that the keyring wants encrypted again is encrypted and stored', async () => {
  const runpod = await runpodWith('a')
  const account = storedAccount({ baseUrl: `${runpod.url}/v2`, encryptedKey: 'b2xk' })
  const secrets = keyring({ decrypt: ok({ text: FULL_KEY, isOutdated: true }) })
  const b = bench({ baseUrl: `${runpod.url}/v2`, keyring: secrets }, account)
  await b.session.restore()
  expect(b.account).toEqual({ ...account, encryptedKey: 'eA==' })
})

test('a key for a foreign host is asked about before the clipboard is read, and nothing is sent without a yes', async () => {
  for (const [source, foreign] of [
    ['environment', { baseUrl: 'https://keys.evil.example/v2' }],
    [
      'setting',
      { store: fakeStore(() => ({ ...defaultSettings, runpodBaseUrl: 'https://keys.evil.example/v2' })) },
    ],
  ] as const) {
    const b = bench({ hosts: 'any', ...foreign })
    b.clipboard = FULL_KEY
    b.isAgreed = false
    expect([source, await b.session.pasteKey()]).toEqual([
      source,
      {
        kind: 'undecided',
        message: 'The clipboard was not read, and nothing was sent to keys.evil.example.',
      },
    ])
    expect([b.questions, b.clipboardReads]).toEqual([['Send your API key to keys.evil.example?'], 0])
  }
})

test("Runpod's own host, and this computer, are not asked about", async () => {
  const own = bench({ hosts: 'any' })
  own.clipboard = 'no key'
  expect(await own.session.pasteKey()).toMatchObject({ kind: 'not-a-key' })
  const runpod = await runpodWith('a')
  const local = bench({ baseUrl: `${runpod.url}/v2` })
  local.clipboard = FULL_KEY
  expect(await local.session.pasteKey()).toMatchObject({ kind: 'accepted' })
  expect([own.questions, local.questions]).toEqual([[], []])
})
