import { describe, expect, test } from 'vitest'
import type { LookInside } from '../../../src/core/guard/evidence/inside-looks'
import { unjudgedAlert } from '../../../src/core/guard/policy/unjudged-alert'
import type { UnknownReason } from '../../../src/core/idle/sample'
import type { PodRules } from '../../../src/core/pod-rules/pod-rules'
import type { Pod } from '../../../src/core/pods/pod'
import { nextStops } from '../../../src/core/view/stops/next-stops'
import { fail, ok } from '../../../src/core/base/result'
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../src/core/base/time/time'
import { defaultSettings, type Settings } from '../../../src/core/settings/settings'
import { START_MS } from '../../harness/base/fake-clock'
import {
  actionsSentBy,
  alertTitlesOf,
  oneHourAutoStop,
  startGuardedMonitor,
  stopStatusOf,
  ticked,
} from '../../harness/guard/guarded-monitor'
import { createMonitorFixture, type MonitorFixture } from '../../harness/monitor/monitor-fixture'
import { failure } from '../../harness/monitor/scripted-provider'
import { instant, pod, telemetry } from '../../harness/samples/pods'

type Options = Parameters<typeof startGuardedMonitor>[0]

/** A pod that reports no figures, and has run for an hour. */
const startUnjudged = (over: Partial<Pod> = {}, options: Options = {}): Promise<MonitorFixture> =>
  startGuardedMonitor({ pods: [pod({ telemetry: null, ...over })], ...options })

const unjudgedAlerts = (rig: MonitorFixture): string[] => alertTitlesOf(rig, 'activity-unknown')

describe('the owner of a pod without figures is alerted', () => {
  test.each([15, 60])('after an hour, within one poll, at polls of %i s', async (pollActiveS) => {
    const own = pod()
    let nowS = (): number => 0
    const rig = await startGuardedMonitor({
      settings: { ...oneHourAutoStop, pollActiveS },
      pods: [
        {
          ...own,
          get telemetry() {
            const isMissing = Math.floor(nowS() / pollActiveS) % 20 === 19
            const gpus = [{ utilPercent: 0, memoryUtilPercent: null }]
            return isMissing ? null : telemetry({ gpus, uptimeS: 3_600 + nowS() })
          },
        },
      ],
    })
    const startedMs = rig.clock.now().monotonicMs
    nowS = () => (rig.clock.now().monotonicMs - startedMs) / SECOND_MS
    await rig.clock.advanceAsync(HOUR_MS - SECOND_MS)
    expect(unjudgedAlerts(rig)).toEqual([])
    await rig.clock.advanceAsync((pollActiveS + 1) * SECOND_MS)
    expect(unjudgedAlerts(rig)).toEqual(['trainer: activity unknown for 1 h'])
    expect(rig.alerts.at(-1)?.body).toMatch(/^One of its metrics is missing\. /)
  })

  test('once a day for as long as it lasts, also after a restart of the program', async () => {
    const first = createMonitorFixture({ guard: ticked(), pods: [pod({ telemetry: null })] })
    // Few polls are enough for three days.
    first.provider.pollIntervalMs = 5 * MINUTE_MS
    first.monitor.start()
    await first.clock.advanceAsync(HOUR_MS + 6 * MINUTE_MS)
    expect(unjudgedAlerts(first)).toHaveLength(1)
    await first.clock.advanceAsync(DAY_MS - 12 * MINUTE_MS)
    expect(unjudgedAlerts(first)).toHaveLength(1)
    await first.clock.advanceAsync(24 * MINUTE_MS)
    expect(unjudgedAlerts(first)).toHaveLength(2)
    await first.clock.advanceAsync(DAY_MS)
    expect(unjudgedAlerts(first)).toHaveLength(3)

    first.monitor.dispose()
    first.clock.restart('run-2')
    const second = createMonitorFixture({ earlier: first })
    second.provider.pollIntervalMs = 5 * MINUTE_MS
    second.monitor.start()
    await second.clock.advanceAsync(DAY_MS - 24 * MINUTE_MS)
    expect(unjudgedAlerts(second)).toEqual([])
    await second.clock.advanceAsync(36 * MINUTE_MS)
    expect(unjudgedAlerts(second)).toHaveLength(1)
  })

  test('an hour after a restart of the pod, but no more than once a day', async () => {
    const rig = await startUnjudged()
    await rig.clock.advanceAsync(50 * MINUTE_MS)
    const startedAtMs = rig.clock.now().wallMs
    rig.provider.pods = [pod({ telemetry: null, startedAtMs })]
    await rig.clock.advanceAsync(HOUR_MS + 9 * MINUTE_MS)
    expect(unjudgedAlerts(rig)).toEqual([])
    await rig.clock.advanceAsync(3 * MINUTE_MS)
    expect(unjudgedAlerts(rig)).toHaveLength(1)
    rig.provider.pods = [pod({ telemetry: null, startedAtMs: startedAtMs + 80 * MINUTE_MS })]
    await rig.clock.advanceAsync(3 * HOUR_MS)
    expect(unjudgedAlerts(rig)).toHaveLength(1)
  })

  test.each<[string, (rig: MonitorFixture) => Promise<void>]>([
    ['a sleep of two hours', async ({ clock }) => clock.shiftWallClock(2 * HOUR_MS)],
    [
      'ten minutes in which Runpod fails',
      async ({ provider, clock }) => {
        const listPods = provider.listPods.bind(provider)
        provider.listPods = async () => failure('unreachable')
        await clock.advanceAsync(10 * MINUTE_MS)
        provider.listPods = listPods
        await clock.advanceAsync(2 * MINUTE_MS)
      },
    ],
  ])('an hour after %s, which says nothing of the pod', async (_, interrupt) => {
    const rig = await startUnjudged()
    await rig.clock.advanceAsync(50 * MINUTE_MS)
    await interrupt(rig)
    await rig.clock.advanceAsync(56 * MINUTE_MS)
    expect(unjudgedAlerts(rig)).toEqual([])
    await rig.clock.advanceAsync(6 * MINUTE_MS)
    expect(unjudgedAlerts(rig)).toHaveLength(1)
  })

  test('an hour after what a look from inside found no longer holds', async () => {
    let rig: MonitorFixture | null = null
    let isTrusted = false
    const lookInside: LookInside = () => ({
      result: Promise.resolve(
        isTrusted
          ? ok({
              verdict: 'at-rest',
              at: rig!.clock.now(),
              intervalMs: MINUTE_MS,
              processCount: 3,
              busiest: null,
              diskBytesPerS: 0,
              networkBytesPerS: 0,
            })
          : fail('its host key isn’t trusted yet'),
      ),
      cancel: () => {},
    })
    rig = await startUnjudged({}, { lookInside: (one) => lookInside(one) })
    await rig.clock.advanceAsync(50 * MINUTE_MS)
    isTrusted = true
    await rig.monitor.lookInside('pod-1')
    isTrusted = false
    await rig.clock.advanceAsync(74 * MINUTE_MS)
    expect(unjudgedAlerts(rig)).toEqual([])
    await rig.clock.advanceAsync(4 * MINUTE_MS)
    expect(unjudgedAlerts(rig)).toHaveLength(1)
    expect(rig.alerts.at(-1)?.body).toContain('A look from inside failed: its host key isn’t trusted yet.')
  })

  test('of a pod that looks from inside see at work or at rest never', async () => {
    let rig: MonitorFixture | null = null
    const looks: number[] = []
    const lookInside: LookInside = () => {
      const { clock } = rig!
      looks.push(clock.now().monotonicMs)
      const verdict = looks.length < 5 ? ('working' as const) : ('at-rest' as const)
      const reading = {
        verdict,
        intervalMs: MINUTE_MS,
        processCount: 3,
        busiest: null,
        diskBytesPerS: 0,
        networkBytesPerS: 0,
      }
      const result = new Promise<Awaited<ReturnType<LookInside>['result']>>((resolve) =>
        clock.schedule(62 * SECOND_MS, () => resolve(ok({ ...reading, at: clock.now() }))),
      )
      return { result, cancel: () => {} }
    }
    rig = await startUnjudged(
      {},
      { lookInside: (one) => lookInside(one), settings: { autoStopAfterMin: 60 } },
    )
    await rig.clock.advanceAsync(29 * MINUTE_MS)
    expect(looks).toHaveLength(4)
    expect(actionsSentBy(rig)).toEqual([])
    await rig.clock.advanceAsync(2 * HOUR_MS)
    expect(unjudgedAlerts(rig)).toEqual([])
    expect(actionsSentBy(rig)).toEqual(['stop pod-1'])
  })

  test.each<[string, number, Partial<Settings>]>([
    ['an hour after its boot', 70, {}],
    ['after the times of the settings', 25, { bootMin: 5, unknownAlertMin: 20 }],
  ])('%s', async (_, minutes, settings) => {
    const rig = await startUnjudged(
      { startedAtMs: START_MS },
      { settings: { ...oneHourAutoStop, ...settings } },
    )
    await rig.clock.advanceAsync((minutes - 1) * MINUTE_MS)
    expect(unjudgedAlerts(rig)).toEqual([])
    await rig.clock.advanceAsync(2 * MINUTE_MS)
    expect(unjudgedAlerts(rig)).toHaveLength(1)
  })
})

describe('the owner is not alerted', () => {
  test('of a pod that is judged in one sample of 50 min', async () => {
    const rig = await startGuardedMonitor({ pods: [] })
    const startMs = rig.clock.now().monotonicMs
    rig.provider.pods = [
      {
        ...pod(),
        get telemetry() {
          const minute = Math.floor((rig.clock.now().monotonicMs - startMs) / MINUTE_MS)
          return minute % 50 === 0 ? telemetry({ uptimeS: 3_600 + minute * 60 }) : null
        },
      },
    ]
    await rig.clock.advanceAsync(8 * HOUR_MS)
    expect(unjudgedAlerts(rig)).toEqual([])
  })

  test('of a pod that is kept running', async () => {
    const rig = await startUnjudged({}, { guard: ticked({ keepOn: { sinceMs: START_MS, untilMs: null } }) })
    await rig.clock.advanceAsync(2 * HOUR_MS)
    expect(rig.alerts).toEqual([])
  })

  test('of a pod that is not running, or whose status is unknown', async () => {
    for (const phase of ['stopped', 'unknown'] as const) {
      const rig = await startUnjudged({ phase })
      await rig.clock.advanceAsync(2 * HOUR_MS)
      expect(unjudgedAlerts(rig)).toEqual([])
    }
  })

  const off: Partial<Settings> = { ...oneHourAutoStop, hasIdleAlerts: false }
  test.each<[string, PodRules, Partial<Settings>]>([
    ['auto-stop is off for it', { isAutoStopped: false }, off],
    ['automatic stops are paused', {}, { ...off, areAutoStopsPaused: true }],
  ])('while idle alerts are off and %s', async (_, rules, settings) => {
    const rig = await startUnjudged({}, { guard: ticked(rules), settings })
    await rig.clock.advanceAsync(2 * HOUR_MS)
    expect(rig.alerts).toEqual([])
  })

  test.each<[string, PodRules, Partial<Settings>, string]>([
    ['idle alerts', { isAutoStopped: false }, oneHourAutoStop, 'Idle alerts don’t work for it'],
    ['auto-stop', {}, off, 'Auto-stop doesn’t work for it'],
    ['both', {}, oneHourAutoStop, 'Idle alerts and auto-stop don’t work for it'],
  ])('of anything but what is on for the pod: %s', async (_, rules, settings, text) => {
    const rig = await startUnjudged({}, { guard: ticked(rules), settings })
    await rig.clock.advanceAsync(2 * HOUR_MS)
    expect(rig.alerts.map(({ body }) => body)).toEqual([expect.stringContaining(text)])
  })
})

test('the auto-stop of a pod that can’t be judged never has a time, from its first poll on', async () => {
  const rig = await startUnjudged()
  for (const minutes of [0, 3, 10, 60, 180]) {
    await rig.clock.advanceAsync(minutes * MINUTE_MS)
    const held = { cause: 'quiet', why: 'it reports no metrics' }
    expect(stopStatusOf(rig)).toEqual({ kind: 'watching', dueAtMs: null, held })
    expect(nextStops(rig.monitor.snapshot(), { settings: defaultSettings, hasHistory: true })).toMatchObject([
      { state: 'held', atMs: null, text: 'is not stopped: it reports no metrics' },
    ])
  }
})

describe('the alert', () => {
  const alertOf = (
    over: Partial<Pod> = {},
    reason: UnknownReason = 'no-telemetry',
    rules: PodRules = {},
    nowMs = START_MS,
  ) =>
    unjudgedAlert(
      'account-1',
      pod({ telemetry: null, ...over }),
      { lastAt: instant(0), forMs: HOUR_MS, counts: new Map([[reason, 61]]) },
      { podRules: rules, hasIdleAlerts: true, isAutoStopOn: true, lookObstacle: null, nowMs },
    )

  test.each<[UnknownReason, string]>([
    ['no-telemetry', 'It reports no metrics.'],
    ['figure-missing', 'One of its metrics is missing.'],
    ['gpu-figures-missing', 'Metrics of some of its GPUs are missing.'],
    ['uptime-stale', 'Its metrics are stale: its uptime does not advance.'],
  ])('says why (%s)', (reason, why) => {
    expect(alertOf({}, reason).body).toBe(
      `${why} Idle alerts and auto-stop don’t work for it until that changes, and it costs $2.00/hr. What helps: a look from inside over SSH or the guard in the pod.`,
    )
  })

  const noSsh = { direct: null, proxy: null }
  const managed = { cloudPodId: null, idleMinutes: null, stopsAtMs: null, terminatesAtMs: null }
  test.each<[string, Partial<Pod>, PodRules, string]>([
    ['a cluster', { clusterId: 'c-1' }, {}, 'What helps: a look from inside over SSH.'],
    ['a pod with a guard', {}, { podGuard: 'stop' }, 'What helps: a look from inside over SSH.'],
    ['a pod without SSH', { ssh: noSsh }, {}, 'Check it on Runpod.'],
    [
      'a key that may read little',
      { isEnvironmentHidden: true },
      {},
      'What helps: a look from inside over SSH, the guard in the pod, or an API key with wider permissions.',
    ],
    ['a lab', { ssh: noSsh, managed }, {}, 'What helps: adding the Runpod account that the pod runs in.'],
  ])('names what helps in %s, and nothing else', (_, over, rules, help) => {
    expect(alertOf(over, 'no-telemetry', rules).body).toMatch(new RegExp(`\\d/hr\\. ${help}$`))
  })

  test('is named by the run of the pod and the day, whenever a program began to watch', () => {
    const episode = (over: Partial<Pod>, atMs: number): string =>
      alertOf(over, 'no-telemetry', {}, atMs).key.episode
    const midnightMs = Date.UTC(2026, 10, 24)
    const day = midnightMs / DAY_MS
    expect(episode({ startedAtMs: 7 }, midnightMs)).toBe(`7:${day}`)
    expect(episode({ startedAtMs: 7 }, midnightMs + DAY_MS - 1)).toBe(`7:${day}`)
    expect(episode({ startedAtMs: 7 }, midnightMs + DAY_MS)).toBe(`7:${day + 1}`)
    expect(episode({ startedAtMs: null, createdAtMs: 5 }, midnightMs)).toBe(`5:${day}`)
  })
})
