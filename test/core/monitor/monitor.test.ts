import { describe, expect, test } from 'vitest'
import type { Balance, PodList, ProviderError } from '../../../src/core/pods/provider'
import { ok, type Result } from '../../../src/core/base/result'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../src/core/base/time/time'
import { takeFailedPolls } from '../../harness/setup/failed-polls'
import { flushPromises, START_MS } from '../../harness/base/fake-clock'
import { createMonitorFixture, type MonitorFixture } from '../../harness/monitor/monitor-fixture'
import { pod, stoppedPod } from '../../harness/samples/pods'
import { deferred, failure } from '../../harness/monitor/scripted-provider'

const lists = ({ log }: MonitorFixture) => log.filter((line) => line === 'list').length
const snapshot = ({ monitor }: MonitorFixture) => monitor.snapshot()

async function started(options: Parameters<typeof createMonitorFixture>[0] = {}): Promise<MonitorFixture> {
  const fixture = createMonitorFixture({ pods: [pod()], ...options })
  fixture.monitor.start()
  await flushPromises()
  return fixture
}

describe('polls', () => {
  test('start with the monitor, and not before', async () => {
    const fixture = createMonitorFixture({ pods: [pod()] })
    expect(snapshot(fixture)).toMatchObject({
      connection: { kind: 'connecting' },
      pods: [],
      listedAtMs: null,
    })
    await fixture.clock.advanceAsync(HOUR_MS)
    fixture.monitor.refresh()
    expect(fixture.log).toEqual([])
    fixture.monitor.start()
    fixture.monitor.start()
    await flushPromises()
    expect(fixture.log).toEqual(['list'])
    expect(snapshot(fixture)).toMatchObject({ connection: { kind: 'live' }, listedAtMs: START_MS + HOUR_MS })
    expect(snapshot(fixture).pods.map(({ id }) => id)).toEqual(['pod-1'])
  })

  test.each([
    ['a pod is running', [pod()], 15_000],
    ['a pod is creating', [stoppedPod(), pod({ id: 'new', phase: 'creating' })], 15_000],
    ['all are stopped', [stoppedPod()], 60_000],
    ['there are none', [], 60_000],
  ])('have the right interval while %s', async (_, pods, everyMs) => {
    const fixture = await started({ pods })
    for (let count = 1; count < 4; count++) {
      expect(fixture.clock.pendingDelaysMs()).toEqual([everyMs])
      expect(lists(fixture)).toBe(count)
      await fixture.clock.advanceAsync(everyMs)
    }
  })

  test('are less frequent when the quota demands it', async () => {
    const fixture = createMonitorFixture({ pods: [pod()] })
    fixture.provider.pollIntervalMs = 40_000
    fixture.monitor.start()
    await flushPromises()
    expect(fixture.clock.pendingDelaysMs()).toEqual([40_000])
  })

  test('run one after the other: the next is scheduled when the last has ended', async () => {
    const fixture = await started()
    const answer = deferred<Result<PodList, ProviderError>>()
    fixture.provider.script.lists.push(() => answer.promise)
    await fixture.clock.advanceAsync(15_000)
    await fixture.clock.advanceAsync(10 * MINUTE_MS)
    expect(lists(fixture)).toBe(2)
    expect(fixture.clock.pendingDelaysMs()).toEqual([])
    answer.resolve(ok({ pods: [pod()], isComplete: true }))
    await flushPromises()
    expect(fixture.clock.pendingDelaysMs()).toEqual([15_000])
  })

  test('that fail leave the last good data, with its age, and continue', async () => {
    const fixture = await started()
    fixture.provider.script.lists.push(() => failure('unreachable'))
    await fixture.clock.advanceAsync(15_000)
    expect(snapshot(fixture)).toMatchObject({
      connection: { kind: 'offline', sinceMs: START_MS + 15_000, nextTryAtMs: START_MS + 30_000 },
      listedAtMs: START_MS,
    })
    expect(snapshot(fixture).pods).toHaveLength(1)
    await fixture.clock.advanceAsync(15_000)
    expect(snapshot(fixture)).toMatchObject({ connection: { kind: 'live' }, listedAtMs: START_MS + 30_000 })
  })

  test('that throw are reported, and continue', async () => {
    const fixture = await started()
    fixture.provider.script.lists.push(() => {
      throw new Error('out of cheese')
    })
    await fixture.clock.advanceAsync(15_000)
    expect(snapshot(fixture).connection).toMatchObject({
      kind: 'unreadable',
      failure: expect.stringContaining('out of cheese') as string,
    })
    await fixture.clock.advanceAsync(15_000)
    expect(snapshot(fixture).connection.kind).toBe('live')
    expect(takeFailedPolls()).toEqual([new Error('out of cheese')])
  })

  test('each publish a whole snapshot, with an increasing revision', async () => {
    const fixture = await started()
    await fixture.clock.advanceAsync(2 * MINUTE_MS)
    const revisions = fixture.published.map(({ revision }) => revision)
    expect(revisions.length).toBeGreaterThan(8)
    expect(revisions).toEqual([...new Set(revisions)].sort((a, b) => a - b))
    expect(fixture.published.at(-1)).toBe(snapshot(fixture))
  })
})

describe('a refused key', () => {
  test('is tried again after 5 minutes, and then again and again', async () => {
    const fixture = await started()
    for (let times = 0; times < 28; times++) fixture.provider.script.lists.push(() => failure('unauthorized'))
    await fixture.clock.advanceAsync(15_000)
    expect(snapshot(fixture).connection.kind).toBe('key-doubted')
    await fixture.clock.advanceAsync(5 * MINUTE_MS - 1)
    expect(lists(fixture)).toBe(2)
    await fixture.clock.advanceAsync(1)
    expect(snapshot(fixture).connection.kind).toBe('key-refused')
    await fixture.clock.advanceAsync(21 * MINUTE_MS)
    expect(lists(fixture)).toBe(6)
    await fixture.clock.advanceAsync(DAY_MS - HOUR_MS)
    expect(lists(fixture)).toBe(29)
    expect(snapshot(fixture)).toMatchObject({ connection: { kind: 'key-refused' }, pods: [{ id: 'pod-1' }] })
    await fixture.clock.advanceAsync(HOUR_MS)
    expect(snapshot(fixture).connection.kind).toBe('live')
  })

  test('is tried every 15 minutes while a rule may stop a pod that was last seen running', async () => {
    const fixture = await started({ guard: { autoStop: 'all', pods: {} } })
    for (let times = 0; times < 100; times++)
      fixture.provider.script.lists.push(() => failure('unauthorized'))
    await fixture.clock.advanceAsync(HOUR_MS)
    const before = lists(fixture)
    await fixture.clock.advanceAsync(4 * HOUR_MS)
    expect(lists(fixture)).toBe(before + 16)
  })

  test('is tried when the user refreshes, and no longer refused when it works again', async () => {
    const fixture = await started()
    fixture.provider.script.lists.push(
      () => failure('unauthorized'),
      () => failure('unauthorized'),
    )
    await fixture.clock.advanceAsync(6 * MINUTE_MS)
    fixture.monitor.refresh()
    await flushPromises()
    expect(snapshot(fixture).connection.kind).toBe('live')
    expect(fixture.clock.pendingDelaysMs()).toEqual([15_000])
  })
})

describe('a refresh', () => {
  test('polls immediately, and the next poll follows at its interval', async () => {
    const fixture = await started()
    await fixture.clock.advanceAsync(5_000)
    fixture.monitor.refresh()
    await flushPromises()
    expect(lists(fixture)).toBe(2)
    expect(fixture.clock.pendingDelaysMs()).toEqual([15_000])
  })

  test('during a poll leads to exactly one more, however often it is requested', async () => {
    const fixture = await started()
    const answer = deferred<Result<PodList, ProviderError>>()
    fixture.provider.script.lists.push(() => answer.promise)
    fixture.monitor.refresh()
    for (let times = 0; times < 5; times++) fixture.monitor.refresh()
    answer.resolve(ok({ pods: [pod()], isComplete: true }))
    await flushPromises()
    await fixture.clock.advanceAsync(0)
    expect(lists(fixture)).toBe(3)
    expect(fixture.clock.pendingDelaysMs()).toEqual([15_000])
  })
})

describe('a sleep', () => {
  test('aborts reads and timers, and waking up leads to one poll a moment later', async () => {
    const fixture = await started()
    fixture.monitor.suspend()
    expect(fixture.log.at(-1)).toBe('abort')
    expect(fixture.clock.pendingDelaysMs()).toEqual([])
    fixture.clock.shiftWallClock(8 * HOUR_MS)
    fixture.monitor.refresh()
    fixture.monitor.resume()
    fixture.monitor.resume()
    expect(fixture.clock.pendingDelaysMs()).toEqual([2_000])
    await fixture.clock.advanceAsync(2_000)
    expect(lists(fixture)).toBe(2)
    expect(fixture.clock.pendingDelaysMs()).toEqual([15_000])
  })

  test('discards earlier requests: no old figures and no false outage', async () => {
    for (const late of [ok({ pods: [stoppedPod()], isComplete: true }), failure('unreachable')]) {
      const fixture = await started()
      const answer = deferred<Result<PodList, ProviderError>>()
      fixture.provider.script.lists.push(() => answer.promise)
      fixture.monitor.refresh()
      fixture.monitor.suspend()
      fixture.clock.shiftWallClock(8 * HOUR_MS)
      fixture.monitor.resume()
      answer.resolve(late)
      await flushPromises()
      expect(snapshot(fixture)).toMatchObject({ connection: { kind: 'live' }, pods: [{ phase: 'running' }] })
      expect(fixture.clock.pendingDelaysMs()).toEqual([2_000])
    }
  })

  test('does not end polling for good when the old read ends late', async () => {
    const fixture = await started()
    const answer = deferred<Result<PodList, ProviderError>>()
    fixture.provider.script.lists.push(() => answer.promise)
    fixture.monitor.refresh()
    fixture.monitor.suspend()
    fixture.monitor.resume()
    await fixture.clock.advanceAsync(MINUTE_MS)
    expect(lists(fixture)).toBe(2)
    answer.resolve(failure('unreachable'))
    await flushPromises()
    await fixture.clock.advanceAsync(0)
    expect(lists(fixture)).toBe(3)
    expect(fixture.clock.pendingDelaysMs()).toEqual([15_000])
  })
})

describe('the balance', () => {
  const known = (balanceUsd: number): Result<Balance, ProviderError> => ok({ balanceUsd, spendPerHourUsd: 1 })
  async function withBalances(...answers: (() => Result<Balance, ProviderError>)[]): Promise<MonitorFixture> {
    const fixture = createMonitorFixture({ pods: [pod()] })
    const balances = [...answers]
    fixture.provider.readBalance = () => {
      fixture.log.push('balance')
      return Promise.resolve(balances.shift()?.() ?? known(0))
    }
    fixture.monitor.start()
    await flushPromises()
    return fixture
  }
  const reads = (fixture: MonitorFixture) => fixture.log.filter((line) => line === 'balance').length

  test('is not requested where the provider cannot read it', async () => {
    expect(snapshot(await started()).balance).toEqual({ kind: 'not-asked' })
  })

  test('is read every 5 minutes, not with every list', async () => {
    const fixture = await withBalances(
      () => known(20),
      () => known(10),
    )
    expect(snapshot(fixture).balance).toEqual({ kind: 'known', usd: 20, spendPerHourUsd: 1, atMs: START_MS })
    await fixture.clock.advanceAsync(5 * MINUTE_MS - 15_000)
    expect(reads(fixture)).toBe(1)
    await fixture.clock.advanceAsync(15_000)
    expect(reads(fixture)).toBe(2)
    expect(snapshot(fixture).balance).toMatchObject({ usd: 10 })
  })

  test('may be refused, which is reported, while polling continues and it is tried again', async () => {
    const fixture = await withBalances(() => failure('forbidden'))
    expect(snapshot(fixture)).toMatchObject({
      connection: { kind: 'live' },
      balance: { kind: 'unavailable', reason: 'It said forbidden.' },
    })
    await fixture.clock.advanceAsync(5 * MINUTE_MS)
    expect(reads(fixture)).toBe(2)
  })

  test('that arrives slowly is not requested a second time meanwhile', async () => {
    const answer = deferred<Result<Balance, ProviderError>>()
    const fixture = createMonitorFixture({ pods: [pod()] })
    fixture.provider.readBalance = () => {
      fixture.log.push('balance')
      return answer.promise
    }
    fixture.monitor.start()
    await fixture.clock.advanceAsync(HOUR_MS)
    expect(reads(fixture)).toBe(1)
    answer.resolve(known(7))
    await flushPromises()
    expect(fixture.published.at(-1)?.balance).toMatchObject({ usd: 7, atMs: START_MS })
  })

  test('whose endpoint is retired is never requested again', async () => {
    const fixture = await withBalances(() => failure('gone'))
    await fixture.clock.advanceAsync(DAY_MS)
    expect(reads(fixture)).toBe(1)
    expect(snapshot(fixture).balance.kind).toBe('unavailable')
  })
})

test.each([
  [
    'a listener',
    (fixture: ReturnType<typeof createMonitorFixture>) =>
      void fixture.monitor.subscribe(() => {
        throw new Error('broken')
      }),
  ],
  [
    'the balance',
    ({ provider }: ReturnType<typeof createMonitorFixture>) =>
      void (provider.readBalance = () => Promise.reject(new Error('broken'))),
  ],
  [
    'the time of the next poll by the quota',
    ({ provider }: ReturnType<typeof createMonitorFixture>) => {
      let calls = 0
      provider.minPollIntervalMs = () => {
        // A poll asks, and then its end.
        if ((calls += 1) > 1) throw new Error('broken')
        return 0
      }
    },
  ],
])('an error in %s fails the test that caused it, unless that takes it', async (_, breakIt) => {
  const fixture = createMonitorFixture({ pods: [pod()] })
  breakIt(fixture)
  fixture.monitor.start()
  await fixture.clock.advanceAsync(60_000)
  expect(takeFailedPolls()).not.toEqual([])
})
