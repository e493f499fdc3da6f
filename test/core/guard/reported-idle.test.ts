import { describe, expect, test } from 'vitest'
import type { ManagedPod } from '../../../src/core/pods/pod'
import { HOUR_MS, MINUTE_MS } from '../../../src/core/base/time/time'
import { createMonitorFixture, type MonitorFixture } from '../../harness/monitor/monitor-fixture'
import { flushPromises } from '../../harness/base/fake-clock'
import {
  actionsSentBy,
  alertTitlesOf,
  oneHourAutoStop,
  startGuardedMonitor,
  stopStatusOf,
  ticked,
} from '../../harness/guard/guarded-monitor'
import { pod } from '../../harness/samples/pods'

const managedPod = (idleMinutes: number | null): ManagedPod => ({
  cloudPodId: null,
  idleMinutes,
  stopsAtMs: null,
  terminatesAtMs: null,
})

/** A pod of a lab: it has no figures of its own, and its report is `reportAt` this minute. */
function labPod(clock: MonitorFixture['clock'], reportAt: (minute: number) => number | null) {
  const startMs = clock.now().wallMs
  return {
    ...pod({ telemetry: null, startedAtMs: null }),
    get managed() {
      return managedPod(reportAt(Math.floor((clock.now().wallMs - startMs) / MINUTE_MS)))
    },
  }
}

async function startLab(
  reportAt: (minute: number) => number | null,
  options: Parameters<typeof startGuardedMonitor>[0] = {},
): Promise<MonitorFixture> {
  const rig = await startGuardedMonitor({ pods: [], ...options })
  rig.provider.pods = [labPod(rig.clock, reportAt)]
  return rig
}

const idleTitles = (rig: MonitorFixture): string[] => alertTitlesOf(rig, 'idle')

describe('a pod of a lab that has no figures of its own', () => {
  test('is reported idle once the report reaches the time of the alert, and not before', async () => {
    const rig = await startLab((minute) => minute)
    await rig.clock.advanceAsync(14 * MINUTE_MS)
    expect(idleTitles(rig)).toEqual([])
    await rig.clock.advanceAsync(3 * MINUTE_MS)
    expect(idleTitles(rig)).toEqual(['trainer has been idle for 15 min'])
    expect(rig.alerts.at(-1)?.body).toMatch(/^Hubify reports 15 min idle · \$0\.50 so far/)
    await rig.clock.advanceAsync(46 * MINUTE_MS)
    expect(alertTitlesOf(rig, 'idle-reminder')).toHaveLength(1)
  })

  test.each([
    ['a report of 0', () => 0],
    ['no report', () => null],
  ])('is never reported idle at %s', async (_, reportAt) => {
    const rig = await startLab(reportAt)
    await rig.clock.advanceAsync(3 * HOUR_MS)
    expect(idleTitles(rig)).toEqual([])
    expect(rig.monitor.snapshot().pods[0]?.idleCostUsd).toBeNull()
  })

  test('costs while it is reported idle', async () => {
    const rig = await startLab(() => 30)
    await rig.clock.advanceAsync(2 * MINUTE_MS)
    expect(rig.monitor.snapshot()).toMatchObject({ idleCount: 1, pods: [{ idleCostUsd: 1 }] })
  })

  test('is never stopped automatically, and its card says why instead of a time', async () => {
    for (const reportAt of [(minute: number) => minute, () => 600, () => null]) {
      const rig = await startLab(reportAt)
      await rig.clock.advanceAsync(4 * HOUR_MS)
      expect(actionsSentBy(rig)).toEqual([])
      expect(alertTitlesOf(rig, 'auto-stop-soon')).toEqual([])
      expect(stopStatusOf(rig)).toEqual({
        kind: 'watching',
        dueAtMs: null,
        held: {
          cause: 'quiet',
          why: 'it reports no metrics, and only its own metrics can show that it is quiet',
        },
      })
    }
  })

  test('is not reported again after a restart, as the same idle time', async () => {
    const before = await startLab((minute) => minute, {
      settings: { ...oneHourAutoStop, idleAlertEveryMin: 1 },
    })
    await before.clock.advanceAsync(20 * MINUTE_MS)
    expect(idleTitles(before)).toHaveLength(1)
    before.monitor.dispose()
    before.clock.restart('run-2')
    const after = createMonitorFixture({ earlier: before })
    after.monitor.start()
    await flushPromises()
    await after.clock.advanceAsync(20 * MINUTE_MS)
    expect(after.monitor.snapshot().idleCount).toBe(1)
    expect(idleTitles(after)).toEqual([])
  })

  test('is reported again after it worked', async () => {
    const rig = await startLab((minute) => (minute < 30 ? minute : Math.max(0, minute - 33)), {
      settings: { ...oneHourAutoStop, idleAlertEveryMin: 1 },
    })
    await rig.clock.advanceAsync(52 * MINUTE_MS)
    expect(idleTitles(rig)).toHaveLength(2)
  })

  test('is busy while a terminal of ours has input, whatever is reported', async () => {
    const rig = await startLab(() => 40, { inputAgoMs: () => 0 })
    await rig.clock.advanceAsync(20 * MINUTE_MS)
    expect(rig.monitor.snapshot().pods[0]?.activity).toMatchObject({ kind: 'busy', by: 'terminal' })
    expect(rig.alerts).toEqual([])
  })

  test('is stopped at its maximum hours, which need no figures', async () => {
    const rig = await startLab((minute) => minute, {
      guard: ticked({ maxHours: 2 }),
    })
    rig.provider.pods = [{ ...pod({ telemetry: null, managed: managedPod(5) }) }]
    await rig.clock.advanceAsync(2 * HOUR_MS + 10 * MINUTE_MS)
    expect(actionsSentBy(rig)).toEqual(['stop pod-1'])
  })
})

describe('a pod whose figures vanish', () => {
  test('is not stopped by a report that continues', async () => {
    const rig = await startGuardedMonitor({ pod: { managed: managedPod(null) } })
    await rig.clock.advanceAsync(45 * MINUTE_MS)
    expect(stopStatusOf(rig)).toMatchObject({ kind: 'planned' })
    const { provider, clock } = rig
    const sinceMs = clock.now().monotonicMs
    provider.pods = provider.pods.map((one) => ({
      ...one,
      telemetry: null,
      managed: managedPod(45 + Math.floor((clock.now().monotonicMs - sinceMs) / MINUTE_MS)),
    }))
    await clock.advanceAsync(3 * HOUR_MS)
    expect(actionsSentBy(rig)).toEqual([])
    expect(stopStatusOf(rig)).toMatchObject({ kind: 'watching', dueAtMs: null, held: { cause: 'quiet' } })
  })
})
