import { describe, expect, test } from 'vitest'
import type { GuardReport } from '../../../src/core/pod-guard/guard-report'
import type { GuardReply, PodGuardHost } from '../../../src/core/pod-guard/pod-guard-host'
import { fail, ok } from '../../../src/core/base/result'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../src/core/base/time/time'
import type { PodRules } from '../../../src/core/pod-rules/pod-rules'
import { guardReport, guardStatus, laptop } from '../../harness/guard/guard-report'
import {
  actionsSentBy,
  alertTitlesOf,
  oneHourAutoStop,
  startGuardedMonitor,
  stopStatusOf,
  ticked,
} from '../../harness/guard/guarded-monitor'
import { type MonitorFixture, podWithFreshTelemetry } from '../../harness/monitor/monitor-fixture'
import { pod } from '../../harness/samples/pods'
import { failure } from '../../harness/monitor/scripted-provider'

/** When a stop is due, and both warnings are known to be delivered. */
const DUE_MS = HOUR_MS + 3 * MINUTE_MS + SECOND_MS

type Options = Parameters<typeof startGuardedMonitor>[0]

const unableTitles = (rig: MonitorFixture): string[] => alertTitlesOf(rig, 'unable-to-act')
const critical = ({ alerts }: MonitorFixture): string[] =>
  alerts.filter(({ isCritical }) => isCritical).map(({ title }) => title)

const guardSettings = '3600 0 1 5 yes /workspace/.podkeeper/jobs'
type ReplyWith = (reply: (report: GuardReport) => Promise<GuardReply>) => Promise<GuardReply>

/** A guard in the pod that is armed, and the leases that were taken from it. */
function armedGuard(replyWith: ReplyWith): { readonly host: PodGuardHost; readonly leases: boolean[] } {
  const leases: boolean[] = []
  const reply = (): Promise<GuardReply> => replyWith((report) => Promise.resolve(ok(report)))
  return {
    leases,
    host: {
      read: (_, takesLease) => {
        leases.push(takesLease)
        return reply()
      },
      install: (_, { takesLease }) => {
        leases.push(takesLease)
        return reply()
      },
      computerId: laptop.id,
      change: reply,
      forget: reply,
      remove: () => Promise.resolve(ok(undefined)),
    },
  }
}

function startWithGuard(
  rules: PodRules = {},
  options: Options = {},
  replyWith: ReplyWith = (reply) => reply(guardReport({ settings: guardSettings })),
): Promise<{ readonly rig: MonitorFixture; readonly leases: boolean[] }> {
  const { host, leases } = armedGuard(replyWith)
  return startGuardedMonitor({
    guard: ticked({ podGuard: 'stop', ...rules }),
    podGuardHost: host,
    ...options,
  }).then((rig) => ({ rig, leases }))
}

describe('a guard in the pod', () => {
  test('is left to decide once no warning can be shown, and says so in place of a time', async () => {
    const { rig, leases } = await startWithGuard()
    rig.system.delivery = 'failed'
    await rig.clock.advanceAsync(20 * MINUTE_MS)
    expect(leases.every((taken) => taken)).toBe(true)
    await rig.clock.advanceAsync(40 * MINUTE_MS)
    expect(leases.at(-1)).toBe(false)
    expect(stopStatusOf(rig)).toMatchObject({
      kind: 'blocked',
      text: 'Not stopped, since no warning could be shown to you. The guard in the pod can stop it.',
    })
    expect(actionsSentBy(rig)).toEqual([])
    rig.system.delivery = 'shown'
    await rig.clock.advanceAsync(10 * MINUTE_MS)
    expect(leases.at(-1)).toBe(true)
    expect(unableTitles(rig)).toEqual([])
  })

  test('is left to decide once the key may only read', async () => {
    const { rig, leases } = await startWithGuard()
    rig.provider.act = async () => failure('forbidden')
    await rig.clock.advanceAsync(DUE_MS + 6 * MINUTE_MS)
    expect(leases.at(-1)).toBe(false)
  })

  test.each<[string, Options]>([
    ['automatic stops are paused', { settings: { ...oneHourAutoStop, areAutoStopsPaused: true } }],
    ['it is a dry run', { settings: { ...oneHourAutoStop, isAutoStopDryRun: true } }],
    [
      'a person keeps it running',
      { guard: ticked({ podGuard: 'stop', keepOn: { sinceMs: 0, untilMs: null } }) },
    ],
  ])('is not handed a rule while %s, which is no alert either', async (_, options) => {
    const { rig, leases } = await startWithGuard({}, options)
    rig.system.delivery = 'failed'
    await rig.clock.advanceAsync(2 * HOUR_MS)
    expect(leases.every((taken) => taken)).toBe(true)
    rig.system.delivery = 'shown'
    await rig.clock.advanceAsync(30 * MINUTE_MS)
    expect(unableTitles(rig)).toEqual([])
  })
})

describe('a rule that nobody can carry out', () => {
  test('is one critical alert after 15 min when nothing can be saved, and the stop follows once it can', async () => {
    const rig = await startGuardedMonitor({
      settings: { ...oneHourAutoStop, quietHoursFrom: '00:00', quietHoursTo: '23:59' },
    })
    await rig.clock.advanceAsync(DUE_MS - 4 * MINUTE_MS)
    rig.system.isLogFull = true
    await rig.clock.advanceAsync(14 * MINUTE_MS)
    expect(unableTitles(rig)).toEqual([])
    await rig.clock.advanceAsync(6 * MINUTE_MS)
    expect(unableTitles(rig)).toEqual(['Automatic stops can’t be saved, so none is sent'])
    await rig.clock.advanceAsync(HOUR_MS)
    expect(unableTitles(rig)).toHaveLength(1)
    expect(rig.alerts.at(-1)?.body).toMatch(
      /: it could not be saved: the disk is full\. trainer should be stopped now, but keeps running\. /,
    )
    expect(actionsSentBy(rig)).toEqual([])
    rig.system.isLogFull = false
    await rig.clock.advanceAsync(2 * MINUTE_MS)
    expect(actionsSentBy(rig)).toEqual(['stop pod-1'])
  })

  test('is alerted before it is due where a full disk was found by trying, and not while nothing is due within the hour', async () => {
    const rig = await startGuardedMonitor({ settings: { ...oneHourAutoStop, autoStopAfterMin: 180 } })
    rig.system.isLogFull = true
    await rig.clock.advanceAsync(110 * MINUTE_MS)
    expect([unableTitles(rig), rig.monitor.snapshot().obstacles]).toEqual([[], []])
    await rig.clock.advanceAsync(30 * MINUTE_MS)
    expect(unableTitles(rig)).toEqual(['Automatic stops can’t be saved, so none is sent'])
    expect(rig.alerts.at(-1)?.body).toMatch(/: the disk is full\. trainer should be stopped /)
    rig.system.isLogFull = false
    await rig.clock.advanceAsync(2 * MINUTE_MS)
    expect(rig.monitor.snapshot().obstacles).toEqual([])
    await rig.clock.advanceAsync(HOUR_MS)
    expect([actionsSentBy(rig), unableTitles(rig).length]).toEqual([['stop pod-1'], 1])
  })

  test('is alerted once a channel takes anything again, where no warning could be shown', async () => {
    const rig = await startGuardedMonitor()
    rig.system.delivery = 'failed'
    await rig.clock.advanceAsync(2 * HOUR_MS)
    const failed = rig.log.filter(
      (line) => line === 'show trainer isn’t stopped, because no warning can be shown',
    )
    expect(failed.length).toBeGreaterThan(1)
    expect(rig.auditEntries.filter(({ what }) => what === 'unable-to-act')).toHaveLength(1)
  })

  test.each<[string, PodRules]>([
    ['maximum hours', { maxHours: 2 }],
    ['auto-stop', {}],
  ])('is alerted once while the status of its pod is unknown: %s', async (_, rules) => {
    const rig = await startGuardedMonitor({
      guard: {
        autoStop: 'ticked',
        pods: { 'pod-1': { isAutoStopped: rules.maxHours === undefined, ...rules } },
      },
    })
    await rig.clock.advanceAsync(20 * MINUTE_MS)
    rig.provider.pods = [
      podWithFreshTelemetry(rig.clock, pod({ phase: 'unknown', rawStatus: 'MIGRATING', actions: [] })),
    ]
    await rig.clock.advanceAsync(14 * MINUTE_MS)
    expect(unableTitles(rig)).toEqual([])
    await rig.clock.advanceAsync(3 * MINUTE_MS)
    expect(unableTitles(rig)).toEqual(['trainer can’t be stopped automatically: its status is unknown'])
    await rig.clock.advanceAsync(2 * HOUR_MS)
    expect(unableTitles(rig)).toHaveLength(1)
    expect(actionsSentBy(rig)).toEqual([])
  })

  test('is alerted within an hour while the status was never readable, and auto-stop is on for all', async () => {
    const rig = await startGuardedMonitor({
      guard: { autoStop: 'all', pods: {} },
      pods: [pod({ phase: 'unknown', rawStatus: 'MIGRATING', actions: [], telemetry: null })],
    })
    await rig.clock.advanceAsync(HOUR_MS + 2 * MINUTE_MS)
    expect(unableTitles(rig)).toEqual(['trainer can’t be stopped automatically: its status is unknown'])
  })

  test('is a critical alert where figures are never readable, through quiet hours, once a day', async () => {
    const rig = await startGuardedMonitor({
      guard: { autoStop: 'all', pods: {} },
      settings: { ...oneHourAutoStop, quietHoursFrom: '00:00', quietHoursTo: '23:59' },
      pods: [pod({ telemetry: null })],
    })
    await rig.clock.advanceAsync(HOUR_MS + 2 * MINUTE_MS)
    expect(critical(rig)).toEqual(['trainer: activity unknown for 1 h'])
    // Few polls are enough, over midnight.
    rig.provider.pollIntervalMs = 5 * MINUTE_MS
    await rig.clock.advanceAsync(22 * HOUR_MS)
    expect(critical(rig)).toHaveLength(1)
  })

  test('is no alert while it is not due within the hour', async () => {
    const rig = await startGuardedMonitor({ settings: { ...oneHourAutoStop, autoStopAfterMin: 360 } })
    await rig.clock.advanceAsync(20 * MINUTE_MS)
    rig.provider.listPods = async () => failure('unreachable')
    await rig.clock.advanceAsync(HOUR_MS)
    expect(unableTitles(rig)).toEqual([])
  })

  test('is one critical alert while Runpod can’t be reached, but not where a guard in the pod is armed', async () => {
    const alone = await startGuardedMonitor()
    const guarded = await startWithGuard()
    for (const rig of [alone, guarded.rig]) {
      await rig.clock.advanceAsync(30 * MINUTE_MS)
      rig.provider.listPods = async () => failure('unreachable')
      await rig.clock.advanceAsync(14 * MINUTE_MS)
      expect(unableTitles(rig)).toEqual([])
      await rig.clock.advanceAsync(2 * HOUR_MS)
    }
    expect(unableTitles(alone)).toEqual(['Automatic stops wait for Runpod'])
    expect(unableTitles(guarded.rig)).toEqual([])
    // It is read, but takes no instructions for a run that wasn't listed.
    expect(guarded.leases.slice(-10)).toEqual(Array.from({ length: 10 }, () => false))
  })

  test.each([
    ['that can’t be read either for longer than its lease', 'unread'],
    ['that can’t tell whether the pod is idle', 'blind'],
    ['whose stop was refused', 'refused'],
  ] as const)('is alerted where there is a guard in the pod %s', async (_, kind) => {
    let isCut = false
    const stopping = { cause: 'idle', answer: '403', count: 1 } as const
    const status = guardStatus({
      ...(kind === 'blind' && { seen: 'unknown' }),
      ...(kind === 'refused' && { stopping }),
    })
    const { rig } = await startWithGuard({}, {}, (reply) =>
      isCut && kind === 'unread'
        ? Promise.resolve(fail('The connection was refused.'))
        : reply(guardReport({ status, settings: guardSettings })),
    )
    await rig.clock.advanceAsync(30 * MINUTE_MS)
    rig.provider.listPods = async () => failure('unreachable')
    isCut = true
    await rig.clock.advanceAsync(HOUR_MS)
    expect(unableTitles(rig)).toEqual(['Automatic stops wait for Runpod'])
  })

  test('is not alerted after a sleep, in which no time counts', async () => {
    const rig = await startGuardedMonitor()
    await rig.clock.advanceAsync(50 * MINUTE_MS)
    rig.provider.listPods = async () => failure('unreachable')
    await rig.clock.advanceAsync(5 * MINUTE_MS)
    rig.monitor.suspend()
    rig.clock.shiftWallClock(8 * HOUR_MS)
    rig.monitor.resume()
    await rig.clock.advanceAsync(5 * MINUTE_MS)
    expect(unableTitles(rig)).toEqual([])
  })
})

test('a key that may only read is warned about and tried, and then one alert says so for the whole night', async () => {
  const ids = ['a', 'b', 'c']
  const rig = await startGuardedMonitor({ guard: { autoStop: 'all', pods: {} }, pods: [] })
  rig.provider.pods = ids.map((id) => podWithFreshTelemetry(rig.clock, pod({ id, name: id })))
  let isReadOnly = true
  const original = { ...rig.provider }
  rig.provider.act = async (id, action) => {
    if (!isReadOnly) return original.act(id, action)
    rig.log.push(`${action} ${id}`)
    return failure('forbidden')
  }
  await rig.clock.advanceAsync(DUE_MS + 3 * HOUR_MS)
  expect(critical(rig)).toHaveLength(2 * ids.length + 1)
  expect(unableTitles(rig)).toEqual(['Automatic stops don’t work with this API key'])
  expect(actionsSentBy(rig).length).toBeGreaterThan(3 * ids.length)
  isReadOnly = false
  await rig.clock.advanceAsync(2 * HOUR_MS + 5 * MINUTE_MS)
  expect(new Set(alertTitlesOf(rig, 'auto-stopped'))).toEqual(
    new Set(ids.map((id) => `${id} was stopped automatically`)),
  )
})
