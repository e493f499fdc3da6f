import { expect, test } from 'vitest'
import { ok } from '../../../src/core/base/result'
import { HOUR_MS, MINUTE_MS } from '../../../src/core/base/time/time'
import type { CreateIntent } from '../../../src/core/creation/create-intent'
import { plannedVariables } from '../../../src/core/creation/create-plan'
import { type CloudPodRequest, RUN_ID_VARIABLE } from '../../../src/core/pods/pod-request'
import { gpuOffer } from '../../harness/samples/pod-forms'
import { createPlan } from '../../harness/monitor/create-world'
import { createMonitorFixture, type MonitorFixtureOptions } from '../../harness/monitor/monitor-fixture'
import { pod } from '../../harness/samples/pods'
import { failure } from '../../harness/monitor/scripted-provider'

/** A monitor whose cloud makes pods, with creates in memory. */
function createFixture(options: MonitorFixtureOptions = {}, reply: 'made' | 'none-free' = 'made') {
  const requests: CloudPodRequest[] = []
  const records: CreateIntent[] = []
  const cloud = { reply, priceUsd: 2 }
  const fixture = createMonitorFixture({
    pods: [pod()],
    creates: {
      journal: {
        record(create) {
          records.push(create)
          return ok(undefined)
        },
      },
      earlier: [],
    },
    ...options,
  })
  const { provider, clock } = fixture
  provider.createPod = async (request) => {
    requests.push(request)
    if (cloud.reply === 'none-free') return failure('no-capacity')
    const made = pod({
      id: 'made',
      name: request.name,
      phase: 'creating',
      telemetry: null,
      createdAtMs: clock.now().wallMs,
      runId: request.environment[RUN_ID_VARIABLE] ?? '',
    })
    provider.pods = [...provider.pods, made]
    return ok(made)
  }
  provider.listGpus = async () =>
    ok([gpuOffer('H100', { priceUsd: { SECURE: cloud.priceUsd, COMMUNITY: null } })])
  fixture.monitor.start()
  return { ...fixture, requests, records, cloud }
}

test('a created pod is listed, has its rules from the first minute, and is logged without values', async () => {
  const { monitor, clock, requests, records, auditEntries, published } = createFixture()
  await clock.advanceAsync(1_000)
  const environment = { TOKEN: 'canary-value' }
  const plan = createPlan(['H100'], {
    variables: plannedVariables(environment),
    rules: { maxHours: 8, isAutoStopped: true, keepOn: '1-hour' },
  })
  expect(monitor.createPod(plan, environment, false).ok).toBe(true)
  await clock.advanceAsync(10_000)
  const { pods, creates, guard } = monitor.snapshot()
  const made = pods.find(({ id }) => id === 'made')
  expect(made?.guard.rules).toMatchObject({ maxHours: 8, isAutoStopped: true })
  expect(made?.guard.keepOn).not.toBe(null)
  // Selecting this pod chooses selected pods, where nothing was chosen before.
  expect(guard.autoStop).toBe('ticked')
  expect(creates).toMatchObject([{ phase: 'observed', podId: 'made', name: 'night-train' }])
  expect(requests).toHaveLength(1)
  const texts = auditEntries.map(({ text }) => text)
  expect(texts).toContain('You requested the pod night-train: H100.')
  expect(texts).toContain('night-train was created.')
  expect(JSON.stringify([records, auditEntries, published])).not.toContain('canary-value')
})

test('while a create is under way the account is read often, and then as before', async () => {
  const { monitor, clock, log, cloud } = createFixture()
  await clock.advanceAsync(1_000)
  cloud.reply = 'none-free'
  monitor.createPod(createPlan(['H100'], { waitsForMs: 8 * HOUR_MS }), {}, false)
  await clock.advanceAsync(MINUTE_MS / 2)
  expect(monitor.snapshot().creates).toMatchObject([
    { phase: 'waiting', canCancel: true, isWaitingForCapacity: true },
  ])
  const before = log.filter((line) => line === 'list').length
  await clock.advanceAsync(MINUTE_MS / 4)
  expect(log.filter((line) => line === 'list').length - before).toBeLessThanOrEqual(2)
})

test('a create that waits is not sent above the price that was confirmed, and is once it is below', async () => {
  const { monitor, clock, cloud, requests, alerts } = createFixture({}, 'none-free')
  await clock.advanceAsync(1_000)
  monitor.createPod(createPlan(['H100'], { waitsForMs: 8 * HOUR_MS, maxPerHourUsd: 3 }), {}, false)
  await clock.advanceAsync(1_000)
  expect(requests).toHaveLength(1)
  cloud.reply = 'made'
  cloud.priceUsd = 3.5
  await clock.advanceAsync(30 * MINUTE_MS)
  expect(requests).toHaveLength(1)
  expect(monitor.snapshot().creates?.[0]?.message).toBe('H100 costs more than you confirmed.')
  cloud.priceUsd = 2
  await clock.advanceAsync(10 * MINUTE_MS)
  expect(requests).toHaveLength(2)
  expect(alerts.map(({ title }) => title)).toContain('night-train was created')
})

test('a create that waits ends when the budget is used up or the balance is too low for an hour', async () => {
  const { monitor, clock, provider, requests, cloud } = createFixture({}, 'none-free')
  provider.readBalance = async () => ok({ balanceUsd: 100, spendPerHourUsd: null })
  await clock.advanceAsync(1_000)
  monitor.createPod(createPlan(['H100'], { waitsForMs: 8 * HOUR_MS }), {}, false)
  await clock.advanceAsync(1_000)
  cloud.reply = 'made'
  provider.readBalance = async () => ok({ balanceUsd: 1, spendPerHourUsd: null })
  monitor.refresh()
  await clock.advanceAsync(10 * MINUTE_MS)
  expect(requests).toHaveLength(1)
  expect(monitor.snapshot().creates?.[0]).toMatchObject({
    phase: 'failed',
    message: expect.stringContaining('doesn’t cover one hour') as string,
  })
})

test('a program that keeps no creates, and an account that cannot create, say so and send nothing', async () => {
  const without = createMonitorFixture({ pods: [] })
  expect(without.monitor.createPod(createPlan(['H100']), {}, false)).toEqual({
    ok: false,
    error: 'Pods of this account can’t be created here.',
  })
  const { monitor, provider, records } = createFixture()
  delete provider.createPod
  expect(monitor.createPod(createPlan(['H100']), {}, false).ok).toBe(false)
  expect(records).toEqual([])
})
