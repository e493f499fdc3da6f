import { expect, test } from 'vitest'
import { fail, ok } from '../../../src/core/base/result'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../src/core/base/time/time'
import type { Settings } from '../../../src/core/settings/settings'
import { flushPromises } from '../../harness/base/fake-clock'
import { alertTitlesOf } from '../../harness/guard/guarded-monitor'
import { createMonitorFixture, type MonitorFixture } from '../../harness/monitor/monitor-fixture'
import { answerOf } from '../../harness/monitor/change-world'
import { providerError } from '../../harness/monitor/scripted-provider'
import { endpoint, serverlessPrices, workersIn } from '../../harness/samples/endpoints'
import { gpus, pod, telemetry } from '../../harness/samples/pods'

// See docs/product-rules.md#59-idle-serverless-workers.

const busyPod = pod({ telemetry: telemetry({ gpus: gpus(90) }) })

interface Watched extends MonitorFixture {
  readonly cloud: { minWorkers: number; isAnswerLost: boolean; readonly sent: string[] }
}

async function watched(more: Partial<Settings> = {}): Promise<Watched> {
  const settings = { pollActiveS: 60, pollIdleS: 60, hasActivityUnknownAlerts: false, ...more }
  const fixture = createMonitorFixture({ pods: [busyPod], settings })
  const cloud: Watched['cloud'] = { minWorkers: 1, isAnswerLost: false, sent: [] }
  const now = () => endpoint({ minWorkers: cloud.minWorkers })
  Object.assign(fixture.provider, {
    listEndpoints: async () => ok({ endpoints: [now()], isComplete: true }),
    readEndpoint: async () => ok(now()),
    listEndpointWorkers: async () => ok(workersIn('idle')),
    readServerlessPrices: async () => ok(serverlessPrices),
    async setMinimumToZero(id: string) {
      cloud.sent.push(id)
      cloud.minWorkers = 0
      return cloud.isAnswerLost ? fail(providerError('unreachable')) : ok(now())
    },
  } satisfies Partial<MonitorFixture['provider']>)
  fixture.monitor.start()
  await flushPromises()
  return { ...fixture, cloud }
}
const told = (fixture: MonitorFixture): string[] => alertTitlesOf(fixture, 'idle-endpoint')
const rows = ({ monitor }: MonitorFixture) => monitor.snapshot().endpoints?.endpoints

test('idle workers are alerted about once an hour has passed, again a day later, and cost nothing in the rate', async () => {
  const fixture = await watched()
  const { clock, monitor } = fixture
  const { burn } = monitor.snapshot()
  await clock.advanceAsync(HOUR_MS)
  expect(told(fixture)).toEqual([])
  await clock.advanceAsync(15 * MINUTE_MS)
  expect(told(fixture)).toEqual(['Idle serverless workers: image-generator'])
  expect(rows(fixture)).toMatchObject([{ perHourUsd: 1.1, activity: { kind: 'idle' } }])
  expect(monitor.snapshot().burn).toEqual(burn)
  await clock.advanceAsync(DAY_MS - HOUR_MS)
  expect(told(fixture)).toHaveLength(1)
  await clock.advanceAsync(HOUR_MS)
  expect(told(fixture)).toHaveLength(2)
})

test('an account whose switch is off has rows and no alert', async () => {
  const fixture = await watched({ hasIdleEndpointAlerts: false })
  await fixture.clock.advanceAsync(2 * HOUR_MS)
  expect([told(fixture), rows(fixture)?.length]).toEqual([[], 1])
})

test('a minimum that was set to 0 has no row and no alert, also where the answer was lost', async () => {
  const fixture = await watched()
  const { clock, monitor, cloud } = fixture
  await clock.advanceAsync(50 * MINUTE_MS)
  cloud.isAnswerLost = true
  const [shown] = rows(fixture) ?? []
  const result = await answerOf(monitor.setMinimumToZero(shown!, false), fixture)
  expect(result).toMatchObject({ kind: 'done' })
  expect([cloud.sent, rows(fixture)]).toEqual([['ep-1'], []])
  await clock.advanceAsync(2 * HOUR_MS)
  expect([told(fixture), rows(fixture), cloud.sent.length]).toEqual([[], [], 1])
})

test('an account without endpoints says nothing of them', async () => {
  const fixture = createMonitorFixture({ pods: [busyPod] })
  fixture.monitor.start()
  await fixture.clock.advanceAsync(2 * HOUR_MS)
  expect([fixture.monitor.snapshot().endpoints, told(fixture)]).toEqual([undefined, []])
  expect(await fixture.monitor.setMinimumToZero(endpoint(), false)).toMatchObject({ kind: 'refused' })
})
