import { readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { fail, ok, type Result } from '../../../../src/core/base/result'
import { defaultSettings } from '../../../../src/core/settings/settings'
import type { Keyring } from '../../../../src/main/account/key/keyring'
import { FULL_KEY, READ_ONLY_KEY, type Simulator } from '../../../../src/simulator/simulator'
import {
  type Bench,
  bench,
  fakeStore,
  inMonitor,
  keyring,
  liveAccounts,
  paste,
  startRunpod,
  storedAccount,
  viewOf,
  workingKeyring,
} from '../../../harness/data-folder/account-session-fixture'
import { deferred } from '../../../harness/monitor/scripted-provider'

const runpodOfTwo = (): Promise<Simulator> =>
  startRunpod({
    pods: [{ name: 'a', id: 'a', mode: 'training' }],
    accountIds: { [READ_ONLY_KEY]: 'user_other' },
  })

async function twoAccounts(over: Parameters<typeof bench>[0] = {}) {
  const runpod = await runpodOfTwo()
  const b = bench({ baseUrl: `${runpod.url}/v2`, ...over })
  const first = await paste(b, FULL_KEY)
  const second = await paste(b, READ_ONLY_KEY)
  await vi.waitFor(() => expect(b.session.snapshot().pods).toHaveLength(2))
  return { runpod, b, first, second }
}

test('a second account is added only once a person agreed in the app’s own window; the first, and a key of a known account, ask nothing', async () => {
  const runpod = await runpodOfTwo()
  const b = bench({ baseUrl: `${runpod.url}/v2` })
  b.isAgreed = false
  const first = await paste(b, FULL_KEY)
  expect(await paste(b, FULL_KEY)).toBe(first)
  expect(b.questions).toEqual([])
  b.clipboard = READ_ONLY_KEY
  expect(await b.session.pasteKey()).toEqual({
    kind: 'undecided',
    message: 'The account was not added, and its key was not stored.',
  })
  expect([b.questions, b.store.accounts().map(({ id }) => id)]).toEqual([['Add another account?'], [first]])
  b.isAgreed = true
  const second = await paste(b, READ_ONLY_KEY)
  expect(b.store.accounts().map(({ id }) => id)).toEqual([first, second])
  // Jobs that were added before don't run there; a key that is pasted again adds nothing.
  const added = b.store.accounts().map(({ addedAtMs }) => addedAtMs)
  expect(added).toEqual([expect.any(Number), expect.any(Number)])
  await paste(b, READ_ONLY_KEY)
  expect(b.store.accounts().map(({ addedAtMs }) => addedAtMs)).toEqual(added)
})

const entryOf = ({ session }: Bench, id: string) =>
  session.snapshot().accounts.find(({ entry }) => entry.id === id)?.entry
const order = ({ session }: Bench) => session.snapshot().accounts.map(({ entry }) => entry.id)
const blocked = fail(expect.stringContaining('an action is in progress (a)'))

test('a new account has a free name and color, and a name that another one has is refused in any case', async () => {
  const { b, first, second } = await twoAccounts()
  expect([first, second].map((id) => entryOf(b, id))).toMatchObject([
    { name: 'Runpod', color: 'blue' },
    { name: 'Runpod 2', color: 'green' },
  ])
  expect(await b.session.changeAccount(first, { name: ' Acme ', color: 'pink' })).toEqual(ok(undefined))
  for (const name of ['ACME', ' Acme '])
    expect(await b.session.changeAccount(second, { name })).toEqual(
      fail('Another account is already named Acme.'),
    )
  // Its own name in another case is none of another.
  expect(await b.session.changeAccount(first, { name: 'acme' })).toEqual(ok(undefined))
  expect([first, second].map((id) => entryOf(b, id)?.name)).toEqual(['acme', 'Runpod 2'])
  expect(b.store.accounts().map(({ name }) => name)).toEqual(['acme', 'Runpod 2'])
  expect(b.entries()).toEqual(['changed Runpod to Acme', 'changed Acme to acme'])
  expect(await b.session.changeAccount('nobody', { name: 'x' })).toMatchObject({ ok: false })
})

test('a paused account is not watched and shows nothing, until its pause ends; the other one continues', async () => {
  const { b, first, second, runpod } = await twoAccounts()
  const other = b.session.monitor(second)
  const rate = b.session.snapshot().burn.perHourUsd
  expect(await b.session.changeAccount(first, { name: 'Night runs' })).toEqual(ok(undefined))
  expect(b.forgotten).toEqual([])
  expect(await b.session.changeAccount(first, { isPaused: true })).toEqual(ok(undefined))
  expect(b.forgotten).toEqual([first])
  expect([b.session.monitor(first), b.session.provider(first)]).toEqual([null, null])
  expect(b.session.snapshot().pods.map(({ accountId }) => accountId)).toEqual([second])
  expect(b.session.snapshot().burn.perHourUsd).toBeCloseTo(rate / 2)
  expect(b.session.snapshot().connection.kind).toBe('live')
  expect(entryOf(b, first)?.isPaused).toBe(true)
  expect(b.session.withPod(`${first}/a`, (monitor, podId) => monitor.act(podId, 'stop'))).toMatchObject({
    ok: false,
  })
  const before = runpod.requests.length
  b.session.refresh()
  await vi.waitFor(() => expect(runpod.requests.length).toBeGreaterThan(before))
  expect(b.session.monitor(second)).toBe(other)

  // After a restart it stays paused.
  b.session.dispose()
  const again = bench({ baseUrl: `${runpod.url}/v2`, keyring: workingKeyring, store: b.store })
  await again.session.restore()
  expect(again.session.monitor(first)).toBeNull()

  const resumed = await twoAccounts()
  await resumed.b.session.changeAccount(resumed.first, { isPaused: true })
  expect(await resumed.b.session.changeAccount(resumed.first, { isPaused: false })).toEqual(ok(undefined))
  await liveAccounts(resumed.b.session)
  expect(resumed.b.session.snapshot().pods).toHaveLength(2)
})

test('the pause of an account whose key was never read ends with a look into the keyring', async () => {
  const { runpod, b, first } = await twoAccounts({ keyring: workingKeyring })
  await b.session.changeAccount(first, { isPaused: true })
  b.session.dispose()
  const again = bench({ baseUrl: `${runpod.url}/v2`, keyring: workingKeyring, store: b.store })
  await again.session.restore()
  expect(viewOf(again, first).connection).toEqual({ kind: 'no-account' })
  await again.session.changeAccount(first, { isPaused: false })
  await vi.waitFor(() => expect(viewOf(again, first).connection.kind).toBe('live'))
})

test('a change of an account that is watched starts no other watch of it', async () => {
  const { b, first } = await twoAccounts()
  const monitor = b.session.monitor(first)
  await b.session.changeAccount(first, { isPaused: false, name: 'Acme', monthlyBudgetUsd: 600 })
  expect(b.session.monitor(first)).toBe(monitor)
  expect(entryOf(b, first)).toMatchObject({ name: 'Acme', monthlyBudgetUsd: 600, dailyBudgetUsd: null })
  await b.session.changeAccount(first, { monthlyBudgetUsd: null })
  expect(entryOf(b, first)).toMatchObject({ monthlyBudgetUsd: null })
})

test('accounts are shown in the order that the person gave, also after a restart', async () => {
  const { b, first, second, runpod } = await twoAccounts()
  expect(b.session.orderAccounts([second, first])).toEqual(ok(undefined))
  expect(order(b)).toEqual([second, first])
  // Those that are missing come last, and unknown ones change nothing.
  expect(b.session.orderAccounts(['nobody', first])).toEqual(ok(undefined))
  expect(order(b)).toEqual([first, second])
  b.session.orderAccounts([second, first])
  b.session.dispose()
  const again = bench({ baseUrl: `${runpod.url}/v2`, store: b.store })
  await again.session.restore()
  expect(order(again)).toEqual([second, first])
})

test('an account is removed only by a yes, its key is erased and its rules stay', async () => {
  const { b, first, second } = await twoAccounts()
  inMonitor(b, (monitor) => monitor.setAutoStop('all'), first)
  const histories = () => readdirSync(join(dirname(b.journalPath), 'history')).sort()
  expect(histories()).toEqual([first, second].sort())
  b.isAgreed = false
  expect(await b.session.removeAccount(first)).toEqual(ok(false))
  expect(order(b)).toEqual([first, second])
  expect(b.forgotten).toEqual([])
  b.isAgreed = true
  expect(await b.session.removeAccount(first)).toEqual(ok(true))
  expect(b.forgotten).toEqual([first])
  expect(b.questions).toEqual([
    'Add another account?',
    'Remove the account Runpod?',
    'Remove the account Runpod?',
  ])
  expect([order(b), b.session.monitor(first)]).toEqual([[second], null])
  expect(histories()).toEqual([second])
  expect(b.store.accounts().map(({ id }) => id)).toEqual([second])
  expect(b.store.knownAccounts().map(({ id }) => id)).toEqual([first, second])
  expect(b.session.snapshot().pods.map(({ accountId }) => accountId)).toEqual([second])
  expect(b.entries().at(-1)).toBe('removed Runpod')
  expect(await b.session.removeAccount(first)).toMatchObject({ ok: false })
  // Added again, it has its rules.
  expect(await paste(b, FULL_KEY)).toBe(first)
  expect(viewOf(b, first).guard.autoStop).toBe('all')
})

test('an open action blocks pause and removal of its account, not of another one', async () => {
  const { b, first, second } = await twoAccounts()
  inMonitor(b, (monitor) => monitor.act('a', 'stop'), first)
  expect(await b.session.removeAccount(first)).toEqual(blocked)
  expect(await b.session.changeAccount(first, { isPaused: true })).toEqual(blocked)
  expect(b.store.accounts().map(({ isPaused }) => isPaused)).toEqual([false, false])
  expect(await b.session.changeAccount(second, { isPaused: true })).toEqual(ok(undefined))
  expect(await b.session.removeAccount(second)).toEqual(ok(true))
  const [pod] = b.session.snapshot().pods
  expect(pod?.intent).toMatchObject({ phase: 'scheduled' })
  expect(b.session.undo(pod?.intent?.id ?? '')).toEqual(ok(undefined))
  expect(await b.session.removeAccount(first)).toEqual(ok(true))
})

test('an account that is removed while the keyring is asked is not watched when it answers', async () => {
  const runpod = await runpodOfTwo()
  const answer = deferred<Result<{ text: string; isOutdated: boolean }, string>>()
  const slow: Keyring = { ...keyring({}), decrypt: () => answer.promise }
  const account = storedAccount({ baseUrl: `${runpod.url}/v2` })
  const b = bench({ baseUrl: account.baseUrl, keyring: slow }, account)
  const restoring = b.session.restore()
  expect(await b.session.removeAccount(account.id)).toEqual(ok(true))
  answer.resolve(ok({ text: FULL_KEY, isOutdated: true }))
  await restoring
  expect([runpod.requests, b.session.monitors(), b.store.accounts()]).toEqual([[], [], []])
})

test('a keyring that stays locked for one key is not asked for the others, and a locked one disturbs no pasted key', async () => {
  const runpod = await runpodOfTwo()
  let asked = 0
  const locked: Keyring = {
    ...keyring({ encrypt: fail('locked') }),
    decrypt: () => {
      asked += 1
      return Promise.resolve(fail('locked'))
    },
  }
  const stored = ['x', 'y', 'z'].map((id) => storedAccount({ id, name: id, baseUrl: `${runpod.url}/v2` }))
  const b = bench({ baseUrl: `${runpod.url}/v2`, keyring: locked }, ...stored)
  await b.session.restore()
  expect(asked).toBe(1)
  for (const id of ['x', 'y', 'z'])
    expect(viewOf(b, id).connection).toMatchObject({ keptKey: { canTryAgain: true } })
  await paste(b, FULL_KEY)
  expect(b.session.snapshot().connection.kind).toBe('live')
})

test('where nothing can be stored, an account is watched for this session, and changes are refused with the reason', async () => {
  const runpod = await runpodOfTwo()
  const full = fail('the disk is full')
  const store = {
    ...fakeStore(() => ({ ...defaultSettings })),
    saveAccount: () => full,
    removeAccount: () => full,
    orderAccounts: () => full,
  }
  const b = bench({ baseUrl: `${runpod.url}/v2`, keyring: workingKeyring, store })
  b.clipboard = FULL_KEY
  expect(await b.session.pasteKey()).toMatchObject({ kind: 'accepted', storage: 'session-only' })
  const id = order(b)[0] ?? ''
  await liveAccounts(b.session)
  expect(b.session.snapshot().account?.sessionOnlyReason).toBe('the disk is full')
  const refused = fail('That could not be stored: the disk is full.')
  expect(await b.session.changeAccount(id, { name: 'Acme' })).toEqual(refused)
  expect(await b.session.changeAccount(id, { isPaused: true })).toEqual(refused)
  expect(b.session.orderAccounts([id])).toEqual(refused)
  expect(await b.session.removeAccount(id)).toEqual(
    fail('The key could not be erased: the disk is full. Try again.'),
  )
  expect([entryOf(b, id)?.name, b.session.monitors().length]).toEqual(['Runpod', 1])
})

test('there are at most 20 accounts, and the key of one of them is still taken', async () => {
  const runpod = await startRunpod({ accountIds: { [READ_ONLY_KEY]: 'user_other' } })
  const b = bench(
    { baseUrl: `${runpod.url}/v2` },
    ...Array.from({ length: 19 }, (_, index) =>
      storedAccount({ id: `id-${index}`, name: `n${index}`, baseUrl: 'https://else.where/v2' }),
    ),
  )
  await b.session.restore()
  const last = await paste(b, FULL_KEY)
  b.clipboard = READ_ONLY_KEY
  expect(await b.session.pasteKey()).toEqual({
    kind: 'undecided',
    message: 'There are 20 accounts already. Remove one first.',
  })
  expect(b.store.accounts()).toHaveLength(20)
  expect(await paste(b, FULL_KEY)).toBe(last)
})
