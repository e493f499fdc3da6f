import { describe, expect, test } from 'vitest'
import type { AccountRules } from '../../../src/core/pod-rules/pod-rules'
import { withAccountRules } from '../../../src/core/pod-rules/pod-rules-codec'
import type { ProviderErrorKind } from '../../../src/core/pods/provider'
import type { Settings } from '../../../src/core/settings/settings'
import { ok } from '../../../src/core/base/result'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../src/core/base/time/time'
import {
  actionsSentBy,
  alertTitlesOf,
  oneHourAutoStop,
  startGuardedMonitor,
  stopStatusOf,
} from '../../harness/guard/guarded-monitor'
import { type MonitorFixture, podWithFreshTelemetry } from '../../harness/monitor/monitor-fixture'
import { gpus, pod, stoppedPod } from '../../harness/samples/pods'
import { failure } from '../../harness/monitor/scripted-provider'

/** An hour, the first poll that shows the pods, and the two after which the warnings are known to be delivered. */
const DUE_MS = HOUR_MS + 3 * MINUTE_MS + SECOND_MS

/** A started monitor of idle pods that may all be stopped; the first is the most expensive. */
async function startWith(ids: readonly string[], settings: Partial<Settings> = {}): Promise<MonitorFixture> {
  const rig = await startGuardedMonitor({
    guard: { autoStop: 'all', pods: {} },
    settings: { ...oneHourAutoStop, ...settings },
    pods: [],
  })
  rig.provider.pods = ids.map((id, index) =>
    podWithFreshTelemetry(rig.clock, pod({ id, name: id, costPerHourUsd: ids.length - index })),
  )
  return rig
}

/** Actions on these pods fail from now on, while `isFailing` says so. */
function failActions(
  rig: MonitorFixture,
  ids: readonly string[],
  kind: ProviderErrorKind,
  retryAfterMs: number | null = null,
): { isFailing: boolean } {
  const fault = { isFailing: true }
  const original = { ...rig.provider }
  rig.provider.act = async (id, action) => {
    if (!fault.isFailing || !ids.includes(id)) return original.act(id, action)
    rig.log.push(`${action} ${id}`)
    return failure(kind, { retryAfterMs })
  }
  return fault
}

const minutesBetween = (timesMs: readonly number[]): number[] =>
  timesMs.slice(1).map((ms, index) => Math.round((ms - (timesMs[index] ?? 0)) / MINUTE_MS))
const sentTimesMs = ({ journal }: MonitorFixture, podId: string): number[] =>
  journal.records
    .filter((record) => record.podId === podId && record.phase === 'sent')
    .map(({ sentAt }) => sentAt?.wallMs ?? 0)
const criticalTitles = ({ alerts }: MonitorFixture): string[] =>
  alerts.filter(({ key }) => key.kind === 'unable-to-act').map(({ title }) => title)

const failures: [ProviderErrorKind, number | null][] = [
  ['invalid', null],
  ['forbidden', null],
  ['conflict', null],
  ['rate-limited', 1_000],
]

test('an automatic stop that takes three minutes is first not confirmed, then announced as done, and sent once', async () => {
  const rig = await startWith(['slow'])
  rig.provider.act = async () => ok(null)
  await rig.clock.advanceAsync(DUE_MS)
  expect(sentTimesMs(rig, 'slow')).toHaveLength(1)
  await rig.clock.advanceAsync(3 * MINUTE_MS)
  expect(alertTitlesOf(rig, 'action-ended')).toEqual(['slow: automatic stop is not confirmed yet'])
  expect(alertTitlesOf(rig, 'auto-stopped')).toEqual([])
  rig.provider.pods = [stoppedPod({ id: 'slow', name: 'slow' })]
  await rig.clock.advanceAsync(HOUR_MS)
  expect(alertTitlesOf(rig, 'action-ended')).toHaveLength(1)
  expect(alertTitlesOf(rig, 'auto-stopped')).toEqual([expect.stringMatching(/^slow was stopped/)])
  expect(rig.journal.records.at(-1)?.phase).toBe('observed')
  expect(sentTimesMs(rig, 'slow')).toHaveLength(1)
})

describe('a pod whose stop keeps failing', () => {
  test.each(failures)('with %s never blocks another pod', async (kind, retryAfterMs) => {
    const rig = await startWith(['bad-1', 'bad-2', 'bad-3', 'bad-4'])
    failActions(rig, ['bad-1', 'bad-2', 'bad-3', 'bad-4'], kind, retryAfterMs)
    await rig.clock.advanceAsync(30 * MINUTE_MS)
    const good = podWithFreshTelemetry(rig.clock, pod({ id: 'good', name: 'good', costPerHourUsd: 0.1 }))
    rig.provider.pods = [...rig.provider.pods, good]
    await rig.clock.advanceAsync(DUE_MS + MINUTE_MS)
    expect(actionsSentBy(rig).filter((line) => line === 'stop good')).toEqual(['stop good'])
    expect(alertTitlesOf(rig, 'stops-waiting')).toEqual([])
  })

  test('is tried again after 5 min, 10, 20 … and at most 2 h', async () => {
    const rig = await startWith(['bad'])
    failActions(rig, ['bad'], 'invalid')
    await rig.clock.advanceAsync(12 * HOUR_MS)
    const [first, ...rest] = sentTimesMs(rig, 'bad')
    const gaps = minutesBetween([first ?? 0, ...rest])
    const shortest = [5, 10, 20, 40, 80, 120, 120, 120, 120]
    expect(gaps.slice(0, 5)).toHaveLength(5)
    for (const [index, gap] of gaps.entries()) {
      expect(gap).toBeGreaterThanOrEqual(shortest[index] ?? 120)
      expect(gap).toBeLessThanOrEqual((shortest[index] ?? 120) + 4)
    }
  })

  test('is not tried sooner than a 429 asks for', async () => {
    const rig = await startWith(['bad'])
    failActions(rig, ['bad'], 'rate-limited', HOUR_MS)
    await rig.clock.advanceAsync(DUE_MS + 59 * MINUTE_MS)
    expect(sentTimesMs(rig, 'bad')).toHaveLength(1)
    await rig.clock.advanceAsync(6 * MINUTE_MS)
    expect(sentTimesMs(rig, 'bad')).toHaveLength(2)
  })

  test('is tried once in each pause, after a new warning, although two rules make it due', async () => {
    const rig = await startWith(['bad'])
    const rules: AccountRules = { autoStop: 'all', pods: { bad: { maxHours: 2 } } }
    rig.guards.json = JSON.stringify(withAccountRules({}, 'account-1', rules))
    failActions(rig, ['bad'], 'invalid')
    await rig.clock.advanceAsync(DUE_MS + 3 * MINUTE_MS)
    expect(sentTimesMs(rig, 'bad')).toHaveLength(1)
    await rig.clock.advanceAsync(3 * HOUR_MS)
    const tries = rig.journal.records.filter(({ phase }) => phase === 'sent')
    expect(tries.length).toBeGreaterThanOrEqual(4)
    for (const [index, { origin, phaseAt }] of tries.entries()) {
      const kind = origin === 'max-hours' ? 'max-hours-soon' : 'auto-stop-soon'
      const isInTime = (atMs: number): boolean =>
        atMs > (tries[index - 1]?.phaseAt.wallMs ?? 0) && atMs <= phaseAt.wallMs - 5 * MINUTE_MS
      const warnings = rig.auditEntries.filter(({ what, atMs }) => what === kind && isInTime(atMs))
      expect(warnings.length, `before try ${index} for ${origin}`).toBeGreaterThanOrEqual(1)
    }
    expect(Math.min(...minutesBetween(sentTimesMs(rig, 'bad')))).toBeGreaterThanOrEqual(5)
  })

  test('is warned about anew before each try, at least 5 minutes ahead', async () => {
    const rig = await startWith(['bad'])
    failActions(rig, ['bad'], 'invalid')
    await rig.clock.advanceAsync(3 * HOUR_MS)
    const warnings = rig.log
      .map((line, index) => ({ line, index }))
      .filter(({ line }) => line.startsWith('show bad will be stopped in 5 min'))
    const stops = rig.log.map((line, index) => ({ line, index })).filter(({ line }) => line === 'stop bad')
    expect(stops.length).toBeGreaterThanOrEqual(4)
    for (const [index, stop] of stops.entries()) {
      const before = stops[index - 1]?.index ?? 0
      expect(warnings.filter((warning) => warning.index > before && warning.index < stop.index)).toHaveLength(
        1,
      )
    }
    const soon = rig.alerts.filter(({ key }) => key.kind === 'auto-stop-soon')
    expect(new Set(soon.map(({ key }) => key.episode)).size).toBe(soon.length)
    expect(soon.at(-1)?.body).toContain('The last attempt failed.')
  })

  test('is not tried again while the new warning cannot be delivered', async () => {
    const rig = await startWith(['bad'])
    failActions(rig, ['bad'], 'invalid')
    const original = { ...rig.provider }
    rig.provider.act = (id, action) => {
      rig.system.delivery = 'failed'
      return original.act(id, action)
    }
    await rig.clock.advanceAsync(DUE_MS + HOUR_MS)
    expect(sentTimesMs(rig, 'bad')).toHaveLength(1)
    rig.system.delivery = 'shown'
    await rig.clock.advanceAsync(25 * MINUTE_MS)
    expect(sentTimesMs(rig, 'bad')).toHaveLength(2)
  })

  test('has two alerts, and then reminders that become rare', async () => {
    const rig = await startWith(['bad'])
    failActions(rig, ['bad'], 'invalid')
    const alertsAfter = async (ms: number): Promise<number[]> => {
      await rig.clock.advanceAsync(ms)
      return [alertTitlesOf(rig, 'action-ended').length, criticalTitles(rig).length]
    }
    expect(await alertsAfter(DUE_MS)).toEqual([1, 0])
    expect(await alertsAfter(20 * MINUTE_MS)).toEqual([1, 1])
    expect(criticalTitles(rig)).toEqual(['bad could not be stopped automatically'])
    expect(await alertsAfter(2 * HOUR_MS)).toEqual([2, 1])
    expect(await alertsAfter(24 * HOUR_MS)).toEqual([4, 1])
    expect(sentTimesMs(rig, 'bad').length).toBeGreaterThanOrEqual(16)
  })

  test('shows why, and when the next try is', async () => {
    const rig = await startWith(['bad'])
    failActions(rig, ['bad'], 'invalid')
    await rig.clock.advanceAsync(DUE_MS)
    expect(stopStatusOf(rig)).toMatchObject({
      kind: 'blocked',
      conditions: ['retry-due'],
      text: expect.stringMatching(
        /^Not stopped, since the last attempt failed \(It said invalid\)\. The next one is at \d\d:\d\d\.$/,
      ) as string,
    })
    // A pause of 40 min, longer than the time of the first warning.
    await rig.clock.advanceAsync(HOUR_MS)
    expect(stopStatusOf(rig)).toMatchObject({
      kind: 'blocked',
      conditions: ['retry-due'],
      text: expect.stringContaining('the last 4 attempts failed') as string,
    })
  })

  test('is stopped at the next try once it works, and announced once', async () => {
    const rig = await startWith(['bad'])
    const fault = failActions(rig, ['bad'], 'invalid')
    await rig.clock.advanceAsync(DUE_MS + 10 * MINUTE_MS)
    fault.isFailing = false
    await rig.clock.advanceAsync(30 * MINUTE_MS)
    expect(alertTitlesOf(rig, 'auto-stopped')).toEqual(['bad was stopped automatically'])
    expect(sentTimesMs(rig, 'bad')).toHaveLength(3)
  })

  test('begins anew, with both warnings, after the pod was busy; its pause continues', async () => {
    const rig = await startWith(['bad'])
    failActions(rig, ['bad'], 'invalid')
    await rig.clock.advanceAsync(DUE_MS + MINUTE_MS)
    const idle = rig.provider.pods
    rig.provider.pods = [
      podWithFreshTelemetry(
        rig.clock,
        pod({ id: 'bad', name: 'bad', telemetry: { ...pod().telemetry!, gpus: gpus(80) } }),
      ),
    ]
    await rig.clock.advanceAsync(3 * MINUTE_MS)
    expect(stopStatusOf(rig)).toMatchObject({ kind: 'watching' })
    rig.provider.pods = idle
    await rig.clock.advanceAsync(DUE_MS + 2 * MINUTE_MS)
    expect(sentTimesMs(rig, 'bad')).toHaveLength(2)
    expect(alertTitlesOf(rig, 'auto-stop-soon')).toHaveLength(3 + 2)
  })

  test('after a restart of Podkeeper is warned about twice again', async () => {
    const rig = await startWith(['bad'])
    failActions(rig, ['bad'], 'invalid')
    await rig.clock.advanceAsync(DUE_MS)
    rig.monitor.dispose()
    rig.clock.restart('run-2')
    const next = await startGuardedMonitor({ earlier: rig })
    await next.clock.advanceAsync(HOUR_MS - MINUTE_MS)
    expect(sentTimesMs(next, 'bad')).toEqual([])
    expect(alertTitlesOf(next, 'auto-stop-soon')).toHaveLength(2)
  })
})

describe('the hourly limit', () => {
  test('lets the most expensive pods go first', async () => {
    const rig = await startWith([])
    const prices: Record<string, number | null> = { a: 1, b: null, c: 5, d: 3, e: 4 }
    rig.provider.pods = Object.entries(prices).map(([id, costPerHourUsd]) =>
      podWithFreshTelemetry(rig.clock, pod({ id, name: id, costPerHourUsd })),
    )
    await rig.clock.advanceAsync(DUE_MS + MINUTE_MS)
    expect(actionsSentBy(rig)).toEqual(['stop c', 'stop e', 'stop d'])
    await rig.clock.advanceAsync(HOUR_MS)
    expect(actionsSentBy(rig).slice(3)).toEqual(['stop a', 'stop b'])
  })

  test('offers once, critically, to stop all that wait', async () => {
    const rig = await startWith(['a', 'b', 'c', 'd', 'e'])
    await rig.clock.advanceAsync(DUE_MS + 2 * MINUTE_MS)
    const offers = rig.alerts.filter(({ key }) => key.kind === 'stops-waiting')
    expect(offers).toMatchObject([
      {
        title: '2 more pods are due to stop',
        body: 'The limit of 3 automatic stops an hour has been reached. Still running ($3.00/hr): d, e.',
        isCritical: true,
        buttons: ['stop-all'],
      },
    ])
    expect(rig.monitor.runAlertAction(offers[0]!.key, 'stop-all')).toEqual({ ok: true, value: 'done' })
    await rig.clock.advanceAsync(MINUTE_MS)
    expect(actionsSentBy(rig)).toEqual(['stop a', 'stop b', 'stop c', 'stop d', 'stop e'])
    expect(rig.journal.records.at(-1)).toMatchObject({ origin: 'person' })
    await rig.clock.advanceAsync(3 * HOUR_MS)
    expect(alertTitlesOf(rig, 'stops-waiting')).toHaveLength(1)
  })

  test.each<[string, (rig: MonitorFixture) => Promise<void>]>([
    ['no pod waits any more', async (rig) => rig.clock.advanceAsync(2 * HOUR_MS)],
    [
      'nothing was seen for longer than the gap',
      async (rig) => {
        rig.monitor.suspend()
        await rig.clock.advanceAsync(10 * MINUTE_MS)
      },
    ],
  ])('stops nothing by a button that is pressed when %s', async (_, pass) => {
    const rig = await startWith(['a', 'b', 'c', 'd'])
    await rig.clock.advanceAsync(DUE_MS + 2 * MINUTE_MS)
    const offer = rig.alerts.find(({ key }) => key.kind === 'stops-waiting')
    await pass(rig)
    const before = actionsSentBy(rig).length
    expect(rig.monitor.runAlertAction(offer!.key, 'stop-all')).toEqual({ ok: true, value: 'stale' })
    await rig.clock.advanceAsync(10 * SECOND_MS)
    expect(actionsSentBy(rig)).toHaveLength(before)
  })

  test('stops nothing by a button of another kind, account or episode', async () => {
    const rig = await startWith(['a', 'b', 'c', 'd'])
    await rig.clock.advanceAsync(DUE_MS + 2 * MINUTE_MS)
    const { key } = rig.alerts.find((alert) => alert.key.kind === 'stops-waiting')!
    for (const other of [{ kind: 'idle' as const }, { accountId: 'other' }, { episode: 'other' }])
      expect(rig.monitor.runAlertAction({ ...key, ...other }, 'stop-all')).toEqual({
        ok: true,
        value: 'stale',
      })
    await rig.clock.advanceAsync(10 * SECOND_MS)
    expect(actionsSentBy(rig)).toHaveLength(3)
  })

  test('makes pods that never failed go before a retry', async () => {
    const rig = await startWith(['slow', 'b', 'c', 'd'])
    const original = { ...rig.provider }
    // Accepted, and not done.
    rig.provider.act = async (id, action) => {
      if (id !== 'slow') return original.act(id, action)
      rig.log.push(`${action} ${id}`)
      return { ok: true, value: null }
    }
    await rig.clock.advanceAsync(DUE_MS + HOUR_MS + 5 * MINUTE_MS)
    const sent = actionsSentBy(rig)
    expect(sent.slice(0, 3)).toEqual(['stop slow', 'stop b', 'stop c'])
    expect(sent[3]).toBe('stop d')
  })
})

describe('a 403 on an automatic stop', () => {
  test('means that pod only: others are stopped, and the key is not called read-only', async () => {
    const rig = await startWith(['bad', 'good'])
    failActions(rig, ['bad'], 'forbidden')
    await rig.clock.advanceAsync(DUE_MS + MINUTE_MS)
    expect(actionsSentBy(rig)).toEqual(['stop bad', 'stop good'])
    expect(rig.monitor.snapshot().account?.isMonitorOnly).toBe(false)
  })

  test('is a critical alert, once, through quiet hours, and again after it was lifted and came back', async () => {
    const rig = await startWith(['bad'], { quietHoursFrom: '00:00', quietHoursTo: '23:59' })
    await rig.clock.advanceAsync(MINUTE_MS + SECOND_MS)
    rig.monitor.act('bad', 'restart')
    await rig.clock.advanceAsync(10 * SECOND_MS)
    const fault = failActions(rig, ['bad'], 'forbidden')
    await rig.clock.advanceAsync(3 * HOUR_MS)
    expect(criticalTitles(rig)).toEqual(['bad could not be stopped automatically'])
    expect(rig.alerts.find(({ key }) => key.kind === 'unable-to-act')).toMatchObject({
      isCritical: true,
      body: 'Runpod refused it: It said forbidden. It keeps running. Podkeeper keeps retrying, at growing intervals.',
    })
    fault.isFailing = false
    await rig.clock.advanceAsync(3 * HOUR_MS)
    expect(alertTitlesOf(rig, 'unable-to-act')).toHaveLength(1)
    expect(rig.monitor.snapshot().pods[0]?.phase).toBe('stopped')
    fault.isFailing = true
    const again = pod({ id: 'bad', name: 'bad', startedAtMs: rig.clock.now().wallMs })
    rig.provider.pods = [podWithFreshTelemetry(rig.clock, again)]
    await rig.clock.advanceAsync(3 * HOUR_MS)
    expect(criticalTitles(rig)).toHaveLength(2)
  })

  test('on every action is one alert about the key, which probably may only read', async () => {
    const rig = await startWith(['a', 'b', 'c', 'd'])
    failActions(rig, ['a', 'b', 'c', 'd'], 'forbidden')
    await rig.clock.advanceAsync(DUE_MS + MINUTE_MS)
    expect(actionsSentBy(rig)).toHaveLength(4)
    expect(criticalTitles(rig)).toEqual(['Automatic stops don’t work with this API key'])
    expect(alertTitlesOf(rig, 'action-ended')).toEqual([])
    expect(rig.monitor.snapshot().account?.isMonitorOnly).toBe(true)
  })

  test('counts no more once another action is accepted: the stops follow after a new warning', async () => {
    const rig = await startWith(['a', 'b'])
    const fault = failActions(rig, ['a', 'b'], 'forbidden')
    await rig.clock.advanceAsync(6 * HOUR_MS)
    const before = actionsSentBy(rig).length
    const warnings = alertTitlesOf(rig, 'auto-stop-soon').length
    fault.isFailing = false
    rig.monitor.act('b', 'restart')
    await rig.clock.advanceAsync(MINUTE_MS)
    expect(rig.monitor.snapshot().account?.isMonitorOnly).toBe(false)
    await rig.clock.advanceAsync(45 * MINUTE_MS)
    expect(actionsSentBy(rig).slice(before + 1)).toContain('stop a')
    expect(alertTitlesOf(rig, 'auto-stop-soon').length).toBeGreaterThan(warnings)
    expect(criticalTitles(rig)).toHaveLength(1)
  })

  test('that could not be announced is announced as soon as notifications work', async () => {
    const rig = await startWith(['bad'], { mayStopUnheard: true })
    failActions(rig, ['bad'], 'forbidden')
    rig.system.delivery = 'failed'
    await rig.clock.advanceAsync(2 * HOUR_MS)
    expect(criticalTitles(rig)).toEqual([])
    rig.system.delivery = 'shown'
    await rig.clock.advanceAsync(20 * MINUTE_MS)
    expect(criticalTitles(rig)).toHaveLength(1)
  })
})
