import { expect, test } from 'vitest'
import { MINUTE_MS, SECOND_MS } from '../../../src/core/base/time/time'
import { noBudgets } from '../../../src/core/money/money-view'
import type { LastSnapshot } from '../../../src/core/view/last-snapshot/last-snapshot-codec'
import { mergeSnapshots } from '../../../src/core/view/merge-snapshots'
import { emptySnapshot, type PodView } from '../../../src/core/view/snapshot'
import { createLastSnapshots } from '../../../src/main/account/last-snapshots'
import { createFakeClock } from '../../harness/base/fake-clock'
import { accountEntry, NOW_MS, podView, snapshotOf } from '../../harness/samples/pod-views'

/** The pods of each account; null: not listed yet. */
type Listed = Readonly<Record<string, readonly Partial<PodView>[] | null>>

function snapshotWith(listed: Listed, { listedAtMs = NOW_MS, isDemo = false } = {}) {
  const accountSnapshots = Object.entries(listed).map(([id, pods]) => ({
    entry: accountEntry({ id, isDemo }),
    snapshot:
      pods === null
        ? { ...emptySnapshot(NOW_MS, []), connection: { kind: 'connecting' } as const }
        : snapshotOf(
            pods.map((pod) => podView({ accountId: id, ...pod })),
            { accounts: [], listedAtMs },
          ),
  }))
  return mergeSnapshots(accountSnapshots, noBudgets, NOW_MS)
}

/** A folder over several runs. */
function folder() {
  const clock = createFakeClock()
  const disk = { accounts: [] as readonly LastSnapshot[], writes: 0, mayWrite: true }
  const start = () =>
    createLastSnapshots({
      clock,
      mayWrite: () => disk.mayWrite,
      store: {
        load: () => disk.accounts,
        save(accounts) {
          disk.writes += 1
          disk.accounts = accounts
          return true
        },
      },
    })
  const names = () =>
    Object.fromEntries(disk.accounts.map(({ accountId, pods }) => [accountId, pods.map(({ name }) => name)]))
  return { clock, disk, start, names }
}

test('the pods of a run are there in the next one, until the account is listed', () => {
  const { start } = folder()
  const first = start()
  expect(first.of('a')).toBeNull()
  first.follow(snapshotWith({ a: [{ name: 'llama' }], b: [{ name: 'mistral' }] }))
  first.save()

  const second = start()
  expect(second.of('a')?.pods).toMatchObject([{ name: 'llama' }])
  second.follow(snapshotWith({ a: [], b: null }))
  expect(second.of('a')).toBeNull()
  expect(second.of('b')?.pods).toMatchObject([{ name: 'mistral' }])
  // A new watch of an account that was listed begins with nothing.
  second.follow(snapshotWith({ a: null, b: null }))
  expect(second.of('a')).toBeNull()
})

test('an account that is never listed in a run keeps what was known of it', () => {
  const { start, names } = folder()
  const first = start()
  first.follow(snapshotWith({ a: [{ name: 'llama' }], b: [{ name: 'mistral' }] }))
  first.save()
  const second = start()
  second.follow(snapshotWith({ a: [{ name: 'phi' }], b: null }))
  second.save()
  expect(names()).toEqual({ a: ['phi'], b: ['mistral'] })
})

test('it is written once a minute at most, and only when something shown changed', () => {
  const { clock, disk, start } = folder()
  const last = start()
  const listAfter = (ms: number, pod: Partial<PodView>) => {
    clock.advance(ms)
    last.follow(snapshotWith({ a: [pod] }, { listedAtMs: clock.now().wallMs }))
    return disk.writes
  }
  expect(listAfter(15 * SECOND_MS, { name: 'one' })).toBe(0)
  expect(listAfter(45 * SECOND_MS, { name: 'one' })).toBe(1)
  expect(listAfter(15 * SECOND_MS, { name: 'two' })).toBe(1)
  expect(listAfter(45 * SECOND_MS, { name: 'two' })).toBe(2)
  for (let minute = 0; minute < 60; minute++)
    expect(listAfter(MINUTE_MS, { name: 'two', utilPercent: minute })).toBe(2)
  const { writes } = disk
  last.save()
  expect(disk.writes).toBe(writes + 1)
  expect(disk.accounts).toMatchObject([{ listedAtMs: clock.now().wallMs }])
  last.save()
  expect(disk.writes).toBe(writes + 1)
})

test('nothing is written where the folder is not ours to write, nor of a run that listed nothing', () => {
  const { clock, disk, start } = folder()
  const last = start()
  last.save()
  last.follow(snapshotWith({ a: null }))
  clock.advance(2 * MINUTE_MS)
  last.follow(snapshotWith({ a: null }))
  last.save()
  expect(disk.writes).toBe(0)
  disk.mayWrite = false
  last.follow(snapshotWith({ a: [{}] }))
  last.save()
  expect(disk.writes).toBe(0)
  disk.mayWrite = true
  last.save()
  expect(disk.writes).toBe(1)
})

test('nothing of the demo is kept, and it takes nothing away', () => {
  const { start, names } = folder()
  const last = start()
  last.follow(snapshotWith({ a: [{ name: 'llama' }] }))
  last.follow(snapshotWith({ demo: [{ name: 'toy' }] }, { isDemo: true }))
  last.follow(emptySnapshot(NOW_MS, []))
  last.save()
  expect(names()).toEqual({ a: ['llama'] })
})

test('an account that is removed or paused is erased at once, and does not come back', () => {
  const { start, names } = folder()
  const first = start()
  first.follow(snapshotWith({ a: [{ name: 'llama' }], b: [{ name: 'mistral' }] }))
  first.save()
  const second = start()
  second.follow(snapshotWith({ a: null, b: null }))
  second.forget('b')
  expect(names()).toEqual({ a: ['llama'] })
  expect(second.of('b')).toBeNull()
  second.save()
  expect(names()).toEqual({ a: ['llama'] })
  second.forget('a')
  second.follow(emptySnapshot(NOW_MS, []))
  second.save()
  expect(names()).toEqual({})
})

test('an account that is gone from the settings is left out with the next write', () => {
  const { start, names } = folder()
  const first = start()
  first.follow(snapshotWith({ a: [{ name: 'llama' }], b: [{ name: 'mistral' }] }))
  first.save()
  const second = start()
  second.follow(snapshotWith({ b: null }))
  second.save()
  expect(names()).toEqual({ b: ['mistral'] })
})
