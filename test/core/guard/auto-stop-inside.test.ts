import { describe, expect, test } from 'vitest'
import type { LookInside } from '../../../src/core/guard/evidence/inside-looks'
import type { InsideReading } from '../../../src/core/idle/inside/inside-look'
import { fail, ok, type Result } from '../../../src/core/base/result'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../src/core/base/time/time'
import type { MonitorFixture } from '../../harness/monitor/monitor-fixture'
import {
  actionsSentBy,
  decisionTextsOf,
  startGuardedMonitor,
  stopStatusOf,
  ticked,
} from '../../harness/guard/guarded-monitor'
import { pod, telemetry } from '../../harness/samples/pods'

type Finding = InsideReading['verdict'] | { readonly failure: string }

/** A pod with 104 cores at 1%: background noise, or one busy core. `find` is asked at the end of each look. */
async function startDoubtfulPod(
  find: (fixture: MonitorFixture & { readonly looksSoFar: number }) => Finding,
  options: Parameters<typeof startGuardedMonitor>[0] = {},
) {
  const looks: number[] = []
  const canceled: string[] = []
  let fixture: MonitorFixture | null = null
  const lookInside: LookInside = ({ id }) => {
    const { clock } = fixture!
    looks.push(clock.now().monotonicMs)
    const result = new Promise<Result<InsideReading, string>>((resolve) =>
      clock.schedule(62 * SECOND_MS, () => {
        const finding = find({ ...fixture!, looksSoFar: looks.length })
        if (typeof finding === 'object') resolve(fail(finding.failure))
        else resolve(ok(readingOf(finding, fixture!)))
      }),
    )
    return { result, cancel: () => canceled.push(id) }
  }
  fixture = await startGuardedMonitor({
    pod: { vcpuCount: 104, telemetry: telemetry({ cpuUtilPercent: 1 }) },
    lookInside: (one) => lookInside(one),
    ...options,
  })
  return { ...fixture, looks, canceled }
}

const readingOf = (verdict: InsideReading['verdict'], { clock }: MonitorFixture): InsideReading => ({
  verdict,
  at: clock.now(),
  intervalMs: MINUTE_MS,
  processCount: 3,
  busiest: { name: 'python3', percentOfCore: verdict === 'working' ? 97 : 1 },
  diskBytesPerS: 0,
  networkBytesPerS: 0,
})

const conditionsOf = (rig: MonitorFixture): readonly string[] => {
  const status = stopStatusOf(rig)
  return status?.kind === 'blocked' ? status.conditions : []
}

describe('a pod whose rest cannot be told from outside', () => {
  test('is stopped in time if looks from inside find it at rest', async () => {
    const rig = await startDoubtfulPod(() => 'at-rest')
    await rig.clock.advanceAsync(29 * MINUTE_MS)
    expect(rig.looks).toEqual([])
    await rig.clock.advanceAsync(31 * MINUTE_MS)
    expect(actionsSentBy(rig)).toEqual([])
    await rig.clock.advanceAsync(6 * MINUTE_MS)
    expect(actionsSentBy(rig)).toEqual(['stop pod-1'])
    expect(decisionTextsOf(rig)).toContainEqual(
      expect.stringMatching(/^trainer is being stopped automatically\. It has been quiet for 1 h \d min\./),
    )
    const betweenMs = rig.looks.slice(1).map((atMs, index) => atMs - (rig.looks[index] ?? 0))
    for (const ms of betweenMs) expect(ms).toBeGreaterThanOrEqual(10 * MINUTE_MS)
  })

  test('is never stopped if they fail', async () => {
    const rig = await startDoubtfulPod(() => ({ failure: "its host key isn't trusted yet" }))
    await rig.clock.advanceAsync(5 * HOUR_MS)
    expect(actionsSentBy(rig)).toEqual([])
    expect(conditionsOf(rig)).toContain('cannot-tell')
    expect(rig.looks.length).toBeGreaterThan(20)
    expect(rig.looks.length).toBeLessThanOrEqual(28)
  })

  test('is never stopped if they find work, which restarts its quiet window each time', async () => {
    const rig = await startDoubtfulPod(() => 'working')
    await rig.clock.advanceAsync(5 * HOUR_MS)
    expect(actionsSentBy(rig)).toEqual([])
    // Half an hour before each stop, and then after a verdict of 15 minutes and another half hour.
    expect(rig.looks.length).toBeGreaterThanOrEqual(5)
    expect(rig.looks.length).toBeLessThanOrEqual(7)
  })

  test('is stopped after an hour without work once looks find it at rest again', async () => {
    const rig = await startDoubtfulPod(({ looksSoFar }) => (looksSoFar === 1 ? 'working' : 'at-rest'))
    await rig.clock.advanceAsync((31 + 15 + 59) * MINUTE_MS)
    expect(actionsSentBy(rig)).toEqual([])
    await rig.clock.advanceAsync(8 * MINUTE_MS)
    expect(actionsSentBy(rig)).toEqual(['stop pod-1'])
  })

  test('is never stopped if nothing can look', async () => {
    const rig = await startGuardedMonitor({
      pod: { vcpuCount: 104, telemetry: telemetry({ cpuUtilPercent: 1 }) },
    })
    await rig.clock.advanceAsync(5 * HOUR_MS)
    expect(actionsSentBy(rig)).toEqual([])
    expect(conditionsOf(rig)).toContain('cannot-tell')
  })

  test('is not stopped by a verdict once looks fail or find work', async () => {
    for (const later of ['working', { failure: 'it was not reached' }] as const) {
      const rig = await startDoubtfulPod(({ clock }) =>
        clock.now().monotonicMs < 45 * MINUTE_MS ? 'at-rest' : later,
      )
      await rig.clock.advanceAsync(5 * HOUR_MS)
      expect(actionsSentBy(rig)).toEqual([])
    }
  })

  test('is not looked into if it is not selected, or if low CPU counts as idle', async () => {
    for (const guard of [{ autoStop: 'ticked', pods: {} } as const, ticked({ isLowCpuIdle: true })]) {
      const rig = await startDoubtfulPod(() => 'at-rest', { guard })
      await rig.clock.advanceAsync(5 * HOUR_MS)
      expect(rig.looks).toEqual([])
    }
  })
})

describe('a look that a person requests', () => {
  test('shows in the pod’s view while it runs, and what it found', async () => {
    const rig = await startDoubtfulPod(() => 'working')
    expect(rig.monitor.snapshot().pods[0]?.insideLook).toBeNull()
    const look = rig.monitor.lookInside('pod-1')
    await rig.clock.advanceAsync(SECOND_MS)
    expect(rig.published.at(-1)?.pods[0]?.insideLook).toEqual({
      isRunning: true,
      verdict: null,
      obstacle: null,
    })
    await rig.clock.advanceAsync(62 * SECOND_MS)
    expect(await look).toMatchObject({ ok: true, value: { kind: 'working' } })
    expect(rig.published.at(-1)?.pods[0]?.insideLook).toMatchObject({
      isRunning: false,
      verdict: { kind: 'working' },
    })
  })

  test('needs a pod that is on the list', async () => {
    const rig = await startDoubtfulPod(() => 'working')
    expect(await rig.monitor.lookInside('other')).toMatchObject({ ok: false })
  })

  test('ends with the monitor', async () => {
    const rig = await startDoubtfulPod(() => 'working')
    const look = rig.monitor.lookInside('pod-1')
    rig.monitor.dispose()
    expect(await look).toEqual({
      ok: false,
      error: `Podkeeper couldn't look inside ${pod().name}: Podkeeper is quitting.`,
    })
    expect(rig.canceled).toEqual(['pod-1'])
  })
})
