import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { HOUR_MS, MINUTE_MS } from '../../../../src/core/base/time/time'
import { busyReasons } from '../../../../src/core/idle/activity'
import { unknownReasons } from '../../../../src/core/idle/sample'
import { podPhases } from '../../../../src/core/pods/pod'
import type { ConnectionView } from '../../../../src/core/polling/connection'
import {
  isWorthSaving,
  lastSnapshotsOf,
  withLastSnapshot,
} from '../../../../src/core/view/last-snapshot/last-snapshot'
import {
  type LastSnapshot,
  lastSnapshotsFile,
  parseLastSnapshots,
} from '../../../../src/core/view/last-snapshot/last-snapshot-codec'
import { mergeSnapshots } from '../../../../src/core/view/merge-snapshots'
import { podState } from '../../../../src/core/view/pod-state'
import { emptySnapshot, type PodView, type Snapshot } from '../../../../src/core/view/snapshot'
import { noBudgets } from '../../../../src/core/money/money-view'
import { accountEntry, idleFor, NOW_MS, podView, snapshotOf } from '../../../harness/samples/pod-views'

const LISTED_AT_MS = NOW_MS - HOUR_MS

/** A snapshot of these pods, all of one account. */
const listed = (pods: readonly PodView[], over: Partial<Snapshot> = {}): Snapshot =>
  mergeSnapshots(
    [
      {
        entry: accountEntry({ id: 'account' }),
        snapshot: snapshotOf(pods, { accounts: [], listedAtMs: LISTED_AT_MS, ...over }),
      },
    ],
    noBudgets,
    NOW_MS,
  )

/** What is kept of these pods, written and read again. */
function kept(pods: readonly PodView[], over: Partial<Snapshot> = {}): LastSnapshot | null {
  const file = JSON.stringify(lastSnapshotsFile(lastSnapshotsOf(listed(pods, over))))
  return parseLastSnapshots(JSON.parse(file))[0] ?? null
}

/** An account of which nothing was listed yet in this run. */
const waiting = (connection: ConnectionView = { kind: 'connecting' }, entry = {}) => ({
  entry: accountEntry({ id: 'account', ...entry }),
  snapshot: { ...emptySnapshot(NOW_MS, []), connection },
})

const shownOf = (last: LastSnapshot | null, nowMs = NOW_MS, account = waiting()) =>
  withLastSnapshot(account, last, nowMs)

describe('the pods of the last run', () => {
  const pods = [
    podView({ id: 'busy', isPriceApproximate: true }),
    podView({ id: 'idle', activity: idleFor(40), idleCostUsd: 3 }),
    podView({ id: 'off', phase: 'stopped', startedAtMs: null, stoppedDiskPerHourUsd: 0.1 }),
    podView({ id: 'new', phase: 'creating', creating: { sinceMs: LISTED_AT_MS, isAtLeast: true } }),
    podView({ id: 'kept', guard: { ...podView().guard, keepOn: { sinceMs: 1, untilMs: null } } }),
    podView({ id: 'cluster', clusterId: 'c', dataCenterId: null, hardware: null }),
  ]

  test('are shown as they were, with when that was and what they cost', () => {
    const burn = { perHourUsd: 12, isAtLeast: true, isApproximate: true } as const
    const { snapshot } = shownOf(kept(pods, { burn }))
    expect(snapshot).toMatchObject({ listedAtMs: LISTED_AT_MS, burn, connection: { kind: 'connecting' } })
    expect(snapshot.pods.map(({ key }) => key)).toEqual(pods.map(({ key }) => key))
    expect(snapshot.pods.map((pod) => podState(pod, LISTED_AT_MS))).toEqual(
      pods.map((pod) => podState(pod, LISTED_AT_MS)),
    )
    expect(snapshot.pods.map(({ hardware, costPerHourUsd }) => [hardware, costPerHourUsd])).toEqual(
      pods.map(({ hardware, costPerHourUsd }) => [hardware, costPerHourUsd]),
    )
  })

  test('offer nothing that could be done with them', () => {
    for (const pod of shownOf(kept(pods)).snapshot.pods)
      expect(pod).toMatchObject({
        isFromLastRun: true,
        actions: [],
        sshRoute: null,
        intent: null,
        insideLook: null,
        guard: { isAutoStopEnabled: false, heldStops: [], autoStop: { kind: 'off' } },
      })
  })

  test.each(podPhases)('keep their phase %s', (phase) =>
    expect(shownOf(kept([podView({ phase })])).snapshot.pods).toMatchObject([{ phase }]),
  )

  test.each([
    ...busyReasons.map((by) => ({ kind: 'busy', by, partlyIdle: null }) as const),
    ...unknownReasons.map((reason) => ({ kind: 'unknown', reason, sinceMs: null }) as const),
  ])('keep that they were $kind, and why: $by$reason', (activity) =>
    expect(shownOf(kept([podView({ activity })])).snapshot.pods).toMatchObject([{ activity }]),
  )

  test.each<[string, ConnectionView]>([
    ['offline', { kind: 'offline', sinceMs: 1, nextTryAtMs: 2, failure: 'no network' }],
    ['key-refused', { kind: 'key-refused', firstAtMs: 1, againAtMs: 2, nextTryAtMs: 2 }],
    ['forbidden', { kind: 'forbidden', atMs: 1, failure: 'no' }],
  ])('stay with their date while the account is %s, which is shown', (_kind, connection) => {
    const { snapshot } = shownOf(kept(pods), NOW_MS, waiting(connection))
    expect(snapshot).toMatchObject({ connection, listedAtMs: LISTED_AT_MS })
    expect(snapshot.pods).toHaveLength(pods.length)
  })

  test('are shown while the keyring is asked for the key, and not once it has none', () => {
    const keptKey = { ending: 'abcd', reason: 'Asking …', canTryAgain: false }
    const asked = shownOf(
      kept(pods),
      NOW_MS,
      waiting({ kind: 'no-account', keptKey: { ...keptKey, isAsked: true } }),
    )
    expect(asked.snapshot.connection).toEqual({ kind: 'connecting', isAskingKeyring: true })
    expect(asked.snapshot.pods).toHaveLength(pods.length)
    for (const connection of [{ kind: 'no-account', keptKey }, { kind: 'no-account' }] as const) {
      const account = waiting(connection)
      expect(shownOf(kept(pods), NOW_MS, account)).toBe(account)
    }
  })

  test('give way to the first list, an empty one included', () => {
    for (const own of [[], [podView({ id: 'other' })]]) {
      const account = {
        entry: accountEntry({ id: 'account' }),
        snapshot: snapshotOf(own, { accounts: [], listedAtMs: NOW_MS }),
      }
      expect(withLastSnapshot(account, kept(pods), NOW_MS)).toBe(account)
    }
  })

  test('are shown for their own account only, and for none that is paused or the demo', () => {
    for (const entry of [{ id: 'other' }, { isPaused: true }, { isDemo: true }]) {
      const account = waiting({ kind: 'connecting' }, entry)
      expect(shownOf(kept(pods), NOW_MS, account)).toBe(account)
    }
    expect(shownOf(null)).toEqual(waiting())
  })

  test('are not shown as from the future after the clock was set back', () => {
    expect(shownOf(kept(pods), LISTED_AT_MS - 1).snapshot.pods).toEqual([])
    expect(shownOf(kept(pods), LISTED_AT_MS).snapshot.pods).toHaveLength(pods.length)
  })
})

describe('what is kept', () => {
  test('is nothing of an account without a complete list, of one that is paused, and of the demo', () => {
    const one = listed([podView()])
    const [part] = one.accounts
    const withPart = (over: object) => lastSnapshotsOf({ ...one, accounts: [{ ...part!, ...over }] })
    expect(withPart({})).toHaveLength(1)
    expect(withPart({ listedAtMs: null })).toEqual([])
    expect(withPart({ isListPartial: true })).toEqual([])
    expect(withPart({ entry: { ...part!.entry, isPaused: true } })).toEqual([])
    expect(withPart({ entry: { ...part!.entry, isDemo: true } })).toEqual([])
  })

  test('is of each account its own pods', () => {
    const accountSnapshots = ['a', 'b'].map((id) => ({
      entry: accountEntry({ id }),
      snapshot: snapshotOf([podView({ accountId: id, id: `pod-of-${id}` })], { accounts: [] }),
    }))
    const all = lastSnapshotsOf(mergeSnapshots(accountSnapshots, noBudgets, NOW_MS))
    expect(all.map(({ accountId, pods }) => [accountId, pods.map(({ id }) => id)])).toEqual([
      ['a', ['pod-of-a']],
      ['b', ['pod-of-b']],
    ])
  })

  test('has no more than what is shown: neither keys nor addresses nor texts of any length', () => {
    const last = kept([podView({ name: 'n'.repeat(5_000), statusReason: 's'.repeat(5_000) })])
    expect(last?.pods[0]).toMatchObject({ name: 'n'.repeat(300), statusReason: 's'.repeat(300) })
    expect(Object.keys(last?.pods[0] ?? {})).not.toContain('sshRoute')
  })

  test('is nothing of an account with more pods than can be read again', () => {
    const many = (count: number) => Array.from({ length: count }, (_, index) => podView({ id: `p${index}` }))
    expect(kept(many(2_000))?.pods).toHaveLength(2_000)
    expect(kept(many(2_001))).toBeNull()
  })

  test('is worth a write when something shown changed, not when only figures of the last list did', () => {
    const before = kept([podView()])!
    const now = (over: Partial<PodView>) => kept([podView(over)])!
    expect(isWorthSaving(undefined, before)).toBe(true)
    expect(isWorthSaving(before, { ...now({ utilPercent: 1, gpus: [] }), listedAtMs: NOW_MS })).toBe(false)
    expect(isWorthSaving(now({ activity: idleFor(5) }), now({ activity: idleFor(6) }))).toBe(false)
    for (const over of [{ name: 'x' }, { phase: 'stopped' }, { activity: idleFor(1) }] as const)
      expect(isWorthSaving(before, now(over))).toBe(true)
    expect(isWorthSaving(before, kept([])!)).toBe(true)
  })
})

describe('the file', () => {
  const good = lastSnapshotsOf(listed([podView(), podView({ id: 'pod-2', activity: idleFor(3) })]))[0]!
  const read = (...accounts: readonly unknown[]) => parseLastSnapshots({ version: 1, accounts })
  const withPod = (over: object) => ({ ...good, pods: [{ ...good.pods[0], ...over }] })

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['a list', [good]],
    ['another version', { version: 2, accounts: [good] }],
    ['no version', { accounts: [good] }],
    ['no accounts', { version: 1 }],
  ])('of %s has no pods', (_name, value) => expect(parseLastSnapshots(value)).toEqual([]))

  test.each<[string, unknown]>([
    ['a moment that no date can be', { ...good, listedAtMs: 9e15 }],
    ['a moment before 1970', { ...good, listedAtMs: -1 }],
    ['the key of another pod', { ...good, accountId: 'a/b' }],
    ['no account', { ...good, accountId: '' }],
    ['a pod twice', { ...good, pods: [good.pods[0], good.pods[0]] }],
    ['a phase that is none', withPod({ phase: 'owned' })],
    ['a name that is no text', withPod({ name: { toString: 'x' } })],
    ['an endless name', withPod({ name: 'x'.repeat(301) })],
    ['a start that no date can be', withPod({ startedAtMs: 1e300 })],
    ['a negative price', withPod({ costPerHourUsd: -5 })],
    ['a pod without its activity', withPod({ activity: undefined })],
  ])('leaves out an account with %s, and no other one', (_name, bad) => {
    expect(read(bad)).toEqual([])
    expect(read(bad, { ...good, accountId: 'other' })).toEqual([{ ...good, accountId: 'other' }])
  })

  test('leaves out an account that is there twice', () =>
    expect(read(good, { ...good, accountId: 'other' }, good)).toEqual([{ ...good, accountId: 'other' }]))

  test('adds nothing to a pod that a window would act on', () => {
    const [last] = read(withPod({ actions: ['stop'], sshRoute: 'direct', guard: {}, intent: { id: 'i' } }))
    expect(shownOf(last ?? null).snapshot.pods).toMatchObject([{ actions: [], sshRoute: null, intent: null }])
  })

  test('may hold anything: what is read can be shown, and is read again as it is', () => {
    const anything = fc.anything({ withNullPrototype: false })
    const mixed = fc.oneof(
      fc.record({ version: fc.constant(1), accounts: fc.array(anything) }),
      fc.dictionary(fc.constantFrom(...Object.keys(good)), anything).map((over) => ({
        version: 1,
        accounts: [{ ...good, ...over }],
      })),
      fc.dictionary(fc.constantFrom(...Object.keys(good.pods[0]!)), anything).map((over) => ({
        version: 1,
        accounts: [withPod(over)],
      })),
      anything,
    )
    fc.assert(
      fc.property(mixed, (value) => {
        const all = parseLastSnapshots(value)
        expect(parseLastSnapshots(lastSnapshotsFile(all))).toEqual(all)
        for (const last of all) {
          const account = waiting({ kind: 'connecting' }, { id: last.accountId })
          for (const pod of withLastSnapshot(account, last, 8.64e15).snapshot.pods)
            expect(podState(pod, last.listedAtMs).word).toEqual(expect.any(String))
          expect(new Date(last.listedAtMs).toISOString()).toMatch(/Z$/)
        }
      }),
    )
  })

  test('is dated by when the pods were listed, not by when it was written', () =>
    expect(good.listedAtMs).toBe(NOW_MS - 60 * MINUTE_MS))
})
