import { describe, expect, test } from 'vitest'
import type { Pod } from '../../src/core/pods/pod'
import type { PodList, ProviderError } from '../../src/core/pods/provider'
import { ok, type Result } from '../../src/core/base/result'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/core/base/time'
import { settle, START_MS } from '../harness/clock'
import { createMonitorRig, livePod, type MonitorRig } from '../harness/monitor'
import { gpus, pod, stoppedPod, telemetry } from '../harness/pods'
import { deferred, failure } from '../harness/provider'

const snapshot = ({ monitor }: MonitorRig) => monitor.snapshot()
const gets = ({ log }: MonitorRig) => log.filter((line) => line.startsWith('get')).length

async function started(options: Parameters<typeof createMonitorRig>[0] = {}): Promise<MonitorRig> {
  const rig = createMonitorRig({ pods: [pod()], ...options })
  rig.monitor.start()
  await settle()
  return rig
}
/** A monitor over one pod with fresh figures. */
async function watching(base = pod(), earlier?: MonitorRig): Promise<MonitorRig> {
  const rig = createMonitorRig(earlier ? { earlier } : {})
  rig.provider.pods = [livePod(rig.clock, base)]
  rig.monitor.start()
  await settle()
  return rig
}
const busyPod = pod({ telemetry: telemetry({ gpus: gpus(90) }) })

describe('a pod that leaves the list', () => {
  test('is asked for after two complete lists, and gone when a GET says 404', async () => {
    const rig = await started()
    rig.provider.pods = []
    await rig.clock.pass(15_000)
    expect(snapshot(rig).pods).toHaveLength(1)
    expect(gets(rig)).toBe(0)
    await rig.clock.pass(15_000)
    expect(gets(rig)).toBe(1)
    expect(snapshot(rig)).toMatchObject({ pods: [], tombstones: [{ id: 'pod-1', how: 'vanished' }] })
    await rig.clock.pass(DAY_MS)
    expect(snapshot(rig).tombstones).toEqual([])
  })

  test('stays when the GET finds it, or is not answered', async () => {
    const rig = await started()
    rig.provider.script.gets.push(
      () => ok(pod()),
      () => failure('unreachable'),
    )
    rig.provider.pods = []
    await rig.clock.pass(60_000)
    expect(gets(rig)).toBe(2)
    expect(snapshot(rig)).toMatchObject({ pods: [{ id: 'pod-1' }], tombstones: [] })
  })

  test('by partial lists, or by lists that fail, is not asked for', async () => {
    const rig = await started()
    rig.provider.pods = []
    rig.provider.isComplete = false
    rig.provider.script.lists.push(
      () => failure('unreachable'),
      () => failure('unreadable'),
    )
    await rig.clock.pass(10 * MINUTE_MS)
    expect(gets(rig)).toBe(0)
    expect(snapshot(rig)).toMatchObject({ pods: [{ id: 'pod-1' }], isPicturePartial: true })
  })

  test('together with many others does not use up the quota: ten are asked for in one turn', async () => {
    const rig = await started({ pods: Array.from({ length: 25 }, (_, index) => pod({ id: `pod-${index}` })) })
    rig.provider.pods = []
    await rig.clock.pass(30_000)
    expect(gets(rig)).toBe(10)
    await rig.clock.pass(30_000)
    expect(snapshot(rig)).toMatchObject({ pods: [], tombstones: { length: 25 } })
  })
})

describe('an idle pod', () => {
  test('is told of once, after 15 observed minutes, with the mark saved before it is shown', async () => {
    const rig = await watching()
    await rig.clock.pass(15 * MINUTE_MS - 1)
    expect(rig.alerts).toEqual([])
    expect(snapshot(rig).idleCount).toBe(0)
    await rig.clock.pass(1)
    expect(rig.log.slice(-2)).toEqual(['save marks', 'show trainer is idle for 15 min'])
    expect(snapshot(rig)).toMatchObject({ idleCount: 1, pods: [{ idleCostUsd: 0.5 }] })
    await rig.clock.pass(HOUR_MS - 15 * MINUTE_MS - 1)
    expect(rig.alerts).toHaveLength(1)
    expect(rig.log.filter((line) => line === 'save marks')).toHaveLength(1)
  })

  test('is not told of while it works, nor in the night when nobody asked', async () => {
    const rig = await watching(busyPod)
    await rig.clock.pass(HOUR_MS)
    rig.provider.pods = [livePod(rig.clock, pod())]
    await rig.clock.pass(10 * MINUTE_MS)
    rig.monitor.suspend()
    rig.clock.advance(9 * HOUR_MS)
    rig.monitor.resume()
    await rig.clock.pass(10 * MINUTE_MS)
    expect(rig.alerts).toEqual([])
    await rig.clock.pass(6 * MINUTE_MS)
    expect(rig.alerts).toHaveLength(1)
  })

  test('is not told of again within 2 hours by the next run', async () => {
    const first = await watching()
    await first.clock.pass(15 * MINUTE_MS)
    expect(first.alerts).toHaveLength(1)
    first.monitor.dispose()
    first.clock.restart('run-2')
    const next = await watching(pod(), first)
    const told = () => next.alerts.filter(({ key }) => key.kind === 'idle')
    await next.clock.pass(HOUR_MS)
    expect(told()).toEqual([])
    await next.clock.pass(HOUR_MS)
    expect(told()).toHaveLength(1)
  })

  test('whose figures are stale is not told of', async () => {
    const rig = await started()
    await rig.clock.pass(HOUR_MS)
    expect(rig.alerts).toEqual([])
    expect(snapshot(rig).pods[0]?.activity).toMatchObject({ kind: 'unknown', reason: 'uptime-stale' })
  })
})

describe('the picture', () => {
  test('adds up the burn, "at least" where a cost is missing', async () => {
    const rig = await started({
      pods: [pod(), stoppedPod({ id: 'old' }), pod({ id: 'odd', costPerHourUsd: null })],
    })
    expect(snapshot(rig).burn.isAtLeast).toBe(true)
    expect(snapshot(rig).burn.perHourUsd).toBeCloseTo(2 + (100 * 0.2) / 720, 12)
  })

  test('has a sparkline of each running pod', async () => {
    const rig = await watching(busyPod)
    await rig.clock.pass(MINUTE_MS)
    expect(rig.monitor.histories(['pod-1'])).toMatchObject([{ podId: 'pod-1', points: { length: 5 } }])
  })

  test('carries what is to be said at the start, until it is dismissed', async () => {
    const rig = await started({ openingNotices: ['The journal was damaged.', 'Odd settings.'] })
    const [first] = snapshot(rig).notices
    expect(snapshot(rig).notices.map(({ text }) => text)).toEqual([
      'The journal was damaged.',
      'Odd settings.',
    ])
    rig.monitor.dismissNotice(first?.id ?? '')
    expect(snapshot(rig).notices.map(({ text }) => text)).toEqual(['Odd settings.'])
    expect(rig.published.at(-1)?.notices).toHaveLength(1)
  })

  test('no longer goes to who unsubscribed', async () => {
    const rig = createMonitorRig()
    let count = 0
    const unsubscribe = rig.monitor.subscribe(() => (count += 1))
    rig.monitor.start()
    await settle()
    const before = count
    expect(before).toBeGreaterThan(0)
    unsubscribe()
    await rig.clock.pass(HOUR_MS)
    expect(count).toBe(before)
  })
})

describe('the end', () => {
  test('cancels every wait, ends the reads, and publishes nothing any more', async () => {
    const rig = await started()
    const answer = deferred<Result<PodList, ProviderError>>()
    rig.provider.script.lists.push(() => answer.promise)
    rig.monitor.refresh()
    rig.monitor.dispose()
    expect(rig.log.at(-1)).toBe('abort')
    const before = rig.published.length
    answer.resolve(ok({ pods: [], isComplete: true }))
    await settle()
    rig.monitor.refresh()
    rig.monitor.resume()
    await rig.clock.pass(DAY_MS)
    expect(rig.clock.pending()).toEqual([])
    expect(rig.published).toHaveLength(before)
    expect(rig.log.at(-1)).toBe('abort')
  })

  test('in the middle of a turn leaves nothing to be told', async () => {
    const rig = await watching()
    rig.provider.pods = [livePod(rig.clock, pod()), pod({ id: 'other' })]
    await rig.clock.pass(15 * MINUTE_MS - 30_000)
    const answer = deferred<Result<Pod, ProviderError>>()
    rig.provider.script.gets.push(() => answer.promise)
    rig.provider.pods = rig.provider.pods.slice(0, 1)
    await rig.clock.pass(60_000)
    expect(gets(rig)).toBe(1)
    rig.monitor.dispose()
    answer.resolve(failure('unreachable'))
    await settle()
    expect(rig.alerts).toEqual([])
    expect(rig.log).not.toContain('save marks')
  })
})

describe('while alerts are paused', () => {
  test('an idle pod is shown and not told; it is told after the pause, once', async () => {
    const rig = createMonitorRig({ settings: { idleAlertAfterMin: 1, bootMin: 0 } })
    rig.provider.pods = [livePod(rig.clock, pod())]
    rig.pause.untilMs = START_MS + 60 * MINUTE_MS
    rig.monitor.start()
    await rig.clock.pass(10 * MINUTE_MS)
    expect(rig.monitor.snapshot()).toMatchObject({ idleCount: 1, alertsPausedUntilMs: rig.pause.untilMs })
    expect(rig.alerts).toEqual([])
    rig.pause.untilMs = null
    await rig.clock.pass(10 * MINUTE_MS)
    expect(rig.alerts).toHaveLength(1)
    expect(rig.monitor.snapshot().alertsPausedUntilMs).toBeNull()
  })

  test('what became of an action is told all the same', async () => {
    const rig = createMonitorRig({ pods: [pod()] })
    rig.pause.untilMs = START_MS + 60 * MINUTE_MS
    rig.monitor.start()
    rig.provider.script.actions.push(() => failure('forbidden'))
    await rig.clock.pass(0)
    rig.monitor.act('pod-1', 'stop')
    await rig.clock.pass(MINUTE_MS)
    expect(rig.alerts).toHaveLength(1)
  })
})
