import { describe, expect, test } from 'vitest'
import { ok } from '../../../src/core/base/result'
import { HOUR_MS, MINUTE_MS } from '../../../src/core/base/time/time'
import type { PodJobs } from '../../../src/core/idle/sample'
import type { AccountRules } from '../../../src/core/pod-rules/pod-rules'
import type { Settings } from '../../../src/core/settings/settings'
import {
  actionsSentBy,
  alertTitlesOf,
  oneHourAutoStop,
  startGuardedMonitor,
  ticked,
} from '../../harness/guard/guarded-monitor'
import { memoryFiles } from '../../harness/money/ledger-fixture'
import {
  createMonitorFixture,
  type MonitorFixture,
  podWithFreshTelemetry,
} from '../../harness/monitor/monitor-fixture'
import { failure } from '../../harness/monitor/scripted-provider'
import { createFakeClock } from '../../harness/base/fake-clock'
import { pod, stoppedPod } from '../../harness/samples/pods'

interface Story {
  readonly guard?: AccountRules
  readonly settings?: Partial<Settings>
  readonly wasStopped?: boolean
  readonly jobs?: PodJobs
}

/** A program that starts while Runpod can't be reached, after another one that listed a pod. */
async function startInOutage({ guard, settings, wasStopped, jobs }: Story = {}): Promise<MonitorFixture> {
  const ledgerFiles = memoryFiles()
  const clock = createFakeClock()
  const startedAtMs = clock.now().wallMs - HOUR_MS
  const pods = [wasStopped === true ? stoppedPod({ id: 'pod-1' }) : pod({ startedAtMs })]
  const options = { ledgerFiles, settings: { ...oneHourAutoStop, ...settings }, ...(jobs && { jobs }) }
  const first = await startGuardedMonitor({ ...options, clock, pods, guard: guard ?? ticked() })
  await clock.advanceAsync(2 * MINUTE_MS)
  first.monitor.dispose()
  const rig = createMonitorFixture({ ...options, earlier: first })
  rig.provider.listPods = async () => failure('unreachable')
  rig.monitor.start()
  rig.provider.pods = [podWithFreshTelemetry(clock, pod({ startedAtMs }))]
  return rig
}

const unableTitles = (rig: MonitorFixture): string[] => alertTitlesOf(rig, 'unable-to-act')

/** While polls fail they are rare, so the program judges between them, too. */
async function pass(rig: MonitorFixture, minutes: number): Promise<void> {
  for (let minute = 0; minute < minutes; minute += 1) {
    await rig.clock.advanceAsync(MINUTE_MS)
    rig.monitor.checkWatchdog()
  }
}

describe('a rule that was armed when an earlier program ran', () => {
  test.each<[string, AccountRules]>([
    ['auto-stop', ticked()],
    ['auto-stop of all pods', { autoStop: 'all', pods: {} }],
    [
      'maximum hours for a pattern',
      {
        autoStop: 'off',
        pods: {},
        groupRules: { allPods: {}, patterns: [{ name: 'x', match: { name: 'train*' }, maxHours: 1.5 }] },
      },
    ],
    [
      'a budget that stops',
      { autoStop: 'off', pods: { 'pod-1': { monthlyBudgetUsd: 5, atBudget: 'stop' } } },
    ],
  ])('is one critical alert once nothing could be listed for 15 min: %s', async (_, guard) => {
    const rig = await startInOutage({ guard })
    await pass(rig, 14)
    expect(unableTitles(rig)).toEqual([])
    await pass(rig, 3)
    expect(unableTitles(rig)).toEqual(['Automatic stops wait for Runpod'])
    expect(rig.alerts.filter(({ isCritical }) => isCritical)).toMatchObject([
      {
        isCritical: true,
        body: expect.stringMatching(
          /: Runpod can’t be reached\. trainer was running at \d\d:\d\d, and may still be; it can’t be stopped automatically now\. Check /,
        ) as string,
      },
    ])
    await pass(rig, 180)
    expect(unableTitles(rig)).toHaveLength(1)
    expect(actionsSentBy(rig)).toEqual([])
  })

  test('is planned anew by the first list, and not alerted again', async () => {
    const rig = await startInOutage()
    await pass(rig, 20)
    rig.provider.listPods = async () => ok({ pods: rig.provider.pods, isComplete: true })
    await pass(rig, 50)
    expect(unableTitles(rig)).toHaveLength(1)
    expect(alertTitlesOf(rig, 'auto-stop-soon')).toHaveLength(1)
  })

  test('waits with the alert until an hour before maximum hours are due', async () => {
    const rig = await startInOutage({
      guard: { autoStop: 'off', pods: { 'pod-1': { maxHours: 3 } } },
    })
    await pass(rig, 50)
    expect(unableTitles(rig)).toEqual([])
    await pass(rig, 20)
    expect(unableTitles(rig)).toEqual(['Automatic stops wait for Runpod'])
  })

  test('counts a stop after a job', async () => {
    const jobs: PodJobs = {
      useOf: () => ({ hasRunningJob: false }),
      waitingJobNames: () => [],
      maxHours: () => new Map(),
      stopAfterJob: () => 'unread',
    }
    const rig = await startInOutage({ guard: { autoStop: 'off', pods: {} }, jobs })
    await pass(rig, 17)
    expect(unableTitles(rig)).toEqual(['Automatic stops wait for Runpod'])
  })

  test.each<[string, Story]>([
    ['the pod was stopped', { wasStopped: true }],
    ['automatic stops are paused', { settings: { areAutoStopsPaused: true } }],
    ['it is a dry run', { settings: { isAutoStopDryRun: true } }],
    ['the pod is kept running', { guard: ticked({ keepOn: { sinceMs: 0, untilMs: null } }) }],
    ['the pod isn’t selected', { guard: { autoStop: 'ticked', pods: {} } }],
    ['auto-stop is off', { guard: { autoStop: 'off', pods: { 'pod-1': { isAutoStopped: true } } } }],
  ])('is no alert where %s', async (_, story) => {
    const rig = await startInOutage(story)
    await pass(rig, 120)
    expect(unableTitles(rig)).toEqual([])
  })
})
