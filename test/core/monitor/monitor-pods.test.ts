import { describe, expect, test } from 'vitest'
import type { Pod } from '../../../src/core/pods/pod'
import type { PodList, ProviderError } from '../../../src/core/pods/provider'
import { ok, type Result } from '../../../src/core/base/result'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../src/core/base/time/time'
import { flushPromises, START_MS } from '../../harness/base/fake-clock'
import {
  createMonitorFixture,
  type MonitorFixture,
  podWithFreshTelemetry,
} from '../../harness/monitor/monitor-fixture'
import { gpus, pod, stoppedPod, telemetry } from '../../harness/samples/pods'
import { deferred, failure } from '../../harness/monitor/scripted-provider'

const snapshot = ({ monitor }: MonitorFixture) => monitor.snapshot()
const gets = ({ log }: MonitorFixture) => log.filter((line) => line.startsWith('get')).length

async function started(options: Parameters<typeof createMonitorFixture>[0] = {}): Promise<MonitorFixture> {
  const fixture = createMonitorFixture({ pods: [pod()], ...options })
  fixture.monitor.start()
  await flushPromises()
  return fixture
}
/** A monitor over one pod with fresh figures. */
async function watching(base = pod(), earlier?: MonitorFixture): Promise<MonitorFixture> {
  const fixture = createMonitorFixture(earlier ? { earlier } : {})
  fixture.provider.pods = [podWithFreshTelemetry(fixture.clock, base)]
  fixture.monitor.start()
  await flushPromises()
  return fixture
}
const busyPod = pod({ telemetry: telemetry({ gpus: gpus(90) }) })

describe('a pod that leaves the list', () => {
  test('is read after two complete lists, and gone after a 404', async () => {
    const fixture = await started()
    fixture.provider.pods = []
    await fixture.clock.advanceAsync(15_000)
    expect(snapshot(fixture).pods).toHaveLength(1)
    expect(gets(fixture)).toBe(0)
    await fixture.clock.advanceAsync(15_000)
    expect(gets(fixture)).toBe(1)
    expect(snapshot(fixture)).toMatchObject({ pods: [], gonePods: [{ id: 'pod-1', how: 'vanished' }] })
    await fixture.clock.advanceAsync(DAY_MS)
    expect(snapshot(fixture).gonePods).toEqual([])
  })

  test('stays when the read finds it, or fails', async () => {
    const fixture = await started()
    fixture.provider.script.gets.push(
      () => ok(pod()),
      () => failure('unreachable'),
    )
    fixture.provider.pods = []
    await fixture.clock.advanceAsync(60_000)
    expect(gets(fixture)).toBe(2)
    expect(snapshot(fixture)).toMatchObject({ pods: [{ id: 'pod-1' }], gonePods: [] })
  })

  test('because of partial or failed lists is not read', async () => {
    const fixture = await started()
    fixture.provider.pods = []
    fixture.provider.isComplete = false
    fixture.provider.script.lists.push(
      () => failure('unreachable'),
      () => failure('unreadable'),
    )
    await fixture.clock.advanceAsync(10 * MINUTE_MS)
    expect(gets(fixture)).toBe(0)
    expect(snapshot(fixture)).toMatchObject({ pods: [{ id: 'pod-1' }], isListPartial: true })
  })

  test('together with many others does not use up the quota: ten are read per poll', async () => {
    const fixture = await started({
      pods: Array.from({ length: 25 }, (_, index) => pod({ id: `pod-${index}` })),
    })
    fixture.provider.pods = []
    await fixture.clock.advanceAsync(30_000)
    expect(gets(fixture)).toBe(10)
    await fixture.clock.advanceAsync(30_000)
    expect(snapshot(fixture)).toMatchObject({ pods: [], gonePods: { length: 25 } })
  })
})

describe('an idle pod', () => {
  test('causes one alert after 15 observed minutes, which is recorded before it is shown', async () => {
    const fixture = await watching()
    await fixture.clock.advanceAsync(15 * MINUTE_MS - 1)
    expect(fixture.alerts).toEqual([])
    expect(snapshot(fixture).idleCount).toBe(0)
    await fixture.clock.advanceAsync(1)
    expect(fixture.log.slice(-2)).toEqual(['save marks', 'show trainer has been idle for 15 min'])
    expect(snapshot(fixture)).toMatchObject({ idleCount: 1, pods: [{ idleCostUsd: 0.5 }] })
    await fixture.clock.advanceAsync(HOUR_MS - 15 * MINUTE_MS - 1)
    expect(fixture.alerts).toHaveLength(1)
    expect(fixture.log.filter((line) => line === 'save marks')).toHaveLength(1)
  })

  test('causes no alert while it is busy, nor for a night that was not observed', async () => {
    const fixture = await watching(busyPod)
    await fixture.clock.advanceAsync(HOUR_MS)
    fixture.provider.pods = [podWithFreshTelemetry(fixture.clock, pod())]
    await fixture.clock.advanceAsync(10 * MINUTE_MS)
    fixture.monitor.suspend()
    fixture.clock.advance(9 * HOUR_MS)
    fixture.monitor.resume()
    await fixture.clock.advanceAsync(10 * MINUTE_MS)
    expect(fixture.alerts).toEqual([])
    await fixture.clock.advanceAsync(6 * MINUTE_MS)
    expect(fixture.alerts).toHaveLength(1)
  })

  test('causes no further alert within 2 hours in the next run', async () => {
    const first = await watching()
    await first.clock.advanceAsync(15 * MINUTE_MS)
    expect(first.alerts).toHaveLength(1)
    first.monitor.dispose()
    // Longer than the gap, so that it is another episode.
    await first.clock.advanceAsync(10 * MINUTE_MS)
    first.clock.restart('run-2')
    const next = await watching(pod(), first)
    const told = () => next.alerts.filter(({ key }) => key.kind === 'idle')
    await next.clock.advanceAsync(HOUR_MS)
    expect(told()).toEqual([])
    await next.clock.advanceAsync(HOUR_MS)
    expect(told()).toHaveLength(1)
  })

  test('with stale figures causes no alert', async () => {
    const fixture = await started()
    await fixture.clock.advanceAsync(HOUR_MS)
    expect(fixture.alerts).toEqual([])
    expect(snapshot(fixture).pods[0]?.activity).toMatchObject({ kind: 'unknown', reason: 'uptime-stale' })
  })
})

describe('the snapshot', () => {
  test('contains the current rate, "at least" where a cost is missing', async () => {
    const fixture = await started({
      pods: [pod(), stoppedPod({ id: 'old' }), pod({ id: 'odd', costPerHourUsd: null })],
    })
    expect(snapshot(fixture).burn.isAtLeast).toBe(true)
    expect(snapshot(fixture).burn.perHourUsd).toBeCloseTo(2 + (100 * 0.2) / 720, 12)
  })

  test('contains a sparkline of each running pod', async () => {
    const fixture = await watching(busyPod)
    await fixture.clock.advanceAsync(MINUTE_MS)
    const [history] = fixture.monitor.histories(['pod-1'])
    expect(history?.podId).toBe('pod-1')
    expect(history?.points.at(-1)).toMatchObject({
      utilPercent: snapshot(fixture).pods[0]?.utilPercent,
      isIdle: false,
    })
  })

  test('contains the initial notices until they are dismissed', async () => {
    const fixture = await started({ openingNotices: ['The journal was damaged.', 'Odd settings.'] })
    const [first] = snapshot(fixture).notices
    expect(snapshot(fixture).notices.map(({ text }) => text)).toEqual([
      'The journal was damaged.',
      'Odd settings.',
    ])
    fixture.notices.dismiss(first?.id ?? '')
    expect(snapshot(fixture).notices.map(({ text }) => text)).toEqual(['Odd settings.'])
    await flushPromises()
    expect(fixture.published.at(-1)?.notices).toHaveLength(1)
  })

  test('is no longer sent to an unsubscribed listener', async () => {
    const fixture = createMonitorFixture()
    let count = 0
    const unsubscribe = fixture.monitor.subscribe(() => (count += 1))
    fixture.monitor.start()
    await flushPromises()
    const before = count
    expect(before).toBeGreaterThan(0)
    unsubscribe()
    await fixture.clock.advanceAsync(HOUR_MS)
    expect(count).toBe(before)
  })
})

describe('disposing of the monitor', () => {
  test('cancels all timers, aborts the reads, and stops publishing', async () => {
    const fixture = await started()
    const answer = deferred<Result<PodList, ProviderError>>()
    fixture.provider.script.lists.push(() => answer.promise)
    fixture.monitor.refresh()
    fixture.monitor.dispose()
    expect(fixture.log.at(-1)).toBe('abort')
    const before = fixture.published.length
    answer.resolve(ok({ pods: [], isComplete: true }))
    await flushPromises()
    fixture.monitor.refresh()
    fixture.monitor.resume()
    await fixture.clock.advanceAsync(DAY_MS)
    expect(fixture.clock.pendingDelaysMs()).toEqual([])
    expect(fixture.published).toHaveLength(before)
    expect(fixture.log.at(-1)).toBe('abort')
  })

  test('during a poll publishes nothing afterwards', async () => {
    const fixture = await watching()
    fixture.provider.pods = [podWithFreshTelemetry(fixture.clock, pod()), pod({ id: 'other' })]
    await fixture.clock.advanceAsync(15 * MINUTE_MS - 30_000)
    const answer = deferred<Result<Pod, ProviderError>>()
    fixture.provider.script.gets.push(() => answer.promise)
    fixture.provider.pods = fixture.provider.pods.slice(0, 1)
    await fixture.clock.advanceAsync(60_000)
    expect(gets(fixture)).toBe(1)
    fixture.monitor.dispose()
    answer.resolve(failure('unreachable'))
    await flushPromises()
    expect(fixture.alerts).toEqual([])
    expect(fixture.log).not.toContain('save marks')
  })
})

describe('while alerts are paused', () => {
  test('an idle pod is shown without an alert, which follows once after the pause', async () => {
    const fixture = createMonitorFixture({ settings: { idleAlertAfterMin: 1, bootMin: 0 } })
    fixture.provider.pods = [podWithFreshTelemetry(fixture.clock, pod())]
    fixture.pause.untilMs = START_MS + 60 * MINUTE_MS
    fixture.monitor.start()
    await fixture.clock.advanceAsync(10 * MINUTE_MS)
    expect(fixture.monitor.snapshot()).toMatchObject({
      idleCount: 1,
      alertsPausedUntilMs: fixture.pause.untilMs,
    })
    expect(fixture.alerts).toEqual([])
    fixture.pause.untilMs = null
    await fixture.clock.advanceAsync(10 * MINUTE_MS)
    expect(fixture.alerts).toHaveLength(1)
    expect(fixture.monitor.snapshot().alertsPausedUntilMs).toBeNull()
  })

  test('the outcome of an action is announced all the same', async () => {
    const fixture = createMonitorFixture({ pods: [pod()] })
    fixture.pause.untilMs = START_MS + 60 * MINUTE_MS
    fixture.monitor.start()
    fixture.provider.script.actions.push(() => failure('forbidden'))
    await fixture.clock.advanceAsync(0)
    fixture.monitor.act('pod-1', 'stop')
    await fixture.clock.advanceAsync(MINUTE_MS)
    expect(fixture.alerts).toHaveLength(1)
  })
})
