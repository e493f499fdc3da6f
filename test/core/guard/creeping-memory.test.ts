import { describe, expect, test } from 'vitest'
import type { LookInside } from '../../../src/core/guard/evidence/inside-looks'
import { ok } from '../../../src/core/base/result'
import type { Pod } from '../../../src/core/pods/pod'
import { HOUR_MS, MINUTE_MS } from '../../../src/core/base/time/time'
import type { MonitorFixture } from '../../harness/monitor/monitor-fixture'
import {
  actionsSentBy,
  alertTitlesOf,
  startGuardedMonitor,
  stopStatusOf,
} from '../../harness/guard/guarded-monitor'
import { gpus, telemetry } from '../../harness/samples/pods'

/*
 * A pod that is idle, and whose memory is `memoryAt(minutes)` percent. It is stopped after an hour of quiet, with
 * warnings half an hour and five minutes before. See docs/product-rules.md#25-quiet.
 */
async function startPod(
  memoryAt: (minutes: number) => number,
  options: Parameters<typeof startGuardedMonitor>[0] = {},
  isBusyAt: (minutes: number) => boolean = () => false,
): Promise<MonitorFixture> {
  const rig = await startGuardedMonitor(options)
  const { provider, clock } = rig
  const startMs = clock.now().monotonicMs
  const original = { ...provider }
  const withFigures = (pod: Pod): Pod => {
    const minutes = (clock.now().monotonicMs - startMs) / MINUTE_MS
    const figures = { memoryUtilPercent: memoryAt(minutes), gpus: gpus(isBusyAt(minutes) ? 90 : 0) }
    return { ...pod, telemetry: telemetry({ ...pod.telemetry, ...figures }) }
  }
  provider.listPods = async () => {
    const reply = await original.listPods()
    return reply.ok ? ok({ ...reply.value, pods: reply.value.pods.map(withFigures) }) : reply
  }
  provider.getPod = async (id) => {
    const reply = await original.getPod(id)
    return reply.ok ? ok(withFigures(reply.value)) : reply
  }
  return rig
}

/** 2 points in `minutes`. */
const creeping = (minutes: number) => (at: number) => 20 + (2 * at) / minutes

const warningsOf = (rig: MonitorFixture): string[] => alertTitlesOf(rig, 'auto-stop-soon')

const isHeldForMemory = (rig: MonitorFixture): boolean => {
  const status = stopStatusOf(rig)
  return (
    status?.kind === 'blocked' &&
    status.conditions.includes('cannot-tell') &&
    status.text.includes('its memory use changed by 2 points or more')
  )
}

describe('a pod whose memory creeps', () => {
  test.each([31, 36, 40, 45, 50, 55, 59])(
    'by 2 points in %i min is warned of once, and then held',
    async (minutes) => {
      const rig = await startPod(creeping(minutes))
      await rig.clock.advanceAsync(8 * HOUR_MS)
      expect(actionsSentBy(rig)).toEqual([])
      expect(warningsOf(rig).length).toBeLessThanOrEqual(2)
      expect(isHeldForMemory(rig)).toBe(true)
    },
  )

  test('in steps, each after a warning, is warned of once, and then held', async () => {
    const rig = await startPod((at) => 20 + 2 * Math.floor(at / 50))
    await rig.clock.advanceAsync(8 * HOUR_MS)
    expect(actionsSentBy(rig)).toEqual([])
    expect(warningsOf(rig).length).toBeLessThanOrEqual(2)
    expect(isHeldForMemory(rig)).toBe(true)
  })

  test('stays held whenever replies without figures come, also as its plan on hold ends', async () => {
    for (let fromMin = 33; fromMin < 41; fromMin += 0.5) {
      // Memory moves after the first warning, and is still afterwards: without the hold, there would be another one.
      const rig = await startPod((at) => (at < 34 ? 20 : 23))
      const { provider, clock } = rig
      await clock.advanceAsync(fromMin * MINUTE_MS)
      const withFigures = { ...provider }
      provider.listPods = async () => {
        const reply = await withFigures.listPods()
        const withoutFigures = (pod: Pod): Pod => ({ ...pod, telemetry: null })
        return reply.ok ? ok({ ...reply.value, pods: reply.value.pods.map(withoutFigures) }) : reply
      }
      await clock.advanceAsync(0.5 * MINUTE_MS)
      provider.listPods = () => withFigures.listPods()
      await clock.advanceAsync((80 - fromMin) * MINUTE_MS)
      expect(warningsOf(rig)).toHaveLength(1)
      expect(isHeldForMemory(rig)).toBe(true)
    }
  })

  test('by 2 points in more than the time of its rule is stopped', async () => {
    const rig = await startPod(creeping(70))
    await rig.clock.advanceAsync(63 * MINUTE_MS)
    expect(actionsSentBy(rig)).toEqual(['stop pod-1'])
    expect(warningsOf(rig)).toHaveLength(2)
  })

  test('is stopped once its memory was still for the whole time of the rule, with new warnings', async () => {
    const rig = await startPod((at) => creeping(45)(Math.min(at, 180)))
    await rig.clock.advanceAsync(180 * MINUTE_MS)
    expect(isHeldForMemory(rig)).toBe(true)
    const before = warningsOf(rig).length
    await rig.clock.advanceAsync(92 * MINUTE_MS)
    expect(warningsOf(rig)).toHaveLength(before + 2)
    expect(actionsSentBy(rig)).toEqual(['stop pod-1'])
  })

  test('is stopped after a look from inside finds it at rest', async () => {
    let canLook = false
    const lookInside: LookInside = () => {
      const { clock } = rig
      const reading = {
        verdict: 'at-rest' as const,
        at: clock.now(),
        intervalMs: MINUTE_MS,
        processCount: 1,
        busiest: null,
        diskBytesPerS: 0,
        networkBytesPerS: 0,
      }
      const result = canLook
        ? Promise.resolve(ok(reading))
        : Promise.resolve({ ok: false as const, error: "its host key isn't trusted yet" })
      return { result, cancel: () => undefined }
    }
    const rig: MonitorFixture = await startPod(creeping(45), { lookInside: (pod) => lookInside(pod) })
    await rig.clock.advanceAsync(3 * HOUR_MS)
    expect(isHeldForMemory(rig)).toBe(true)
    canLook = true
    await rig.clock.advanceAsync(45 * MINUTE_MS)
    expect(actionsSentBy(rig)).toEqual(['stop pod-1'])
  })

  test('only before its first warning is stopped in time', async () => {
    const rig = await startPod((at) => creeping(10)(Math.min(at, 60)))
    await rig.clock.advanceAsync(60 * MINUTE_MS)
    expect(isHeldForMemory(rig)).toBe(true)
    await rig.clock.advanceAsync(56 * MINUTE_MS)
    expect(warningsOf(rig)).toHaveLength(2)
    await rig.clock.advanceAsync(6 * MINUTE_MS)
    expect(actionsSentBy(rig)).toEqual(['stop pod-1'])
  })

  test('and that works afterwards begins anew', async () => {
    const rig = await startPod(
      (at) => creeping(45)(Math.min(at, 180)),
      {},
      (at) => at >= 181 && at < 183,
    )
    await rig.clock.advanceAsync(180 * MINUTE_MS)
    expect(isHeldForMemory(rig)).toBe(true)
    await rig.clock.advanceAsync(66 * MINUTE_MS)
    expect(actionsSentBy(rig)).toEqual(['stop pod-1'])
  })
})
