import { describe, expect, test } from 'vitest'
import { ok } from '../../../src/core/base/result'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../src/core/base/time/time'
import type { CreateStore } from '../../../src/core/creation/create-runner-types'
import type { Pod } from '../../../src/core/pods/pod'
import { RUN_ID_VARIABLE } from '../../../src/core/pods/pod-request'
import { flushPromises } from '../../harness/base/fake-clock'
import { alertTitlesOf } from '../../harness/guard/guarded-monitor'
import { createPlan } from '../../harness/monitor/create-world'
import {
  createMonitorFixture,
  type MonitorFixture,
  type MonitorFixtureOptions,
} from '../../harness/monitor/monitor-fixture'
import { gpus, pod, telemetry } from '../../harness/samples/pods'
import { failure } from '../../harness/monitor/scripted-provider'

// Pods that nothing of this installation created. See docs/product-rules.md#65-pods-created-elsewhere.

const settings = { pollActiveS: 60, pollIdleS: 60, hasActivityUnknownAlerts: false }
const busy = (over: Partial<Pod>): Pod => pod({ telemetry: telemetry({ gpus: gpus(90) }), ...over })
const own = busy({})
const stranger = busy({ id: 'stranger', name: 'miner', costPerHourUsd: 2.69 })
const strangers = (...ids: string[]): Pod[] => ids.map((id) => busy({ id, name: id, costPerHourUsd: 1 }))

async function started(options: MonitorFixtureOptions = {}): Promise<MonitorFixture> {
  const fixture = createMonitorFixture({ pods: [own], settings, watchesNewPods: true, ...options })
  fixture.monitor.start()
  await flushPromises()
  return fixture
}
async function show(fixture: MonitorFixture, pods: readonly Pod[], minutes = 1): Promise<void> {
  fixture.provider.pods = pods
  await fixture.clock.advanceAsync(minutes * MINUTE_MS)
}
const told = (fixture: MonitorFixture): string[] => alertTitlesOf(fixture, 'unrecognized-pods')
const markOf = ({ monitor }: MonitorFixture, id: string) =>
  monitor.snapshot().pods.find((one) => one.id === id)?.unrecognized

/** The same computer, later; Podkeeper did not run meanwhile. */
async function startedAfter(
  earlier: MonitorFixture,
  ms: number,
  options: MonitorFixtureOptions,
): Promise<MonitorFixture> {
  earlier.monitor.dispose()
  await earlier.clock.advanceAsync(ms)
  earlier.clock.restart('run-2')
  return started({ earlier, ...options })
}

describe('a pod that nothing here created', () => {
  test('has one alert with its price and a button, and a mark on its card', async () => {
    const fixture = await started()
    await show(fixture, [own, stranger], 120)
    expect(fixture.alerts).toMatchObject([
      {
        key: { kind: 'unrecognized-pods', podId: 'stranger' },
        title: 'miner appeared, not created by Podkeeper here',
        body: expect.stringMatching(
          /^1 × .* · \$2\.69\/hr · seen at .*\. If nobody you know created it, stop it and revoke your API keys in Runpod\.$/,
        ),
        isCritical: false,
        buttons: ['was-me'],
      },
    ])
    expect(markOf(fixture, 'stranger')).toMatchObject({ unwatchedSinceMs: null })
    expect(markOf(fixture, 'pod-1')).toBe(undefined)
  })

  test('is said within three minutes, and never again after a restart, a pause or its absence from a list', async () => {
    const fixture = await started()
    await show(fixture, [own, stranger], 3)
    expect(told(fixture)).toHaveLength(1)
    await show(fixture, [own])
    await show(fixture, [own, stranger], 60)
    expect(told(fixture)).toHaveLength(1)
    const next = await startedAfter(fixture, MINUTE_MS, { pods: [own, stranger] })
    await next.clock.advanceAsync(HOUR_MS)
    expect(told(next)).toEqual([])
    expect(markOf(next, 'stranger')).not.toBe(undefined)
  })

  test('has neither mark nor alert any more once the person recognized it, which is in the log', async () => {
    const fixture = await started()
    await show(fixture, [own, stranger], 3)
    expect(fixture.monitor.recognizePod('pod-1').ok).toBe(false)
    expect(fixture.monitor.recognizePod('stranger')).toEqual(ok(undefined))
    expect(markOf(fixture, 'stranger')).toBe(undefined)
    expect(fixture.auditEntries.at(-1)).toMatchObject({ what: 'recognized', podId: 'stranger' })
    const next = await startedAfter(fixture, 9 * DAY_MS, { pods: [own, stranger] })
    await next.clock.advanceAsync(HOUR_MS)
    expect([markOf(next, 'stranger'), told(next)]).toEqual([undefined, []])
  })

  test('is recognized by the button of its alert, which does nothing when it is pressed again', async () => {
    const fixture = await started()
    await show(fixture, [own, stranger], 3)
    const { key } = fixture.alerts[0]!
    expect(fixture.monitor.recognizeAppearance({ ...key, accountId: 'other' })).toBe(false)
    expect(fixture.monitor.recognizeAppearance(key)).toBe(true)
    expect(fixture.monitor.recognizeAppearance(key)).toBe(false)
  })

  test('without a price is said to have an unknown one', async () => {
    const fixture = await started()
    await show(fixture, [own, { ...stranger, costPerHourUsd: null }], 3)
    expect(fixture.alerts[0]?.body).toContain('price unknown')
  })

  test('that names a request of Podkeeper elsewhere is said to be perhaps from there', async () => {
    const fixture = await started()
    await show(fixture, [own, { ...stranger, runId: 'abcdef0123456789' }], 3)
    expect(fixture.alerts[0]?.body).toContain('Podkeeper on another computer')
  })
})

describe('no pod is called new', () => {
  test('of the first list, of one that is only partly new because the first was partial, or that was missing before', async () => {
    const fixture = await started({ pods: [own, stranger] })
    await show(fixture, [own], 5)
    await show(fixture, [own, stranger], 30)
    expect(told(fixture)).toEqual([])

    const partial = createMonitorFixture({ pods: [own], settings, watchesNewPods: true })
    partial.provider.isComplete = false
    partial.monitor.start()
    await partial.clock.advanceAsync(5 * MINUTE_MS)
    partial.provider.isComplete = true
    await show(partial, [own, stranger], 30)
    expect(told(partial)).toEqual([])
  })

  test('that only one list shows', async () => {
    const fixture = await started()
    await show(fixture, [own, stranger], 1)
    await show(fixture, [own], 30)
    expect(told(fixture)).toEqual([])
  })

  test('where that is turned off, also once it is turned on again', async () => {
    const fixture = await started({ settings: { ...settings, hasUnrecognizedPodAlerts: false } })
    await show(fixture, [own, stranger], 10)
    fixture.settings.now = settings
    await show(fixture, [own, stranger], 10)
    expect([told(fixture), markOf(fixture, 'stranger')]).toEqual([[], undefined])
    await show(fixture, [own, stranger, ...strangers('second')], 10)
    expect(told(fixture)).toHaveLength(1)
  })

  test('while a server watches the account, or another program acts', async () => {
    const fixture = await started()
    fixture.knownPods.isWatchedByServer = true
    await show(fixture, [own, stranger], 10)
    fixture.knownPods.isWatchedByServer = false
    await show(fixture, [own, stranger], 10)
    expect(told(fixture)).toEqual([])
    fixture.system.isActive = false
    await show(fixture, [own, stranger, ...strangers('second')], 5)
    expect([told(fixture), markOf(fixture, 'second')]).toEqual([[], undefined])
  })

  test('after Podkeeper did not run for more than a week', async () => {
    const fixture = await started()
    const next = await startedAfter(fixture, 8 * DAY_MS, { pods: [own, stranger] })
    await next.clock.advanceAsync(HOUR_MS)
    expect(told(next)).toEqual([])
  })
})

describe('pods that appeared while Podkeeper did not run', () => {
  test('have one alert, which says that and is not critical however many they are', async () => {
    const fixture = await started()
    const pods = [own, ...strangers('a', 'b', 'c', 'd')]
    const next = await startedAfter(fixture, 9 * HOUR_MS, { pods })
    await next.clock.advanceAsync(HOUR_MS)
    expect(next.alerts).toMatchObject([
      {
        title: '4 pods appeared while Podkeeper wasn’t watching',
        body: expect.stringMatching(/^a, b, c, d · \$4\.00\/hr · between .* and /),
        isCritical: false,
      },
    ])
  })

  test('during a sleep are said the same way', async () => {
    const fixture = await started()
    fixture.monitor.suspend()
    fixture.clock.shiftWallClock(8 * HOUR_MS)
    fixture.provider.pods = [own, stranger]
    fixture.monitor.resume()
    await fixture.clock.advanceAsync(HOUR_MS)
    expect(told(fixture)).toEqual(['miner appeared while Podkeeper wasn’t watching'])
  })
})

describe('several pods within minutes', () => {
  test('are one critical alert, also in quiet hours and when they come one by one', async () => {
    const fixture = await started()
    fixture.pause.untilMs = 1
    await show(fixture, [own, ...strangers('a', 'b', 'c')], 30)
    expect(fixture.alerts).toMatchObject([
      {
        title: '3 pods appeared within minutes, not created by Podkeeper here',
        isCritical: true,
        key: { podId: null },
      },
    ])
    const oneByOne = await started()
    await show(oneByOne, [own, ...strangers('a')], 3)
    await show(oneByOne, [own, ...strangers('a', 'b')], 3)
    await show(oneByOne, [own, ...strangers('a', 'b', 'c')], 60)
    expect(oneByOne.alerts.map(({ isCritical }) => isCritical)).toEqual([false, false, true])
    expect(oneByOne.alerts.at(-1)?.body).toContain('a, b, c · $3.00/hr')
  })

  test('are not critical as two pods, as the members of one cluster, or over an hour', async () => {
    const two = await started()
    await show(two, [own, ...strangers('a', 'b')], 30)
    const cluster = await started()
    const members = strangers('a', 'b', 'c', 'd').map((one) => ({ ...one, clusterId: 'cluster-1' }))
    await show(cluster, [own, ...members], 30)
    const slow = await started()
    for (const ids of [['a'], ['a', 'b'], ['a', 'b', 'c']]) await show(slow, [own, ...strangers(...ids)], 15)
    const all = [...two.alerts, ...cluster.alerts, ...slow.alerts]
    expect(all).toHaveLength(5)
    expect(all.filter(({ isCritical }) => isCritical)).toEqual([])
  })
})

describe('a pod that was created here', () => {
  const creates = (): CreateStore => ({ journal: { record: () => ok(undefined) }, earlier: [] })

  /** How the cloud answers a create that makes a pod; it names its request unless its environment is hidden. */
  async function created(reply: 'made' | 'lost', isHidden: boolean, appearsAfterMin = 0) {
    const fixture = await started({ creates: creates() })
    const { provider, clock } = fixture
    const made: Pod[] = []
    provider.createPod = async (request) => {
      const one = busy({
        id: 'made',
        name: request.name,
        createdAtMs: clock.now().wallMs,
        ...(isHidden ? { isEnvironmentHidden: true } : { runId: request.environment[RUN_ID_VARIABLE] ?? '' }),
      })
      made.push(one)
      if (appearsAfterMin === 0) provider.pods = [own, one]
      return reply === 'made' ? ok(one) : failure('unreachable')
    }
    expect(fixture.monitor.createPod(createPlan(['H100']), {}, false)).toMatchObject({ ok: true })
    await clock.advanceAsync(appearsAfterMin * MINUTE_MS)
    provider.pods = [own, ...made]
    await clock.advanceAsync(HOUR_MS)
    return fixture
  }

  test.each([
    ['made', false, 0],
    ['made', true, 0],
    ['lost', false, 0],
    ['lost', true, 0],
    ['lost', false, 30],
    ['lost', true, 12],
  ] as const)(
    'is never said: reply %s, hidden environment %s, after %i min',
    async (reply, isHidden, after) => {
      const fixture = await created(reply, isHidden, after)
      expect(fixture.monitor.snapshot().pods.map(({ id }) => id)).toContain('made')
      expect([told(fixture), markOf(fixture, 'made')]).toEqual([[], undefined])
    },
  )

  test('does not hide one that was not, while its create is still open', async () => {
    const fixture = await started({ creates: creates() })
    fixture.provider.createPod = async () => failure('no-capacity')
    fixture.monitor.createPod(createPlan(['H100'], { waitsForMs: 8 * HOUR_MS }), {}, false)
    await show(fixture, [own, stranger], 10)
    expect(told(fixture)).toEqual(['miner appeared, not created by Podkeeper here'])
  })
})
