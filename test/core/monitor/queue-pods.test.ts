import { afterEach, expect, test } from 'vitest'
import { ok } from '../../../src/core/base/result'
import { MINUTE_MS } from '../../../src/core/base/time/time'
import { createQueuePods } from '../../../src/core/monitor/queue-pods'
import { startGuardedMonitor } from '../../harness/guard/guarded-monitor'
import { flushPromises } from '../../harness/base/fake-clock'
import { createMonitorFixture, type MonitorFixture } from '../../harness/monitor/monitor-fixture'
import { pod } from '../../harness/samples/pods'
import { failure } from '../../harness/monitor/scripted-provider'

let fixture: MonitorFixture | null = null
afterEach(() => fixture?.monitor.dispose())

async function started(isUnclear = false, addedAtMs: number | null = null) {
  const created = createMonitorFixture({ pods: [pod()] })
  fixture = created
  const { monitor } = created
  const queuePods = createQueuePods(() => [
    { accountId: 'account-1', monitor, isUnclear, addedAtMs, provider: null },
  ])
  monitor.start()
  await flushPromises()
  return { created, monitor, queuePods }
}

test('a pod is seen as its account observes it, with its action under way', async () => {
  const { created, monitor, queuePods } = await started()
  expect(queuePods.pods()).toMatchObject([
    { key: 'account-1/pod-1', isObserved: true, hasOpenAction: false, isShownElsewhere: false },
  ])
  monitor.act('pod-1', 'stop')
  expect(queuePods.pods()[0]?.hasOpenAction).toBe(true)
  created.provider.listPods = async () => failure('unreachable')
  await created.clock.advanceAsync(10 * MINUTE_MS)
  expect(queuePods.pods()[0]?.isObserved).toBe(false)
})

test('a pod says when its account was added, where that is known', async () => {
  const before = await started()
  expect(before.queuePods.pods()[0]).not.toHaveProperty('accountAddedAtMs')
  before.monitor.dispose()
  const { queuePods } = await started(false, 5)
  expect(queuePods.pods()[0]).toMatchObject({ accountAddedAtMs: 5 })
})

test('nothing is observed of an account that may be another one', async () => {
  const { queuePods } = await started(true)
  expect(queuePods.pods()[0]?.isObserved).toBe(false)
})

test('a pod is gone after complete lists without it, never because lists fail or its account is not watched', async () => {
  const { created, queuePods } = await started()
  const isGone = () => queuePods.isGone('account-1/other')
  expect([isGone(), queuePods.isGone('account-2/pod-1'), queuePods.isGone('account-1/pod-1')]).toEqual([
    false,
    false,
    false,
  ])
  for (let times = 0; times < 20; times += 1) isGone()
  expect(isGone()).toBe(false)
  const listed = await created.provider.listPods()
  created.provider.listPods = async () => failure('unreachable')
  for (let polls = 0; polls < 10; polls += 1) {
    await created.clock.advanceAsync(2 * MINUTE_MS)
    expect(isGone()).toBe(false)
  }
  created.provider.listPods = async () => listed
  let times = 0
  while (!isGone() && times < 100) {
    await created.clock.advanceAsync(MINUTE_MS)
    times += 1
  }
  expect(times).toBeGreaterThan(1)
  expect(isGone()).toBe(true)
})

/** A pod that was there before this program began, and that no list has. */
async function missing(isUnclear = false) {
  const { created, queuePods } = await started(isUnclear)
  const key = 'account-1/other'
  async function isGoneAfter(lists: number): Promise<boolean> {
    for (let done = 0; done < lists; done += 1) {
      queuePods.pods()
      queuePods.isGone(key)
      await created.clock.advanceAsync(MINUTE_MS)
    }
    return queuePods.isGone(key)
  }
  return { created, isGoneAfter }
}

test('a pod that no list has is gone once the service says that there is none', async () => {
  const { created, isGoneAfter } = await missing()
  created.provider.script.gets.push(() => failure('unreachable'))
  expect(await isGoneAfter(4)).toBe(false)
  expect(created.log).toContain('get other')
  expect(await isGoneAfter(2)).toBe(true)
})

test('a pod that no list has is not gone while the service still knows it', async () => {
  const { created, isGoneAfter } = await missing()
  created.provider.getPod = async () => ok(pod({ id: 'other' }))
  expect(await isGoneAfter(20)).toBe(false)
})

test('a pod that is listed again is not gone, whatever was known before', async () => {
  const fixtures = [[], [pod({ id: 'other' })], []].map((pods) => createMonitorFixture({ pods }))
  let current = fixtures[0]!
  const queuePods = createQueuePods(() => [
    { accountId: 'account-1', monitor: current.monitor, isUnclear: false, addedAtMs: null, provider: null },
  ])
  const isGone: boolean[] = []
  for (const one of fixtures) {
    current = one
    if (one === fixtures[2]) one.provider.getPod = async () => failure('unreachable')
    one.monitor.start()
    for (let lists = 0; lists < 10; lists += 1) {
      await one.clock.advanceAsync(MINUTE_MS)
      queuePods.pods()
      queuePods.isGone('account-1/other')
    }
    isGone.push(queuePods.isGone('account-1/other'))
    one.monitor.dispose()
  }
  expect(isGone).toEqual([true, false, false])
})

test('no pod is gone from an account that may be another one', async () => {
  const { isGoneAfter } = await missing(true)
  expect(await isGoneAfter(20)).toBe(false)
})

test('a pod is read again, and stopped as by a person', async () => {
  const { created, queuePods } = await started()
  expect(await queuePods.refreshPod('account-1/pod-1')).toBe(true)
  expect(await queuePods.refreshPod('account-2/pod-1')).toBe(false)
  expect(queuePods.stopPod('account-1/pod-1')).toMatchObject({ ok: true })
  await created.clock.advanceAsync(10_000)
  expect(created.log).toContain('stop pod-1')
  expect(queuePods.stopPod('account-2/pod-1')).toMatchObject({ ok: false })
})

test('all that waits in a lab is listed, in front what an idle pod could run, whether or not one is idle', async () => {
  const rig = await startGuardedMonitor()
  const experiment = { title: 'e', priority: 'normal', createdAtMs: 1 } as const
  rig.provider.readLabSpending = async () => ok({ totalUsd: 1, isOfMonth: true, runningUsd: null })
  rig.provider.listQueuedExperiments = async () =>
    ok([
      { ...experiment, id: 'other', computeMode: 'CPU' },
      { ...experiment, id: 'fits', computeMode: 'A100' },
    ])
  const { monitor } = rig
  const queuePods = createQueuePods(() => [
    { accountId: 'lab', monitor, isUnclear: false, addedAtMs: null, provider: null },
  ])
  const listed = () => queuePods.experiments().map(({ id, fitsIdlePod }) => [id, fitsIdlePod])
  await rig.clock.advanceAsync(3 * MINUTE_MS)
  expect(listed()).toEqual([
    ['fits', false],
    ['other', false],
  ])
  await rig.clock.advanceAsync(30 * MINUTE_MS)
  expect(listed()).toEqual([
    ['fits', true],
    ['other', false],
  ])
})
