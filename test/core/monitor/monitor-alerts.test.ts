import { describe, expect, test } from 'vitest'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../src/core/base/time/time'
import type { Pod } from '../../../src/core/pods/pod'
import type { ProviderErrorKind } from '../../../src/core/pods/provider'
import { flushPromises, START_MS } from '../../harness/base/fake-clock'
import {
  createMonitorFixture,
  type MonitorFixture,
  type MonitorFixtureOptions,
  podWithFreshTelemetry,
} from '../../harness/monitor/monitor-fixture'
import { gpus, pod, stoppedPod, telemetry } from '../../harness/samples/pods'
import { failure } from '../../harness/monitor/scripted-provider'

const TURN_MS = 60 * SECOND_MS
const busy = telemetry({ gpus: gpus(90) })
const creating = (over: Partial<Pod> = {}): Pod =>
  pod({ phase: 'creating', telemetry: null, startedAtMs: null, ...over })
const titles = ({ alerts }: MonitorFixture): string[] => alerts.map(({ title }) => title)

async function started(pods: readonly Pod[], options: MonitorFixtureOptions = {}): Promise<MonitorFixture> {
  const fixture = createMonitorFixture({ ...options, pods })
  fixture.monitor.start()
  await flushPromises()
  return fixture
}
/** The next polls show these pods. */
async function show(fixture: MonitorFixture, ...pods: Pod[]): Promise<void> {
  fixture.provider.pods = pods
  await fixture.clock.advanceAsync(TURN_MS)
}
function failFromNowOn(fixture: MonitorFixture, kind: ProviderErrorKind): void {
  fixture.provider.script.lists.push(...Array.from({ length: 200 }, () => () => failure(kind)))
}
const ready = (over: Partial<Pod> = {}): Pod => pod({ telemetry: busy, ...over })

describe('an alert about pods is shown', () => {
  test('when a pod that was creating is running', async () => {
    const fixture = await started([creating()])
    await show(fixture, ready())
    await show(fixture, ready())
    expect(titles(fixture)).toEqual(['trainer is ready'])
  })

  test('when a pod was creating for 15 observed minutes', async () => {
    const fixture = await started([creating()])
    await fixture.clock.advanceAsync(15 * MINUTE_MS - 1)
    expect(titles(fixture)).toEqual([])
    await fixture.clock.advanceAsync(15 * MINUTE_MS)
    expect(titles(fixture)).toEqual(['trainer is still not ready after 15 min'])
  })

  test('when a pod has an error, with the reason that Runpod gives', async () => {
    const fixture = await started([creating()])
    await show(fixture, pod({ phase: 'error', telemetry: null, statusReason: 'no space left' }))
    expect(fixture.alerts).toMatchObject([
      { title: 'trainer has an error', body: 'no space left. It still costs $2.00/hr.' },
    ])
  })

  test('when a pod is gone', async () => {
    const fixture = await started([ready()])
    await show(fixture)
    await show(fixture)
    expect(titles(fixture)).toEqual(['trainer is gone'])
  })

  test('for nothing that was already so at the first poll', async () => {
    const fixture = await started([
      ready(),
      stoppedPod({ id: 'pod-2' }),
      pod({ id: 'pod-3', phase: 'error' }),
    ])
    await fixture.clock.advanceAsync(HOUR_MS)
    expect([titles(fixture), fixture.auditEntries]).toEqual([[], []])
  })

  test('only in the log for what happened during a sleep', async () => {
    const fixture = await started([creating(), ready({ id: 'pod-2', name: 'other' })])
    fixture.monitor.suspend()
    fixture.clock.shiftWallClock(8 * HOUR_MS)
    fixture.provider.pods = [ready(), pod({ id: 'pod-2', name: 'other', phase: 'error', telemetry: null })]
    fixture.monitor.resume()
    await fixture.clock.advanceAsync(5 * MINUTE_MS)
    expect(titles(fixture)).toEqual([])
    expect(fixture.auditEntries.map(({ what, text }) => [what, text.slice(-58)])).toEqual([
      ['pod-ready', expect.stringMatching(/\(Not shown: it happened while Podkeeper wasn’t watching\.\)$/)],
      ['pod-error', expect.stringMatching(/\(Not shown: it happened while Podkeeper wasn’t watching\.\)$/)],
    ])
  })
})

describe('a suppression', () => {
  test('by quiet hours defers an alert until they end, across a restart', async () => {
    const now = new Date(START_MS)
    const clockTime = (ms: number): string => new Date(now.getTime() + ms).toTimeString().slice(0, 5)
    const settings = {
      pollActiveS: 60,
      hasActivityUnknownAlerts: false,
      quietHoursFrom: clockTime(-HOUR_MS),
      quietHoursTo: clockTime(2 * HOUR_MS),
    }
    const fixture = await started([creating()], { settings })
    await show(fixture, ready())
    expect(titles(fixture)).toEqual([])
    fixture.monitor.dispose()
    fixture.clock.restart('run-2')
    const next = await started([ready()], { settings, earlier: fixture })
    await next.clock.advanceAsync(HOUR_MS)
    expect(titles(next)).toEqual([])
    await next.clock.advanceAsync(2 * HOUR_MS)
    expect(titles(next)).toEqual(['trainer is ready'])
    await next.clock.advanceAsync(24 * HOUR_MS)
    expect(titles(next)).toHaveLength(1)
  })

  test('by a switch holds back one kind', async () => {
    const fixture = await started([creating()], { settings: { hasReadyAlerts: false } })
    await show(fixture, ready())
    await show(fixture)
    await show(fixture)
    expect(titles(fixture)).toEqual(['trainer is gone'])
  })

  test('leaves no alert about a pod that became ready half a day ago', async () => {
    const settings = { pollActiveS: 60, hasActivityUnknownAlerts: false }
    const fixture = await started([creating()], { settings })
    fixture.pause.untilMs = 1
    await show(fixture, ready())
    await fixture.clock.advanceAsync(12 * HOUR_MS)
    fixture.pause.untilMs = null
    await fixture.clock.advanceAsync(HOUR_MS)
    expect(titles(fixture)).toEqual([])
  })

  test('of an alert about a failed action ends with the pause, unless the pod reached the requested state', async () => {
    const fixture = await started([ready()], { settings: { hasActionAlerts: false } })
    fixture.provider.script.actions.push(() => failure('forbidden'))
    fixture.monitor.act('pod-1', 'stop')
    await fixture.clock.advanceAsync(MINUTE_MS)
    const told = fixture.auditEntries.filter(({ kind }) => kind === 'alert')
    expect(told.map(({ text }) => text)).toEqual([
      expect.stringMatching(/^trainer: stop failed\. .*\(Not shown: alerts of this kind are turned off\.\)$/),
    ])
    fixture.monitor.dispose()
    fixture.clock.restart('run-2')
    const next = await started([ready()], { earlier: fixture })
    expect(titles(next)).toEqual([])
    await show(next, stoppedPod())
    expect(titles(next)).toEqual([])
  })
})

describe('an alert about the connection is shown', () => {
  test('once after 5 minutes without a reply', async () => {
    const fixture = await started([ready()])
    failFromNowOn(fixture, 'unreachable')
    await fixture.clock.advanceAsync(5 * MINUTE_MS)
    expect(titles(fixture)).toEqual([])
    await fixture.clock.advanceAsync(2 * MINUTE_MS)
    expect(titles(fixture)).toEqual([expect.stringMatching(/^Runpod has been unreachable for [56] min$/)])
    await fixture.clock.advanceAsync(HOUR_MS)
    expect(titles(fixture)).toHaveLength(1)
  })

  test.each<[string, number | null]>([
    ['a minute', null],
    ['no wait', 0],
    ['20 minutes', 20 * MINUTE_MS],
    ['an hour', HOUR_MS],
  ])('once when every request gets a 429 that asks for %s', async (_, retryAfterMs) => {
    const fixture = await started([ready()])
    fixture.provider.listPods = async () => failure('rate-limited', { retryAfterMs })
    await fixture.clock.advanceAsync(10 * HOUR_MS)
    expect(titles(fixture)).toEqual([expect.stringMatching(/^Runpod has rate-limited every request for /)])
    expect(fixture.alerts[0]?.body).toMatch(
      /^Since \d\d:\d\d: too many requests for this key\. Your pods keep running, but Podkeeper can’t see or stop them\.$/,
    )
  })

  test('after 5 minutes of a 429 that asks for an hour, although no poll is due', async () => {
    const fixture = await started([ready()])
    fixture.provider.listPods = async () => failure('rate-limited', { retryAfterMs: HOUR_MS })
    const watch = async (ms: number): Promise<void> => {
      for (let passedMs = 0; passedMs < ms; passedMs += 15 * SECOND_MS) {
        await fixture.clock.advanceAsync(15 * SECOND_MS)
        fixture.monitor.checkWatchdog()
      }
    }
    await watch(5 * MINUTE_MS)
    expect(titles(fixture)).toEqual([])
    await watch(30 * SECOND_MS)
    expect(titles(fixture)).toEqual(['Runpod has rate-limited every request for 5 min'])
    await watch(3 * HOUR_MS)
    expect(titles(fixture)).toHaveLength(1)
  })

  test('of no outage while a short 429 comes and goes', async () => {
    const fixture = await started([ready()])
    const original = { ...fixture.provider }
    let polls = 0
    fixture.provider.listPods = async () => {
      polls += 1
      return polls % 3 === 0 ? original.listPods() : failure('rate-limited', { retryAfterMs: MINUTE_MS })
    }
    await fixture.clock.advanceAsync(10 * HOUR_MS)
    expect(polls).toBeGreaterThan(500)
    expect(titles(fixture)).toEqual([])
  })

  test('without counting a sleep in the middle of a wait that a 429 asks for', async () => {
    const fixture = await started([ready()])
    fixture.provider.listPods = async () => failure('rate-limited', { retryAfterMs: 10 * MINUTE_MS })
    await fixture.clock.advanceAsync(MINUTE_MS)
    fixture.monitor.checkWatchdog()
    fixture.clock.shiftWallClock(8 * HOUR_MS)
    fixture.monitor.checkWatchdog()
    await fixture.clock.advanceAsync(4 * MINUTE_MS)
    fixture.monitor.checkWatchdog()
    expect(titles(fixture)).toEqual([])
  })

  test('without counting the time that the computer slept', async () => {
    const fixture = await started([ready()])
    failFromNowOn(fixture, 'unreachable')
    await fixture.clock.advanceAsync(MINUTE_MS)
    fixture.monitor.suspend()
    fixture.clock.shiftWallClock(8 * HOUR_MS)
    fixture.monitor.resume()
    await fixture.clock.advanceAsync(4 * MINUTE_MS)
    expect(titles(fixture)).toEqual([])
  })

  test('when the key is refused, and after a pause even though no poll is scheduled', async () => {
    const fixture = await started([ready()])
    failFromNowOn(fixture, 'unauthorized')
    fixture.pause.untilMs = 1
    await fixture.clock.advanceAsync(10 * MINUTE_MS)
    expect(fixture.monitor.snapshot().connection.kind).toBe('key-refused')
    expect(titles(fixture)).toEqual([])
    fixture.pause.untilMs = null
    fixture.monitor.checkWatchdog()
    fixture.monitor.checkWatchdog()
    expect(titles(fixture)).toEqual(['Runpod rejected the API key'])
  })
})

describe('a system that shows no notifications', () => {
  test('is reported in the snapshot until one is shown', async () => {
    const fixture = await started([creating()])
    fixture.system.delivery = 'failed'
    await show(fixture, ready())
    expect(fixture.monitor.snapshot().obstacles).toMatchObject([
      { code: 'notifications', title: 'Notifications can’t be shown' },
    ])
    fixture.system.delivery = 'shown'
    await show(fixture, pod({ phase: 'error', telemetry: null }))
    expect(fixture.monitor.snapshot().obstacles).toEqual([])
  })
})

test('nothing is announced while another process sends alerts, and what still holds is afterwards', async () => {
  const fixture = createMonitorFixture()
  fixture.provider.pods = [podWithFreshTelemetry(fixture.clock, pod())]
  fixture.system.isActive = false
  fixture.monitor.start()
  await fixture.clock.advanceAsync(20 * MINUTE_MS)
  expect([titles(fixture), fixture.auditEntries, fixture.alertHistory.json]).toEqual([[], [], '{}'])
  fixture.system.isActive = true
  await fixture.clock.advanceAsync(MINUTE_MS)
  expect(titles(fixture)).toHaveLength(1)
})

describe('what is said of an account', () => {
  test.each([
    ['Hubify', /Runpod/],
    ['Runpod', /Hubify/],
  ])('at %s names that service, in alerts, log and obstacles', async (serviceName, other) => {
    const fixture = await started([stoppedPod()], { serviceName })
    expect(fixture.monitor.act(stoppedPod().id, 'start').ok).toBe(true)
    await fixture.clock.advanceAsync(MINUTE_MS)
    failFromNowOn(fixture, 'unreachable')
    await fixture.clock.advanceAsync(10 * MINUTE_MS)
    failFromNowOn(fixture, 'unauthorized')
    await fixture.clock.advanceAsync(200 * TURN_MS)
    const texts = [
      ...fixture.alerts.map(({ title, body }) => `${title}. ${body}`),
      ...fixture.auditEntries.map(({ text }) => text),
      ...fixture.monitor.snapshot().obstacles.map(({ title, why, help }) => `${title}: ${why} ${help}`),
    ]
    expect(texts.filter((text) => text.includes(serviceName)).length).toBeGreaterThan(3)
    expect(texts.filter((text) => other.test(text))).toEqual([])
  })
})
