import { describe, expect, test } from 'vitest'
import type { LiveGpu } from '../../../src/core/gpus/gpu-reading'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../src/core/base/time/time'
import { actionsSentBy, startGuardedMonitor } from '../../harness/guard/guarded-monitor'
import type { MonitorFixture } from '../../harness/monitor/monitor-fixture'
import { pod } from '../../harness/samples/pods'

const { startedAtMs } = pod()

const gpus = (...utils: readonly (number | null)[]): readonly LiveGpu[] =>
  utils.map((utilPercent, index) => ({
    index,
    name: 'NVIDIA H100 80GB HBM3',
    utilPercent,
    memoryUsedMib: 1,
    memoryTotalMib: 81_559,
    temperatureC: 40,
    powerW: 90,
    powerLimitW: 700,
    isDivided: false,
  }))

const activityOf = ({ monitor }: MonitorFixture) => monitor.snapshot().pods[0]?.activity

/** Looks at the pod every 2 s, as a panel does. */
async function lookFor(rig: MonitorFixture, ms: number, read: () => readonly LiveGpu[], ofRun = startedAtMs) {
  for (let passedMs = 0; passedMs < ms; passedMs += 2 * SECOND_MS) {
    rig.monitor.recordLiveGpus('pod-1', ofRun, read())
    await rig.clock.advanceAsync(2 * SECOND_MS)
  }
}

describe('a pod whose metrics show that it idles', () => {
  test('is stopped after an hour if nobody looks', async () => {
    const rig = await startGuardedMonitor()
    await rig.clock.advanceAsync(66 * MINUTE_MS)
    expect(actionsSentBy(rig)).toEqual(['stop pod-1'])
  })

  test('is busy while a live look finds a GPU at work, and not stopped until an hour after', async () => {
    const rig = await startGuardedMonitor()
    await rig.clock.advanceAsync(50 * MINUTE_MS)
    await lookFor(rig, 3 * MINUTE_MS, () => gpus(0, 87))
    expect(activityOf(rig)).toMatchObject({ kind: 'busy', by: 'gpu' })
    expect(rig.monitor.snapshot().pods[0]?.insideLook).toMatchObject({
      verdict: { kind: 'working', text: 'GPU 1 was at 87%' },
    })
    // The verdict holds for 15 minutes, and then it must be quiet for an hour.
    await rig.clock.advanceAsync(74 * MINUTE_MS)
    expect(actionsSentBy(rig)).toEqual([])
    await rig.clock.advanceAsync(12 * MINUTE_MS)
    expect(actionsSentBy(rig)).toEqual(['stop pod-1'])
  })

  test('is not stopped when a GPU is seen at work right before', async () => {
    const rig = await startGuardedMonitor()
    await rig.clock.advanceAsync(59.5 * MINUTE_MS)
    expect(actionsSentBy(rig)).toEqual([])
    rig.monitor.recordLiveGpus('pod-1', startedAtMs, gpus(6))
    await rig.clock.advanceAsync(40 * MINUTE_MS)
    expect(actionsSentBy(rig)).toEqual([])
  })

  test('is stopped as always when the look finds its GPUs at rest, or nothing', async () => {
    for (const read of [() => gpus(0, 4), () => gpus(null, null), () => []]) {
      const rig = await startGuardedMonitor()
      await lookFor(rig, 66 * MINUTE_MS, read)
      expect(actionsSentBy(rig)).toEqual(['stop pod-1'])
    }
  })

  test('is not kept running by a reading of an earlier run, or of another pod', async () => {
    const rig = await startGuardedMonitor()
    rig.monitor.recordLiveGpus('other', startedAtMs, gpus(99))
    await lookFor(rig, 66 * MINUTE_MS, () => gpus(99), (startedAtMs ?? 0) - 1)
    expect(actionsSentBy(rig)).toEqual(['stop pod-1'])
  })
})

describe('a pod without metrics', () => {
  test('stays unknown and is never stopped, however long a live look finds its GPUs at rest', async () => {
    const rig = await startGuardedMonitor({ pod: { telemetry: null } })
    await lookFor(rig, 5 * HOUR_MS, () => gpus(0, 0))
    expect(activityOf(rig)).toMatchObject({ kind: 'unknown' })
    expect(actionsSentBy(rig)).toEqual([])
  })

  test('is busy while a live look finds a GPU at work', async () => {
    const rig = await startGuardedMonitor({ pod: { telemetry: null } })
    await lookFor(rig, 2 * MINUTE_MS, () => gpus(40))
    expect(activityOf(rig)).toMatchObject({ kind: 'busy' })
    await rig.clock.advanceAsync(3 * MINUTE_MS)
    expect(activityOf(rig)).toMatchObject({ kind: 'unknown' })
  })
})
