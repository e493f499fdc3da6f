import { afterEach, expect, test } from 'vitest'
import { MINUTE_MS } from '../../../src/core/base/time'
import { createQueuePods } from '../../../src/core/queue-pods'
import { flushPromises } from '../../harness/clock'
import { createMonitorFixture, type MonitorFixture } from '../../harness/monitor'
import { pod } from '../../harness/pods'
import { failure } from '../../harness/provider'

let fixture: MonitorFixture | null = null
afterEach(() => fixture?.monitor.dispose())

async function started(isUnclear = false) {
  const created = createMonitorFixture({ pods: [pod()] })
  fixture = created
  const { monitor } = created
  const queuePods = createQueuePods(() => [{ accountId: 'account-1', monitor, isUnclear }])
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

test('a pod is read again, and stopped as by a person', async () => {
  const { created, queuePods } = await started()
  expect(await queuePods.refreshPod('account-1/pod-1')).toBe(true)
  expect(await queuePods.refreshPod('account-2/pod-1')).toBe(false)
  expect(queuePods.stopPod('account-1/pod-1')).toMatchObject({ ok: true })
  await created.clock.advanceAsync(10_000)
  expect(created.log).toContain('stop pod-1')
  expect(queuePods.stopPod('account-2/pod-1')).toMatchObject({ ok: false })
})
