import { expect, test } from 'vitest'
import { createLabPoller } from '../../../src/core/money/lab-poller'
import { fittingExperiments } from '../../../src/core/pods/labs/experiment-fit'
import type { LabSpending, Provider, ProviderError, QueuedExperiment } from '../../../src/core/pods/provider'
import { fail, ok, type Result } from '../../../src/core/base/result'
import { MINUTE_MS, SECOND_MS } from '../../../src/core/base/time/time'
import { createFakeClock } from '../../harness/base/fake-clock'
import { providerError } from '../../harness/monitor/scripted-provider'
import { startGuardedMonitor } from '../../harness/guard/guarded-monitor'

const experiment = (id: string, over: Partial<QueuedExperiment> = {}): QueuedExperiment => ({
  id,
  title: `Experiment ${id}`,
  computeMode: 'H200',
  priority: 'normal',
  createdAtMs: 1,
  ...over,
})

function labOf(minIntervalMs = 0) {
  const clock = createFakeClock()
  const calls: string[] = []
  const replies: { spending: Result<LabSpending, ProviderError> } = {
    spending: ok({ totalUsd: 12, isOfMonth: false, runningUsd: 3 }),
  }
  const provider: Pick<Provider, 'readLabSpending' | 'listQueuedExperiments' | 'minPollIntervalMs'> = {
    async readLabSpending() {
      calls.push('spending')
      return replies.spending
    },
    async listQueuedExperiments() {
      calls.push('queue')
      return ok([experiment('a')])
    },
    minPollIntervalMs: () => minIntervalMs,
  }
  let changes = 0
  const poller = createLabPoller({ provider, clock, onChange: () => (changes += 1) })
  return { clock, calls, replies, poller, changes: () => changes }
}

test('a lab’s spending and queue are read each 15 min, and no queue by what ends with its first list', async () => {
  const { clock, calls, poller } = labOf()
  for (let minute = 0; minute < 46; minute += 1) {
    await poller.read(false)
    clock.advance(MINUTE_MS)
    if (minute === 0) expect(calls).toEqual(['spending'])
  }
  expect(calls).toEqual(['spending', 'queue', 'spending', 'queue', 'spending', 'queue', 'spending'])
  expect(poller.view()).toMatchObject({
    spending: { value: { totalUsd: 12, isOfMonth: false, runningUsd: 3 } },
    queue: { value: [{ id: 'a' }] },
  })
  const atOnce = labOf()
  await atOnce.poller.read(true)
  expect(atOnce.calls).toEqual(['spending', 'queue'])
})

test('a lab is read more rarely where the quota is tight, whoever asks', async () => {
  const { clock, calls, poller } = labOf(173 * SECOND_MS)
  for (let minute = 0; minute < 60; minute += 1) {
    poller.expire()
    await poller.read(false)
    clock.advance(MINUTE_MS)
  }
  // Each 28.8 min.
  expect(calls).toEqual(['spending', 'queue', 'spending', 'queue', 'spending', 'queue'])
})

test('a person who asks gets a newer reading, at most each minute', async () => {
  const { clock, calls, poller } = labOf()
  await poller.read(true)
  poller.expire()
  await poller.read(true)
  expect(calls).toEqual(['spending', 'queue'])
  clock.advance(MINUTE_MS)
  await poller.read(true)
  expect(calls).toEqual(['spending', 'queue', 'spending', 'queue'])
})

test('what could not be read stays as it was, and a route that is gone is asked for no more', async () => {
  const { clock, calls, replies, poller } = labOf()
  await poller.read(false)
  replies.spending = fail(providerError('unreachable'))
  clock.advance(15 * MINUTE_MS)
  await poller.read(false)
  expect(poller.view().spending?.value.totalUsd).toBe(12)
  replies.spending = fail(providerError('gone'))
  for (let times = 0; times < 3; times += 1) {
    clock.advance(15 * MINUTE_MS)
    await poller.read(false)
  }
  expect(poller.view().spending).toBeNull()
  expect(calls.filter((call) => call === 'spending')).toHaveLength(3)
})

test('a provider without labs is never asked, and its snapshot says nothing of them', async () => {
  const rig = await startGuardedMonitor()
  await rig.clock.advanceAsync(20 * MINUTE_MS)
  expect(rig.monitor.snapshot()).not.toHaveProperty('lab')
})

test('a lab’s snapshot has its spending and its queue', async () => {
  const rig = await startGuardedMonitor()
  rig.provider.readLabSpending = async () => ok({ totalUsd: 1, isOfMonth: true, runningUsd: null })
  rig.provider.listQueuedExperiments = async () => ok([experiment('a')])
  await rig.clock.advanceAsync(10 * MINUTE_MS)
  expect(rig.monitor.snapshot()).toMatchObject({ lab: { spending: { value: { totalUsd: 1 } } } })
  expect(rig.monitor.snapshot().lab?.queue?.value).toHaveLength(1)
})

test('the experiments that fit an idle pod are suggested by priority, then the oldest', () => {
  const queue = [
    experiment('low', { priority: 'low' }),
    experiment('new', { createdAtMs: 9 }),
    experiment('old', { createdAtMs: 2 }),
    experiment('undated', { createdAtMs: null }),
    experiment('urgent', { priority: 'critical', createdAtMs: 99 }),
    experiment('cpu', { computeMode: 'CPU' }),
    experiment('a100', { computeMode: 'A100' }),
    experiment('unknown', { computeMode: null }),
    experiment('empty', { computeMode: '' }),
  ]
  const idsFor = (gpuName: string | null): string[] => fittingExperiments(queue, gpuName).map(({ id }) => id)
  expect(idsFor('H200 SXM')).toEqual(['urgent', 'old', 'new', 'undated', 'low'])
  expect(idsFor('h200')).toHaveLength(5)
  expect(idsFor('A100 SXM')).toEqual(['a100'])
  expect(idsFor('H200NVL')).toEqual([])
  expect(idsFor('H20')).toEqual([])
  expect(idsFor(null)).toEqual(['cpu'])
})
