import { describe, expect, test } from 'vitest'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../src/core/base/time/time'
import { ok } from '../../../src/core/base/result'
import type { Pod } from '../../../src/core/pods/pod'
import { flushPromises, START_MS } from '../../harness/base/fake-clock'
import {
  alertTitlesOf,
  oneHourAutoStop,
  startGuardedMonitor,
  ticked,
} from '../../harness/guard/guarded-monitor'
import {
  createMonitorFixture,
  type MonitorFixture,
  type MonitorFixtureOptions,
} from '../../harness/monitor/monitor-fixture'
import { gpus, pod, stoppedPod, telemetry } from '../../harness/samples/pods'
import { failure } from '../../harness/monitor/scripted-provider'

// A running pod that was stopped, and not by this program. See docs/product-rules.md#61-kinds.

const settings = { pollActiveS: 60, pollIdleS: 60, hasActivityUnknownAlerts: false }
const busy = pod({ telemetry: telemetry({ gpus: gpus(90) }) })

async function started(options: MonitorFixtureOptions = {}): Promise<MonitorFixture> {
  const fixture = createMonitorFixture({ pods: [busy], settings, ...options })
  fixture.monitor.start()
  await flushPromises()
  return fixture
}
/** The next `polls` show this pod. */
async function show(fixture: MonitorFixture, shown: Pod, polls = 1): Promise<void> {
  fixture.provider.pods = [shown]
  await fixture.clock.advanceAsync(polls * MINUTE_MS)
}
const stops = (fixture: MonitorFixture): string[] => alertTitlesOf(fixture, 'pod-stopped')

describe('a running pod that something else stopped', () => {
  test('has one alert once two polls show it, which claims no reason, is in the log and on the card', async () => {
    const fixture = await started()
    await show(fixture, stoppedPod())
    expect(stops(fixture)).toEqual([])
    await show(fixture, stoppedPod(), 60)
    expect(fixture.alerts).toMatchObject([
      {
        key: { kind: 'pod-stopped', podId: 'pod-1', episode: String(busy.startedAtMs) },
        title: 'trainer was stopped',
        body: expect.stringMatching(
          /^Seen at .*, not by Podkeeper on this computer\. Someone may have stopped it, it may have been outbid or down for maintenance, or the balance ran out\. GPU use was 90% 1 min before\.$/,
        ),
        isCritical: false,
      },
    ])
    expect(fixture.auditEntries).toMatchObject([{ kind: 'alert', what: 'pod-stopped', podId: 'pod-1' }])
    expect(fixture.monitor.snapshot().pods[0]?.outsideStop).toEqual({
      atMs: START_MS + MINUTE_MS,
      reason: null,
      balanceUsd: null,
      last: { gpuPercent: 90, perHourUsd: busy.costPerHourUsd, beforeMs: MINUTE_MS },
    })
  })

  test('has a new alert for each run, and nothing on its card once it runs again', async () => {
    const fixture = await started()
    await show(fixture, stoppedPod(), 2)
    const again = { ...busy, startedAtMs: fixture.clock.now().wallMs }
    await show(fixture, again, 20)
    expect(fixture.monitor.snapshot().pods[0]).not.toHaveProperty('outsideStop')
    await show(fixture, stoppedPod({ startedAtMs: again.startedAtMs }), 2)
    expect(stops(fixture)).toEqual(['trainer was stopped', 'trainer was stopped'])
  })

  test('is told once after a sleep in which it was stopped', async () => {
    const fixture = await started()
    fixture.monitor.suspend()
    fixture.clock.shiftWallClock(8 * HOUR_MS)
    fixture.provider.pods = [stoppedPod()]
    fixture.monitor.resume()
    await fixture.clock.advanceAsync(HOUR_MS)
    expect(stops(fixture)).toEqual(['trainer was stopped'])
  })

  test('is told after the quiet hours in which it was stopped, by a program that was started meanwhile', async () => {
    const fixture = await started()
    fixture.pause.untilMs = 1
    await show(fixture, stoppedPod(), 5)
    fixture.monitor.dispose()
    fixture.clock.restart('run-2')
    const next = await started({ earlier: fixture, pods: [stoppedPod()] })
    await next.clock.advanceAsync(HOUR_MS)
    expect([stops(fixture), stops(next)]).toEqual([[], ['trainer was stopped']])
  })

  test.each([
    ['Outbid: Thu, 23 Jul 2099 10:00:00 GMT', 'Runpod says that it was outbid.'],
    ['Exited by RunPod: soon', 'Runpod says that it stopped the pod itself. It doesn’t say why.'],
    ['Exited by user: Thu Jul 23 2099 10:00:00 GMT+0000 (UTC)', 'Runpod says that a user stopped it.'],
    ['Outbid: Thu, 04 Jan 2001 10:00:00 GMT', 'Someone may have stopped it'],
    ['Rented by User: today', 'Someone may have stopped it'],
    ['Outbidding', 'Someone may have stopped it'],
  ])('has the reason that Runpod gives for this run, and no other: %s', async (change, text) => {
    const fixture = createMonitorFixture({ pods: [busy], settings })
    fixture.provider.readStatusChange = async (id) => {
      fixture.log.push(`change ${id}`)
      return ok(change)
    }
    fixture.monitor.start()
    await show(fixture, stoppedPod(), 60)
    expect(fixture.alerts.map(({ body }) => body)).toEqual([expect.stringContaining(text)])
    expect(fixture.log.filter((line) => line === 'change pod-1')).toHaveLength(1)
  })

  test.each([
    [-0.12, 'forbidden', / Your balance was −\$0\.12\. GPU use/],
    [0.5, 'forbidden', / Your balance was \$0\.50\. GPU use/],
    [
      0.5,
      'Exited by RunPod: soon',
      /stopped the pod itself\. It doesn’t say why\. Your balance was \$0\.50\./,
    ],
    [0.5, 'Outbid: soon', /was outbid\. GPU use/],
    [0.5, 'Exited by user: soon', /a user stopped it\. GPU use/],
    [500, 'forbidden', /the balance ran out\. GPU use/],
    [null, 'forbidden', /the balance ran out\. GPU use/],
  ])(
    'names a balance that was too low for another hour, unless another reason is known: %s, %s',
    async (balanceUsd, change, text) => {
      const fixture = createMonitorFixture({ pods: [{ ...busy, costPerHourUsd: 1 }], settings })
      fixture.provider.readStatusChange = async () =>
        change === 'forbidden' ? failure('forbidden') : ok(change)
      if (balanceUsd !== null)
        fixture.provider.readBalance = async () => ok({ balanceUsd, spendPerHourUsd: null })
      fixture.monitor.start()
      await flushPromises()
      await show(fixture, stoppedPod(), 60)
      expect(fixture.alerts.filter(({ key }) => key.kind === 'pod-stopped')).toMatchObject([
        { body: expect.stringMatching(text) },
      ])
    },
  )

  test('keeps the balance of when it was seen, whatever it is later', async () => {
    const fixture = createMonitorFixture({ pods: [busy], settings })
    let balanceUsd = 0.01
    fixture.provider.readBalance = async () => ok({ balanceUsd, spendPerHourUsd: null })
    fixture.monitor.start()
    await flushPromises()
    await show(fixture, stoppedPod(), 5)
    balanceUsd = 50
    await fixture.clock.advanceAsync(2 * HOUR_MS)
    expect(fixture.monitor.snapshot().pods[0]?.outsideStop).toMatchObject({ balanceUsd: 0.01 })
  })

  test.each([
    ['without telemetry', null],
    ['of which one GPU reports nothing', telemetry({ gpus: [...gpus(90), ...gpus(null)] })],
  ])('claims no use of a run %s', async (_, last) => {
    const fixture = createMonitorFixture({ pods: [{ ...busy, telemetry: last }], settings })
    fixture.monitor.start()
    await flushPromises()
    await show(fixture, stoppedPod(), 60)
    const bodies = fixture.alerts.filter(({ key }) => key.kind === 'pod-stopped').map(({ body }) => body)
    expect(bodies).toEqual([expect.stringMatching(/the balance ran out\.$/)])
  })
})

describe('there is no such alert', () => {
  test('for one poll in which a replica shows the pod as stopped, nor for two that are close to each other', async () => {
    const fixture = await started({ settings: { ...settings, pollActiveS: 15, pollIdleS: 15 } })
    for (let times = 0; times < 5; times += 1) {
      fixture.provider.pods = [stoppedPod()]
      await fixture.clock.advanceAsync((times % 2 === 0 ? 15 : 30) * SECOND_MS)
      fixture.provider.pods = [busy]
      await fixture.clock.advanceAsync(15 * SECOND_MS)
    }
    await fixture.clock.advanceAsync(HOUR_MS)
    expect(stops(fixture)).toEqual([])
  })

  test('for a pod that was stopped when it was first seen', async () => {
    const fixture = await started({ pods: [stoppedPod()] })
    await fixture.clock.advanceAsync(HOUR_MS)
    expect(stops(fixture)).toEqual([])
  })

  test('for a stop that a person asked for here, also one that is slow', async () => {
    const fixture = await started()
    fixture.monitor.act('pod-1', 'stop')
    await fixture.clock.advanceAsync(5 * MINUTE_MS)
    await show(fixture, stoppedPod(), 60)
    expect(stops(fixture)).toEqual([])
  })

  test('for an automatic stop', async () => {
    const fixture = await startGuardedMonitor({ guard: ticked(), settings: oneHourAutoStop })
    await fixture.clock.advanceAsync(3 * HOUR_MS)
    expect(alertTitlesOf(fixture, 'auto-stopped')).toHaveLength(1)
    expect(stops(fixture)).toEqual([])
  })

  test('for a stop by the guard in the pod, which has one of its own', async () => {
    const armedGuard = { startedAtMs: busy.startedAtMs ?? 0, idleLimitS: 3_600 }
    const fixture = await started({
      guard: { autoStop: 'off', pods: { 'pod-1': { podGuard: 'stop', armedGuard } } },
    })
    await show(fixture, stoppedPod(), 60)
    expect([stops(fixture), alertTitlesOf(fixture, 'guard-stopped')]).toEqual([[], ['trainer was stopped']])
  })

  test('for a stop by another program of this data folder, of which this one hears when it takes over', async () => {
    const other = await started()
    const fixture = await started({ clock: other.clock })
    fixture.system.isActive = false
    other.monitor.act('pod-1', 'stop')
    await other.clock.advanceAsync(10 * SECOND_MS)
    other.provider.pods = [stoppedPod()]
    await show(fixture, stoppedPod(), 5)
    const stopped = other.journal.records.at(-1)
    expect(stopped?.phase).toBe('observed')
    fixture.monitor.adopt(stopped === undefined ? [] : [stopped])
    fixture.system.isActive = true
    await fixture.clock.advanceAsync(HOUR_MS)
    expect(stops(fixture)).toEqual([])
  })
})
