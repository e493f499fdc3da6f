import { describe, expect, test } from 'vitest'
import { serviceAlerts } from '../../../src/core/guard/policy/service-alerts'
import type { ManagedPod } from '../../../src/core/pods/pod'
import { HOUR_MS, MINUTE_MS } from '../../../src/core/base/time/time'
import { defaultSettings } from '../../../src/core/settings/settings'
import { nextStops } from '../../../src/core/view/stops/next-stops'
import { START_MS } from '../../harness/base/fake-clock'
import { actionsSentBy, alertTitlesOf, startGuardedMonitor } from '../../harness/guard/guarded-monitor'
import { pod } from '../../harness/samples/pods'

const managed = (over: Partial<ManagedPod>): { readonly managed: ManagedPod } => ({
  managed: { cloudPodId: null, idleMinutes: null, stopsAtMs: null, terminatesAtMs: null, ...over },
})
const kind = 'service-terminates-soon'

describe('a pod that its service terminates at its maximum runtime', () => {
  const terminatesAtMs = START_MS + HOUR_MS

  test('is warned of once, half an hour before, through quiet hours', async () => {
    const rig = await startGuardedMonitor({
      pod: managed({ terminatesAtMs }),
      settings: { quietHoursFrom: '00:00', quietHoursTo: '23:59' },
    })
    await rig.clock.advanceAsync(28 * MINUTE_MS)
    expect(alertTitlesOf(rig, kind)).toEqual([])
    await rig.clock.advanceAsync(40 * MINUTE_MS)
    expect(alertTitlesOf(rig, kind)).toEqual(['Hubify terminates trainer in 30 min'])
    const [alert] = rig.alerts.filter(({ key }) => key.kind === kind)
    expect(alert).toMatchObject({ isCritical: true, buttons: [] })
    expect(alert?.body).toContain('Sync its results first')
    expect(alert?.body).toContain('its volume is kept for 7 days')
  })

  test('is warned of although it is kept on, and nothing is done about it', async () => {
    const rig = await startGuardedMonitor({ pod: managed({ terminatesAtMs }) })
    rig.monitor.keepOn('pod-1', 'until-told')
    await rig.clock.advanceAsync(40 * MINUTE_MS)
    expect(alertTitlesOf(rig, kind)).toHaveLength(1)
    expect(actionsSentBy(rig)).toEqual([])
  })

  test('is warned of once for each run, however its time moves', () => {
    const episodes = [0, 3, 7].map(
      (moved) =>
        serviceAlerts(
          'a',
          pod(managed({ terminatesAtMs: terminatesAtMs + moved * MINUTE_MS })),
          START_MS + 50 * MINUTE_MS,
        )[0]?.key.episode,
    )
    expect(new Set(episodes).size).toBe(1)
    const [other] = serviceAlerts(
      'a',
      pod({ ...managed({ terminatesAtMs }), startedAtMs: START_MS }),
      START_MS + 50 * MINUTE_MS,
    )
    expect(other?.key.episode).not.toBe(episodes[0])
  })

  test.each([
    ['there is no such time', null],
    ['it is long past', START_MS - 2 * HOUR_MS],
    ['it makes no sense', 0],
    ['it is far ahead', START_MS + HOUR_MS],
  ])('is not warned of where %s', (_, time) => {
    expect(serviceAlerts('a', pod(managed({ terminatesAtMs: time })), START_MS)).toEqual([])
  })

  test('is not warned of while it does not run', () => {
    const stopped = pod({ phase: 'stopped', ...managed({ terminatesAtMs: START_MS + MINUTE_MS }) })
    expect(serviceAlerts('a', stopped, START_MS)).toEqual([])
  })
})

test('what the service does is listed beside our own stops, as its own, and nothing here changes it', async () => {
  const times = { stopsAtMs: START_MS + 2 * HOUR_MS, terminatesAtMs: START_MS + 3 * HOUR_MS }
  const rig = await startGuardedMonitor({ pod: managed(times) })
  await rig.clock.advanceAsync(20 * MINUTE_MS)
  const stops = () => nextStops(rig.monitor.snapshot(), { settings: defaultSettings, hasHistory: true })
  expect(stops()).toMatchObject([
    { state: 'expected', cause: 'quiet' },
    {
      state: 'by-service',
      cause: 'service-idle',
      action: 'stop',
      atMs: times.stopsAtMs,
      text: 'Hubify stops it if it stays idle',
    },
    {
      state: 'by-service',
      cause: 'service-max-runtime',
      action: 'terminate',
      atMs: times.terminatesAtMs,
      text: 'Hubify terminates it at its maximum runtime',
    },
  ])
  rig.monitor.keepOn('pod-1', 'until-told')
  await rig.clock.advanceAsync(MINUTE_MS)
  const kept = stops().filter(({ state }) => state === 'by-service')
  expect(kept.map(({ atMs }) => atMs)).toEqual([times.stopsAtMs, times.terminatesAtMs])
  for (const { text } of kept) expect(text).toContain('keeping it on doesn’t change that')
})
