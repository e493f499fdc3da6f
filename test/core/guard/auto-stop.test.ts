import { describe, expect, test } from 'vitest'
import { type AccountRules, emptyAccountRules } from '../../../src/core/pod-rules/pod-rules'
import type { Pod } from '../../../src/core/pods/pod'
import { ok } from '../../../src/core/base/result'
import type { Settings } from '../../../src/core/settings/settings'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../src/core/base/time/time'
import {
  actionsSentBy,
  alertTitlesOf,
  decisionTextsOf,
  oneHourAutoStop,
  startGuardedMonitor,
  stopStatusOf,
  ticked,
} from '../../harness/guard/guarded-monitor'
import { podWithFreshTelemetry } from '../../harness/monitor/monitor-fixture'
import { gpus, pod, stoppedPod } from '../../harness/samples/pods'
import { failure } from '../../harness/monitor/scripted-provider'

/** An hour, and the two polls after which the warnings are known to be delivered. */
const DUE_MS = HOUR_MS + 2 * MINUTE_MS + SECOND_MS

describe('a selected pod that is quiet', () => {
  test('is stopped after warnings 30 and 5 minutes before that name what survives', async () => {
    const rig = await startGuardedMonitor()
    await rig.clock.advanceAsync(30 * MINUTE_MS - 1)
    expect(alertTitlesOf(rig, 'auto-stop-soon')).toEqual([])
    await rig.clock.advanceAsync(25 * MINUTE_MS)
    expect(alertTitlesOf(rig, 'auto-stop-soon')).toEqual(['trainer will be stopped in 30 min'])
    expect(rig.alerts.find(({ key }) => key.kind === 'auto-stop-soon')).toMatchObject({
      isCritical: true,
      buttons: ['keep-on', 'stop'],
      body: expect.stringMatching(
        /^It has been quiet for 30 min\. Keeps \/workspace \(100 GB.* is lost\.$/,
      ) as string,
    })
    await rig.clock.advanceAsync(90 * SECOND_MS)
    expect(alertTitlesOf(rig, 'auto-stop-soon')).toHaveLength(2)
    expect(alertTitlesOf(rig, 'auto-stop-soon')[1]).toBe('trainer will be stopped in 5 min')
    await rig.clock.advanceAsync(4 * MINUTE_MS)
    expect(actionsSentBy(rig)).toEqual([])
    await rig.clock.advanceAsync(2 * MINUTE_MS)
    expect(actionsSentBy(rig)).toEqual(['stop pod-1'])
  })

  test('is read again, logged and stopped, with nothing in between', async () => {
    const rig = await startGuardedMonitor()
    await rig.clock.advanceAsync(DUE_MS)
    const log = rig.log.filter((line) => !/^record (The|Auto-stop requested) /.test(line))
    const at = log.indexOf('stop pod-1')
    expect(log.slice(at - 4, at + 1)).toEqual([
      'get pod-1',
      expect.stringMatching(
        /^record trainer is being stopped automatically\. It has been quiet for 1 h 2 min\. Keeps/,
      ),
      'write scheduled',
      'write sent',
      'stop pod-1',
    ])
    expect(rig.journal.records.at(-1)).toMatchObject({ origin: 'quiet', action: 'stop' })
  })

  test('carries the intent of its action in the log, and why it was asked for', async () => {
    const rig = await startGuardedMonitor()
    await rig.clock.advanceAsync(DUE_MS)
    const ofAction = rig.auditEntries.filter(({ intent }) => intent !== undefined)
    expect(ofAction.map(({ what }) => what).slice(0, 3)).toEqual(['auto-stop', 'stop scheduled', 'stop sent'])
    expect(new Set(ofAction.map(({ intent }) => intent?.id))).toEqual(new Set([rig.journal.records[0]?.id]))
    expect(ofAction[0]?.intent).toMatchObject({ requester: 'quiet', reason: 'idle for 1 h 2 min' })
  })

  test('is announced once after the stop, with what was kept', async () => {
    const rig = await startGuardedMonitor()
    await rig.clock.advanceAsync(DUE_MS + HOUR_MS)
    expect(actionsSentBy(rig)).toEqual(['stop pod-1'])
    expect(alertTitlesOf(rig, 'auto-stopped')).toEqual(['trainer was stopped automatically'])
  })

  test('shows when it would be stopped, then that it will be', async () => {
    const rig = await startGuardedMonitor()
    expect(stopStatusOf(rig)).toEqual({
      kind: 'watching',
      dueAtMs: rig.clock.now().wallMs + HOUR_MS,
      cause: 'quiet',
    })
    await rig.clock.advanceAsync(31 * MINUTE_MS)
    expect(stopStatusOf(rig)).toMatchObject({ kind: 'planned', cause: 'quiet', action: 'stop' })
  })

  test('that becomes busy after a warning is not stopped, and gets both warnings again', async () => {
    const rig = await startGuardedMonitor()
    await rig.clock.advanceAsync(50 * MINUTE_MS)
    const idle = rig.provider.pods
    rig.provider.pods = [
      podWithFreshTelemetry(rig.clock, pod({ telemetry: { ...pod().telemetry!, gpus: gpus(80) } })),
    ]
    await rig.clock.advanceAsync(MINUTE_MS)
    rig.provider.pods = idle
    await rig.clock.advanceAsync(59 * MINUTE_MS)
    expect(actionsSentBy(rig)).toEqual([])
    expect(decisionTextsOf(rig)).toEqual(['The automatic stop of trainer was canceled, since it is busy.'])
    await rig.clock.advanceAsync(6 * MINUTE_MS)
    expect(alertTitlesOf(rig, 'auto-stop-soon')).toHaveLength(3)
    expect(actionsSentBy(rig)).toEqual(['stop pod-1'])
  })
})

describe('no pod is warned or stopped when', () => {
  const never: [string, Partial<Pod>, AccountRules, Partial<Settings>][] = [
    ['nobody was asked yet', {}, emptyAccountRules, {}],
    ['automatic stops are off', {}, { ...ticked(), autoStop: 'off' }, {}],
    ['the pod is not ticked: new pods come unticked', {}, { autoStop: 'ticked', pods: {} }, {}],
    ['it is unticked among all', {}, { autoStop: 'all', pods: { 'pod-1': { isAutoStopped: false } } }, {}],
    ['it is locked', { isLocked: true }, ticked(), {}],
    ['it is not said whether it is locked', { isLocked: null }, ticked(), {}],
    ['it belongs to a cluster', { clusterId: 'c' }, ticked(), {}],
    ['Runpod does not offer to stop it', { actions: ['terminate'] }, ticked(), {}],
    ['it has no volume', { persistentMount: null }, ticked(), {}],
    ['its mounts are not known', { areMountsKnown: false }, ticked(), {}],
    ['automatic stops are paused', {}, ticked(), { areAutoStopsPaused: true }],
    ['it is kept on', {}, ticked({ keepOn: { sinceMs: 0, untilMs: null } }), {}],
  ]
  test.each(never)('%s', async (_, overrides, guard, settings) => {
    const rig = await startGuardedMonitor({
      pod: overrides,
      guard,
      settings: { ...oneHourAutoStop, ...settings },
    })
    await rig.clock.advanceAsync(3 * HOUR_MS)
    expect(actionsSentBy(rig)).toEqual([])
    expect(alertTitlesOf(rig, 'auto-stop-soon')).toEqual([])
  })
})

test('a 403 on an action of the user does not hold back an automatic stop', async () => {
  const rig = await startGuardedMonitor()
  rig.monitor.act('pod-1', 'restart')
  rig.provider.script.actions.push(() => failure('forbidden'))
  await rig.clock.advanceAsync(DUE_MS + 2 * MINUTE_MS)
  expect(actionsSentBy(rig)).toEqual(['restart pod-1', 'stop pod-1'])
})

describe('a condition that blocks a stop', () => {
  test('is shown in the window and logged once, not in every poll', async () => {
    const rig = await startGuardedMonitor({ pod: { persistentMount: null } })
    await rig.clock.advanceAsync(3 * HOUR_MS)
    const words = 'Not stopped, since it has no volume and stopping would lose the container disk.'
    expect(stopStatusOf(rig)).toEqual({
      kind: 'blocked',
      cause: 'quiet',
      conditions: ['data-survives'],
      text: words,
    })
    expect(decisionTextsOf(rig)).toEqual([`trainer: ${words}`])
  })

  test('can be waived for one pod, which may lose its data', async () => {
    const rig = await startGuardedMonitor({
      pod: { persistentMount: null },
      guard: ticked({ mayLoseData: true }),
    })
    await rig.clock.advanceAsync(DUE_MS)
    expect(actionsSentBy(rig)).toEqual(['stop pod-1'])
  })

  test('is followed by both warnings once it no longer applies', async () => {
    const rig = await startGuardedMonitor({ settings: { ...oneHourAutoStop, areAutoStopsPaused: true } })
    await rig.clock.advanceAsync(3 * HOUR_MS)
    rig.settings.now = oneHourAutoStop
    await rig.clock.advanceAsync(30 * MINUTE_MS)
    expect(actionsSentBy(rig)).toEqual([])
    await rig.clock.advanceAsync(5 * MINUTE_MS)
    expect(actionsSentBy(rig)).toEqual(['stop pod-1'])
  })
})

describe('a warning that cannot be delivered', () => {
  test('postpones the stop accordingly', async () => {
    const rig = await startGuardedMonitor()
    rig.system.delivery = 'failed'
    await rig.clock.advanceAsync(2 * HOUR_MS)
    expect(actionsSentBy(rig)).toEqual([])
    rig.system.delivery = 'shown'
    await rig.clock.advanceAsync(30 * MINUTE_MS)
    expect(actionsSentBy(rig)).toEqual([])
    await rig.clock.advanceAsync(20 * MINUTE_MS)
    expect(actionsSentBy(rig)).toEqual(['stop pod-1'])
    const [first, last] = rig.alerts.filter(({ key }) => key.kind === 'auto-stop-soon')
    expect([first?.title, last?.title]).toEqual([
      'trainer will be stopped in 30 min',
      'trainer will be stopped in 5 min',
    ])
  })

  test('does not postpone the stop where undelivered stops are allowed', async () => {
    const rig = await startGuardedMonitor({ settings: { ...oneHourAutoStop, mayStopUnheard: true } })
    rig.system.delivery = 'failed'
    await rig.clock.advanceAsync(DUE_MS)
    expect(actionsSentBy(rig)).toEqual(['stop pod-1'])
  })
})

describe('the read right before a stop', () => {
  const refused: [string, (fresh: Pod) => Pod][] = [
    ['shows it at work', (one) => ({ ...one, telemetry: { ...one.telemetry!, gpus: gpus(60) } })],
    ['shows a busy CPU', (one) => ({ ...one, telemetry: { ...one.telemetry!, cpuUtilPercent: 40 } })],
    [
      'shows memory that moved',
      (one) => ({ ...one, telemetry: { ...one.telemetry!, memoryUtilPercent: 60 } }),
    ],
    ['shows no figures', (one) => ({ ...one, telemetry: null })],
    ['shows another start', (one) => ({ ...one, startedAtMs: 1 })],
    ['shows it locked', (one) => ({ ...one, isLocked: true })],
    ['shows it stopped', () => stoppedPod()],
    ['shows no volume', (one) => ({ ...one, persistentMount: null })],
    ['does not offer a stop', (one) => ({ ...one, actions: [] })],
  ]
  test.each(refused)('prevents the stop when the pod %s', async (_, change) => {
    const rig = await startGuardedMonitor()
    const [live] = rig.provider.pods
    rig.provider.script.gets.push(() => {
      const fresh = change({ ...live!, telemetry: live!.telemetry })
      return ok(fresh)
    })
    await rig.clock.advanceAsync(DUE_MS)
    expect(rig.log).toContain('get pod-1')
    expect(actionsSentBy(rig)).toEqual([])
  })

  test.each(['unreachable', 'rate-limited', 'unreadable', 'not-found'] as const)(
    'prevents the stop when it is answered by %s, and the next poll tries again',
    async (kind) => {
      const rig = await startGuardedMonitor()
      rig.provider.script.gets.push(() => failure(kind))
      await rig.clock.advanceAsync(DUE_MS)
      expect(actionsSentBy(rig)).toEqual([])
      expect(stopStatusOf(rig)).toMatchObject({ kind: 'blocked', conditions: ['seen-afresh'] })
      await rig.clock.advanceAsync(MINUTE_MS)
      expect(actionsSentBy(rig)).toEqual(['stop pod-1'])
    },
  )

  test('prevents the stop when the machine goes to sleep meanwhile', async () => {
    const rig = await startGuardedMonitor()
    rig.provider.script.gets.push(() => {
      rig.monitor.suspend()
      return ok(rig.provider.pods[0]!)
    })
    await rig.clock.advanceAsync(DUE_MS)
    expect(actionsSentBy(rig)).toEqual([])
  })

  test('prevents the stop when the pod is kept running meanwhile', async () => {
    const rig = await startGuardedMonitor()
    rig.provider.script.gets.push(() => {
      rig.monitor.keepOn('pod-1', '1-hour')
      return ok(rig.provider.pods[0]!)
    })
    await rig.clock.advanceAsync(DUE_MS)
    expect(actionsSentBy(rig)).toEqual([])
  })
})

describe('an automatic stop that cannot be recorded', () => {
  test('in the activity log does not happen, and that is reported', async () => {
    const rig = await startGuardedMonitor()
    await rig.clock.advanceAsync(59 * MINUTE_MS)
    rig.system.isLogFull = true
    await rig.clock.advanceAsync(4 * MINUTE_MS)
    expect(actionsSentBy(rig)).toEqual([])
    expect(stopStatusOf(rig)).toMatchObject({
      kind: 'blocked',
      text: 'Not stopped, since it could not be saved: the disk is full.',
    })
    rig.system.isLogFull = false
    await rig.clock.advanceAsync(MINUTE_MS)
    expect(actionsSentBy(rig)).toEqual(['stop pod-1'])
  })

  test('in the journal does not happen', async () => {
    const rig = await startGuardedMonitor()
    rig.journal.isFull = true
    await rig.clock.advanceAsync(2 * HOUR_MS)
    expect(actionsSentBy(rig)).toEqual([])
    expect(stopStatusOf(rig)).toMatchObject({ kind: 'blocked' })
  })
})

test('a 429 is not retried automatically: a later poll decides again', async () => {
  const rig = await startGuardedMonitor()
  rig.provider.script.actions.push(() => failure('rate-limited', { retryAfterMs: 1_000 }))
  await rig.clock.advanceAsync(DUE_MS)
  expect(actionsSentBy(rig)).toHaveLength(1)
  await rig.clock.advanceAsync(4 * MINUTE_MS)
  expect(actionsSentBy(rig)).toHaveLength(1)
  await rig.clock.advanceAsync(2 * MINUTE_MS)
  expect(actionsSentBy(rig)).toHaveLength(2)
  expect(rig.log.filter((line) => line === 'get pod-1')).toHaveLength(2)
})

test('at most three pods are stopped within an hour', async () => {
  const guard: AccountRules = { autoStop: 'all', pods: {} }
  const rig = await startGuardedMonitor({ guard, pods: [] })
  rig.provider.pods = ['a', 'b', 'c', 'd', 'e'].map((id) =>
    podWithFreshTelemetry(rig.clock, pod({ id, name: id })),
  )
  await rig.clock.advanceAsync(DUE_MS + MINUTE_MS)
  expect(actionsSentBy(rig)).toEqual(['stop a', 'stop b', 'stop c'])
  expect(decisionTextsOf(rig).filter((text) => text.includes('limit'))).toEqual([
    'd: Not stopped, since the limit of 3 automatic stops an hour is reached.',
    'e: Not stopped, since the limit of 3 automatic stops an hour is reached.',
  ])
  await rig.clock.advanceAsync(HOUR_MS)
  expect(actionsSentBy(rig)).toHaveLength(5)
})

describe('a dry run', () => {
  test('warns, logs once what would have been done, and stops nothing', async () => {
    const rig = await startGuardedMonitor({ settings: { ...oneHourAutoStop, isAutoStopDryRun: true } })
    await rig.clock.advanceAsync(3 * HOUR_MS)
    expect(actionsSentBy(rig)).toEqual([])
    expect(alertTitlesOf(rig, 'auto-stop-soon')[0]).toBe('Dry run: trainer would be stopped in 30 min')
    expect(decisionTextsOf(rig)).toEqual([
      'trainer: Dry run: it would have been stopped now. It has been quiet for 1 h 2 min.',
    ])
    expect(rig.monitor.snapshot().guard.isDryRun).toBe(true)
  })
})

test('a restart of Podkeeper restarts quiet time and warnings', async () => {
  const first = await startGuardedMonitor()
  await first.clock.advanceAsync(58 * MINUTE_MS)
  first.monitor.dispose()
  first.clock.restart('run-2')
  const next = await startGuardedMonitor({ earlier: first })
  await next.clock.advanceAsync(59 * MINUTE_MS)
  expect(actionsSentBy(next)).toEqual([])
  expect(alertTitlesOf(next, 'auto-stop-soon')).toHaveLength(2)
  await next.clock.advanceAsync(5 * MINUTE_MS)
  expect(actionsSentBy(next)).toEqual(['stop pod-1'])
})

test('nothing is stopped here while another process acts', async () => {
  const rig = await startGuardedMonitor({ settings: { ...oneHourAutoStop, mayStopUnheard: true } })
  rig.system.isActive = false
  await rig.clock.advanceAsync(3 * HOUR_MS)
  expect(actionsSentBy(rig)).toEqual([])
})
