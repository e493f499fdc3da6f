import { describe, expect, test } from 'vitest'
import type { Balance, PodList, ProviderError } from '../../src/core/pods/provider'
import { ok, type Result } from '../../src/core/base/result'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/core/base/time'
import { settle, START_MS } from '../harness/clock'
import { createMonitorRig, type MonitorRig } from '../harness/monitor'
import { pod, stoppedPod } from '../harness/pods'
import { deferred, failure } from '../harness/provider'

const lists = ({ log }: MonitorRig) => log.filter((line) => line === 'list').length
const snapshot = ({ monitor }: MonitorRig) => monitor.snapshot()

async function started(options: Parameters<typeof createMonitorRig>[0] = {}): Promise<MonitorRig> {
  const rig = createMonitorRig({ pods: [pod()], ...options })
  rig.monitor.start()
  await settle()
  return rig
}

describe('turns', () => {
  test('begin with the start, and with nothing before', async () => {
    const rig = createMonitorRig({ pods: [pod()] })
    expect(snapshot(rig)).toMatchObject({ connection: { kind: 'connecting' }, pods: [], pictureAtMs: null })
    await rig.clock.pass(HOUR_MS)
    rig.monitor.refresh()
    expect(rig.log).toEqual([])
    rig.monitor.start()
    rig.monitor.start()
    await settle()
    expect(rig.log).toEqual(['list'])
    expect(snapshot(rig)).toMatchObject({ connection: { kind: 'live' }, pictureAtMs: START_MS + HOUR_MS })
    expect(snapshot(rig).pods.map(({ id }) => id)).toEqual(['pod-1'])
  })

  test.each([
    ['a pod is running', [pod()], 15_000],
    ['a pod is creating', [stoppedPod(), pod({ id: 'new', phase: 'creating' })], 15_000],
    ['all are stopped', [stoppedPod()], 60_000],
    ['there are none', [], 60_000],
  ])('follow each other at their pace while %s', async (_, pods, everyMs) => {
    const rig = await started({ pods })
    for (let count = 1; count < 4; count++) {
      expect(rig.clock.pending()).toEqual([everyMs])
      expect(lists(rig)).toBe(count)
      await rig.clock.pass(everyMs)
    }
  })

  test('come slower when the quota says so', async () => {
    const rig = createMonitorRig({ pods: [pod()] })
    rig.provider.spacingMs = 40_000
    rig.monitor.start()
    await settle()
    expect(rig.clock.pending()).toEqual([40_000])
  })

  test('come one after the other: the next is planned when the last has ended', async () => {
    const rig = await started()
    const answer = deferred<Result<PodList, ProviderError>>()
    rig.provider.script.lists.push(() => answer.promise)
    await rig.clock.pass(15_000)
    await rig.clock.pass(10 * MINUTE_MS)
    expect(lists(rig)).toBe(2)
    expect(rig.clock.pending()).toEqual([])
    answer.resolve(ok({ pods: [pod()], isComplete: true }))
    await settle()
    expect(rig.clock.pending()).toEqual([15_000])
  })

  test('that fail leave the last good picture, with its age, and go on', async () => {
    const rig = await started()
    rig.provider.script.lists.push(() => failure('unreachable'))
    await rig.clock.pass(15_000)
    expect(snapshot(rig)).toMatchObject({
      connection: { kind: 'offline', sinceMs: START_MS + 15_000, nextTryAtMs: START_MS + 30_000 },
      pictureAtMs: START_MS,
    })
    expect(snapshot(rig).pods).toHaveLength(1)
    await rig.clock.pass(15_000)
    expect(snapshot(rig)).toMatchObject({ connection: { kind: 'live' }, pictureAtMs: START_MS + 30_000 })
  })

  test('that throw are told of, and go on', async () => {
    const rig = await started()
    rig.provider.script.lists.push(() => {
      throw new Error('out of cheese')
    })
    await rig.clock.pass(15_000)
    expect(snapshot(rig).connection).toMatchObject({
      kind: 'unreadable',
      failure: expect.stringContaining('out of cheese') as string,
    })
    await rig.clock.pass(15_000)
    expect(snapshot(rig).connection.kind).toBe('live')
  })

  test('each publish a whole snapshot, with a revision that rises', async () => {
    const rig = await started()
    await rig.clock.pass(2 * MINUTE_MS)
    const revisions = rig.published.map(({ revision }) => revision)
    expect(revisions.length).toBeGreaterThan(8)
    expect(revisions).toEqual([...new Set(revisions)].sort((a, b) => a - b))
    expect(rig.published.at(-1)).toBe(snapshot(rig))
  })
})

describe('a refused key', () => {
  test('is tried once more after 5 minutes, and then never by itself', async () => {
    const rig = await started()
    for (let times = 0; times < 3; times++) rig.provider.script.lists.push(() => failure('unauthorized'))
    await rig.clock.pass(15_000)
    expect(snapshot(rig).connection.kind).toBe('key-doubted')
    await rig.clock.pass(5 * MINUTE_MS - 1)
    expect(lists(rig)).toBe(2)
    await rig.clock.pass(1)
    expect(snapshot(rig).connection.kind).toBe('key-refused')
    await rig.clock.pass(DAY_MS)
    expect(lists(rig)).toBe(3)
    expect(snapshot(rig).pods).toHaveLength(1)
  })

  test('is tried when somebody asks, and taken back when it works again', async () => {
    const rig = await started()
    rig.provider.script.lists.push(
      () => failure('unauthorized'),
      () => failure('unauthorized'),
    )
    await rig.clock.pass(6 * MINUTE_MS)
    rig.monitor.refresh()
    await settle()
    expect(snapshot(rig).connection.kind).toBe('live')
    expect(rig.clock.pending()).toEqual([15_000])
  })
})

describe('a refresh', () => {
  test('makes a turn at once, and the next one follows at its pace', async () => {
    const rig = await started()
    await rig.clock.pass(5_000)
    rig.monitor.refresh()
    await settle()
    expect(lists(rig)).toBe(2)
    expect(rig.clock.pending()).toEqual([15_000])
  })

  test('during a turn leads to exactly one more, however often it is asked for', async () => {
    const rig = await started()
    const answer = deferred<Result<PodList, ProviderError>>()
    rig.provider.script.lists.push(() => answer.promise)
    rig.monitor.refresh()
    for (let times = 0; times < 5; times++) rig.monitor.refresh()
    answer.resolve(ok({ pods: [pod()], isComplete: true }))
    await settle()
    await rig.clock.pass(0)
    expect(lists(rig)).toBe(3)
    expect(rig.clock.pending()).toEqual([15_000])
  })
})

describe('a sleep', () => {
  test('ends the reads in flight and every wait; waking up leads to one poll, a moment later', async () => {
    const rig = await started()
    rig.monitor.suspend()
    expect(rig.log.at(-1)).toBe('abort')
    expect(rig.clock.pending()).toEqual([])
    rig.clock.moveWall(8 * HOUR_MS)
    rig.monitor.refresh()
    rig.monitor.resume()
    rig.monitor.resume()
    expect(rig.clock.pending()).toEqual([2_000])
    await rig.clock.pass(2_000)
    expect(lists(rig)).toBe(2)
    expect(rig.clock.pending()).toEqual([15_000])
  })

  test('leaves what was asked before it unanswered: no old figures, no outage that was none', async () => {
    for (const late of [ok({ pods: [stoppedPod()], isComplete: true }), failure('unreachable')]) {
      const rig = await started()
      const answer = deferred<Result<PodList, ProviderError>>()
      rig.provider.script.lists.push(() => answer.promise)
      rig.monitor.refresh()
      rig.monitor.suspend()
      rig.clock.moveWall(8 * HOUR_MS)
      rig.monitor.resume()
      answer.resolve(late)
      await settle()
      expect(snapshot(rig)).toMatchObject({ connection: { kind: 'live' }, pods: [{ phase: 'running' }] })
      expect(rig.clock.pending()).toEqual([2_000])
    }
  })

  test('does not stop the turns for good when the old read ends late', async () => {
    const rig = await started()
    const answer = deferred<Result<PodList, ProviderError>>()
    rig.provider.script.lists.push(() => answer.promise)
    rig.monitor.refresh()
    rig.monitor.suspend()
    rig.monitor.resume()
    await rig.clock.pass(MINUTE_MS)
    expect(lists(rig)).toBe(2)
    answer.resolve(failure('unreachable'))
    await settle()
    await rig.clock.pass(0)
    expect(lists(rig)).toBe(3)
    expect(rig.clock.pending()).toEqual([15_000])
  })
})

describe('the balance', () => {
  const known = (balanceUsd: number): Result<Balance, ProviderError> => ok({ balanceUsd, spendPerHourUsd: 1 })
  async function withBalances(...answers: (() => Result<Balance, ProviderError>)[]): Promise<MonitorRig> {
    const rig = createMonitorRig({ pods: [pod()] })
    const balances = [...answers]
    rig.provider.readBalance = () => {
      rig.log.push('balance')
      return Promise.resolve(balances.shift()?.() ?? known(0))
    }
    rig.monitor.start()
    await settle()
    return rig
  }
  const reads = (rig: MonitorRig) => rig.log.filter((line) => line === 'balance').length

  test('is not asked for where the provider cannot read it', async () => {
    expect(snapshot(await started()).balance).toEqual({ kind: 'not-asked' })
  })

  test('is read every 5 minutes, not with every list', async () => {
    const rig = await withBalances(
      () => known(20),
      () => known(10),
    )
    expect(snapshot(rig).balance).toEqual({ kind: 'known', usd: 20, spendPerHourUsd: 1, atMs: START_MS })
    await rig.clock.pass(5 * MINUTE_MS - 15_000)
    expect(reads(rig)).toBe(1)
    await rig.clock.pass(15_000)
    expect(reads(rig)).toBe(2)
    expect(snapshot(rig).balance).toMatchObject({ usd: 10 })
  })

  test('may be refused: it is said, the watch goes on, and it is tried again', async () => {
    const rig = await withBalances(() => failure('forbidden'))
    expect(snapshot(rig)).toMatchObject({
      connection: { kind: 'live' },
      balance: { kind: 'unavailable', reason: 'It said forbidden.' },
    })
    await rig.clock.pass(5 * MINUTE_MS)
    expect(reads(rig)).toBe(2)
  })

  test('that is slow to come is not asked for a second time meanwhile', async () => {
    const answer = deferred<Result<Balance, ProviderError>>()
    const rig = createMonitorRig({ pods: [pod()] })
    rig.provider.readBalance = () => {
      rig.log.push('balance')
      return answer.promise
    }
    rig.monitor.start()
    await rig.clock.pass(HOUR_MS)
    expect(reads(rig)).toBe(1)
    answer.resolve(known(7))
    await settle()
    expect(rig.published.at(-1)?.balance).toMatchObject({ usd: 7, atMs: START_MS })
  })

  test('whose endpoint is retired is never asked for again', async () => {
    const rig = await withBalances(() => failure('gone'))
    await rig.clock.pass(DAY_MS)
    expect(reads(rig)).toBe(1)
    expect(snapshot(rig).balance.kind).toBe('unavailable')
  }, 20_000)
})
