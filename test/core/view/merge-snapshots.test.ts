import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { obstacle } from '../../harness/samples/obstacles'
import { noBudgets } from '../../../src/core/money/money-view'
import { podKeyOf } from '../../../src/core/pods/pod'
import type { ConnectionView } from '../../../src/core/polling/connection'
import { type AccountSnapshot, mergeSnapshots, showAccount } from '../../../src/core/view/merge-snapshots'
import { emptySnapshot, type Notice, type Snapshot } from '../../../src/core/view/snapshot'
import { moneyView } from '../../harness/samples/money-views'
import { accountEntry, NOW_MS, podView, snapshotOf } from '../../harness/samples/pod-views'

const account = (
  id: string,
  over: Partial<Snapshot> = {},
  entry: Partial<AccountSnapshot['entry']> = {},
): AccountSnapshot => ({
  entry: accountEntry({ id, name: id, ...entry }),
  snapshot: snapshotOf([podView({ accountId: id, id: 'p' })], {
    account: { id, isDemo: false, host: 'x', keyStorage: 'system-keyring', isMonitorOnly: false },
    accounts: [],
    burn: { perHourUsd: 1, isAtLeast: false },
    ...over,
  }),
})
const merged = (...accountSnapshots: readonly AccountSnapshot[]) =>
  mergeSnapshots(accountSnapshots, noBudgets, NOW_MS)
const offline: ConnectionView = { kind: 'offline', sinceMs: 1, nextTryAtMs: 2, failure: 'no network' }
const refused: ConnectionView = { kind: 'key-refused', firstAtMs: 1, againAtMs: 2, nextTryAtMs: 2 }

test('no account is an empty snapshot, and a single one is shown as it is', () => {
  expect(merged()).toEqual(emptySnapshot(NOW_MS, []))
  const one = account('a', { runwayMs: 5, idleCount: 1 })
  expect({ ...merged(one), accounts: [] }).toEqual(one.snapshot)
  expect(merged(one).accounts).toMatchObject([{ entry: one.entry, runwayMs: 5, idleCount: 1 }])
})

test('the same pod of two accounts is two pods', () => {
  const { pods, gonePods } = merged(
    account('a', { gonePods: [gone('a')] }),
    account('b', { gonePods: [gone('b')] }),
  )
  expect(pods.map(({ key }) => key)).toEqual(['a/p', 'b/p'])
  expect(gonePods.map(({ key }) => key)).toEqual(['a/g', 'b/g'])
})

const gone = (accountId: string) =>
  ({ accountId, key: podKeyOf(accountId, 'g'), id: 'g', name: 'g', goneAtMs: 1, how: 'vanished' }) as const

test('an account names those that show its pods in its place, and no other', () => {
  const taken = { accounts: [], pods: [podView({ accountId: 'a', id: 'p', shownAs: podKeyOf('b', 'p') })] }
  const shown = merged(account('a', taken), account('b'), account('c'))
  expect(shown.accounts.map(({ shownBy }) => shownBy)).toEqual([['b'], undefined, undefined])
  expect(showAccount(shown, 'a')).not.toHaveProperty('shownBy')
  // What the other account does not show is shown here.
  const alone = merged(account('a', taken), account('b', { pods: [] }))
  expect(alone.accounts.map(({ shownBy }) => shownBy)).toEqual([undefined, undefined])
  expect(alone.pods.map(({ key }) => key)).toEqual(['a/p'])
})

test('rates, counts and money are added, and the lowest runway and the oldest list are shown', () => {
  const result = merged(
    account('a', { idleCount: 1, runwayMs: 9, listedAtMs: 7, money: moneyView(100) }),
    account('b', { idleCount: 2, runwayMs: 5, listedAtMs: 8, money: moneyView(20) }),
    account('c', { idleCount: 0, runwayMs: null }),
  )
  expect(result).toMatchObject({
    account: null,
    burn: { perHourUsd: 3, isAtLeast: false },
    idleCount: 3,
    runwayMs: 5,
    listedAtMs: 7,
    money: { spent: { usd: 120, isAtLeast: true } },
  })
  // A balance is of one account and can't be added.
  expect(result.balance).toEqual(emptySnapshot(0, []).balance)
})

test('the rate is "at least" while an account was never listed, or says so itself', () => {
  expect(merged(account('a'), account('b', { listedAtMs: null })).burn.isAtLeast).toBe(true)
  expect(
    merged(account('a'), account('b', { burn: { perHourUsd: 1, isAtLeast: true } })).burn.isAtLeast,
  ).toBe(true)
})

describe('the connection', () => {
  test('of one account that is offline or refused does not make the others so', () => {
    const result = merged(
      account('a', { connection: offline }),
      account('b', { connection: refused }),
      account('c'),
    )
    expect(result.connection).toEqual({ kind: 'live' })
    expect(result.accounts.map(({ connection }) => connection.kind)).toEqual([
      'offline',
      'key-refused',
      'live',
    ])
  })

  test('is broken where that of each account is', () => {
    expect(
      merged(account('a', { connection: refused }), account('b', { connection: offline })).connection,
    ).toBe(offline)
  })

  test('that is slowed down for one account says so, by the slowest', () => {
    const slowed = (slowedToMs: number) => account('x', { connection: { kind: 'live', slowedToMs } })
    expect(merged(account('a'), slowed(5), slowed(9)).connection).toEqual({ kind: 'live', slowedToMs: 9 })
  })
})

test('accounts that are paused do not count', () => {
  const dear = { idleCount: 5, runwayMs: 1, money: moneyView(900), burn: { perHourUsd: 9, isAtLeast: true } }
  const paused = account('c', { ...dear, connection: refused, listedAtMs: null }, { isPaused: true })
  const [without, withPaused] = [[], [paused]].map((more) => merged(account('a'), account('b'), ...more))
  const { accounts: _, pods: __, gonePods: ___, ...sums } = withPaused!
  expect(without).toMatchObject(sums)
  expect(merged(paused, { ...paused, entry: { ...paused.entry, id: 'd' } })).toMatchObject({
    connection: { kind: 'no-account' },
    burn: { perHourUsd: 0 },
    money: null,
    runwayMs: null,
  })
})

test('rules are those of all where they agree, and otherwise of selected pods', () => {
  const guard = (autoStop: 'off' | 'ticked' | 'all', over = {}) => ({
    guard: { autoStop, areAutoStopsPaused: false, isDryRun: false, ...over },
  })
  const guardOf = (...each: readonly Partial<Snapshot>[]) =>
    merged(...each.map((over, index) => account(`${index}`, over))).guard
  expect(guardOf(guard('all'), guard('all')).autoStop).toBe('all')
  expect(guardOf(guard('all'), guard('off')).autoStop).toBe('ticked')
  expect(guardOf(guard('off', { areAutoStopsPaused: true }), guard('off', { isDryRun: true }))).toEqual({
    autoStop: 'off',
    areAutoStopsPaused: true,
    isDryRun: true,
  })
})

test('obstacles are those of all accounts, and what is about this computer is said once', () => {
  const [failing, full] = [obstacle(), obstacle({ code: 'cannot-save' })]
  const { obstacles } = merged(
    account('a', { obstacles: [failing] }),
    account('b', { obstacles: [obstacle({ accountId: 'b' }), full] }),
  )
  expect(obstacles).toEqual([failing, full])
})

describe('one account of several', () => {
  const notice = (id: string, accountId: string | null): Notice => ({
    id,
    accountId,
    atMs: 1,
    podId: null,
    text: id,
  })
  const notices = [notice('app', null), notice('of a', 'a'), notice('of b', 'b')]

  test('is shown with its own part, and with the notices of the program', () => {
    const shown = showAccount({ ...merged(account('a'), account('b', { runwayMs: 3 })), notices }, 'b')
    expect(shown.pods.map(({ key }) => key)).toEqual(['b/p'])
    expect(shown.notices.map(({ id }) => id)).toEqual(['app', 'of b'])
    expect(shown).toMatchObject({ account: { id: 'b' }, runwayMs: 3 })
    expect(shown.accounts).toHaveLength(2)
  })

  test('that is not there shows all, and so does none', () => {
    const all = merged(account('a'), account('b'))
    for (const id of [null, 'c']) expect(showAccount(all, id)).toBe(all)
  })
})

test('each account comes back out of a merge of any as it went in', () => {
  const someConnection = fc.constantFrom<ConnectionView>(
    { kind: 'live' },
    { kind: 'connecting' },
    offline,
    refused,
  )
  const somePart = fc.record({
    connection: someConnection,
    perHourUsd: fc.integer({ min: 0, max: 50 }),
    listedAtMs: fc.option(fc.integer({ min: 0, max: NOW_MS })),
    runwayMs: fc.option(fc.nat()),
    idleCount: fc.nat(5),
    usd: fc.option(fc.nat(500)),
    podIds: fc.uniqueArray(fc.constantFrom('p', 'q', 'r')),
    isPaused: fc.boolean(),
  })
  fc.assert(
    fc.property(fc.array(somePart, { minLength: 2, maxLength: 20 }), (parts) => {
      const accountSnapshots = parts.map(({ perHourUsd, usd, podIds, isPaused, ...over }, index) => {
        const id = `account-${index}`
        const pods = podIds.map((podId) => podView({ accountId: id, id: podId }))
        const money = usd === null ? null : moneyView(usd)
        return account(id, { ...over, money, pods, burn: { perHourUsd, isAtLeast: false } }, { isPaused })
      })
      const all = merged(...accountSnapshots)
      for (const { entry, snapshot } of accountSnapshots)
        expect({ ...showAccount(all, entry.id), atMs: snapshot.atMs, revision: snapshot.revision }).toEqual({
          ...snapshot,
          accounts: all.accounts,
        })
      const keys = all.pods.map(({ key }) => key)
      expect(new Set(keys).size).toBe(keys.length)
      expect(keys).toHaveLength(parts.reduce((sum, { podIds }) => sum + podIds.length, 0))
      const counted = parts.filter(({ isPaused }) => !isPaused)
      expect(all.burn.perHourUsd).toBe(counted.reduce((sum, { perHourUsd }) => sum + perHourUsd, 0))
      expect(all.connection.kind === 'live').toBe(
        counted.some(({ connection }) => connection.kind === 'live'),
      )
    }),
  )
})
