import { describe, expect, test } from 'vitest'
import type { Pod } from '../../src/core/pods/pod'
import type { ProviderError } from '../../src/core/pods/provider'
import { ok, type Result } from '../../src/core/base/result'
import { HOUR_MS, MINUTE_MS } from '../../src/core/base/time'
import { settle } from '../harness/clock'
import { createMonitorRig, type MonitorRig } from '../harness/monitor'
import { pod, stoppedPod } from '../harness/pods'
import { deferred, failure } from '../harness/provider'

async function started(options: Parameters<typeof createMonitorRig>[0] = {}): Promise<MonitorRig> {
  const rig = createMonitorRig({ pods: [pod()], ...options })
  rig.monitor.start()
  await settle()
  return rig
}
const shown = ({ monitor }: MonitorRig) => monitor.snapshot().pods[0]
const sends = ({ log }: MonitorRig) => log.filter((line) => /^(stop|start) /.test(line))
const requests = ({ log }: MonitorRig) => log.filter((line) => /^(stop|start|get|list)/.test(line))
async function listsInTwoMinutes(rig: MonitorRig): Promise<number> {
  const lists = () => rig.log.filter((line) => line === 'list').length
  const before = lists()
  await rig.clock.pass(2 * MINUTE_MS)
  return lists() - before
}
const nextRun = (rig: MonitorRig, laterMs: number, pods: readonly Pod[]) => {
  rig.monitor.dispose()
  rig.clock.restart('run-2')
  rig.clock.advance(laterMs)
  return started({ earlier: rig, pods })
}

describe('a stop', () => {
  test('is shown with its undo, sent after 5 seconds, looked after at once, and seen to be done', async () => {
    const rig = await started()
    expect(rig.monitor.act('pod-1', 'stop')).toEqual(ok(undefined))
    expect(shown(rig)?.intent).toMatchObject({
      phase: 'scheduled',
      undoUntilMs: rig.clock.now().wallMs + 5_000,
    })
    rig.provider.script.actions.push(() => {
      rig.provider.pods = [stoppedPod()]
      return ok(null)
    })
    await rig.clock.pass(5_000)
    expect(requests(rig)).toEqual(['list', 'stop pod-1', 'list'])
    expect(shown(rig)).toMatchObject({ phase: 'stopped', intent: { phase: 'observed' } })
  })

  test('that its answer shows done needs no other look', async () => {
    const rig = await started()
    rig.monitor.act('pod-1', 'stop')
    rig.provider.script.actions.push(() => ok(stoppedPod()))
    rig.provider.script.lists.push(() => failure('unreachable'))
    await rig.clock.pass(5_000)
    expect(shown(rig)).toMatchObject({ phase: 'stopped', intent: { phase: 'observed' } })
  })

  test('under way is looked after every 5 seconds', async () => {
    const rig = await started()
    rig.monitor.act('pod-1', 'stop')
    await rig.clock.pass(5_000)
    expect(rig.clock.pending()).toEqual([5_000])
  })

  test('that does not happen within 2 minutes is told of', async () => {
    const rig = await started()
    rig.monitor.act('pod-1', 'stop')
    await rig.clock.pass(2 * MINUTE_MS)
    expect(shown(rig)?.intent?.phase).toBe('accepted')
    await rig.clock.pass(10_000)
    expect(shown(rig)?.intent?.phase).toBe('did-not-happen')
    expect(rig.alerts.map(({ title }) => title)).toEqual(['trainer: stop did not happen'])
    expect(rig.monitor.snapshot().notices).toEqual([])
  })

  test('is undone within 5 seconds', async () => {
    const rig = await started()
    rig.monitor.act('pod-1', 'stop')
    expect(rig.monitor.undo(shown(rig)?.intent?.id ?? '')).toEqual(ok(undefined))
    await rig.clock.pass(HOUR_MS)
    expect(sends(rig)).toEqual([])
    expect(rig.alerts).toEqual([])
    expect(rig.monitor.snapshot().notices).toEqual([])
  })

  test('that the key may not do says so, and makes the account one that only looks', async () => {
    const rig = await started()
    rig.monitor.act('pod-1', 'stop')
    rig.provider.script.actions.push(() => failure('forbidden'))
    await rig.clock.pass(5_000)
    expect(rig.monitor.snapshot().account?.isMonitorOnly).toBe(true)
    expect(rig.alerts).toMatchObject([{ title: 'trainer: stop failed', body: 'It said forbidden.' }])
  })

  test('is refused for a pod that does not allow it, is not known, or has one under way', async () => {
    const rig = await started({ pods: [pod(), stoppedPod({ id: 'off' }), pod({ id: 'c', clusterId: 'c' })] })
    for (const podId of ['off', 'c', 'stranger']) expect(rig.monitor.act(podId, 'stop').ok).toBe(false)
    rig.monitor.act('pod-1', 'stop')
    expect(rig.monitor.act('pod-1', 'stop').ok).toBe(false)
    await rig.clock.pass(MINUTE_MS)
    expect(sends(rig)).toEqual(['stop pod-1'])
  })

  test('in whose 5 seconds the machine slept looks first', async () => {
    const rig = await started()
    rig.monitor.act('pod-1', 'stop')
    rig.monitor.suspend()
    rig.clock.moveWall(HOUR_MS)
    rig.monitor.resume()
    rig.provider.pods = [pod({ startedAtMs: 1 })]
    await rig.clock.pass(10_000)
    expect(sends(rig)).toEqual([])
    expect(rig.log).toContain('get pod-1')
    expect(rig.monitor.snapshot().notices).toMatchObject([
      { podId: 'pod-1', text: 'trainer changed before the stop was sent, so nothing was sent.' },
    ])
  })

  test('whose look finds nothing does not make its pod gone: one 404 is not enough', async () => {
    const rig = await started()
    rig.monitor.act('pod-1', 'stop')
    rig.clock.moveWall(HOUR_MS)
    rig.provider.script.gets.push(() => failure('not-found'))
    await rig.clock.pass(5_000)
    expect(sends(rig)).toEqual([])
    expect(rig.monitor.snapshot()).toMatchObject({ pods: [{ id: 'pod-1' }], tombstones: [] })
  })

  test('is not judged by a list that was asked for before it was sent', async () => {
    const rig = await started()
    const answer = deferred<Result<Pod | null, ProviderError>>()
    rig.provider.script.actions.push(() => answer.promise)
    const old = deferred<void>()
    rig.provider.script.lists.push(async () => {
      await old.promise
      return ok({ pods: [stoppedPod()], isComplete: true })
    })
    rig.monitor.act('pod-1', 'stop')
    await rig.clock.pass(4_000)
    rig.monitor.refresh()
    await rig.clock.pass(1_000)
    old.resolve()
    await settle()
    expect(shown(rig)?.intent?.phase).toBe('sent')
  })
})

describe('an open action always comes to an end', () => {
  test.each<[string, readonly Pod[]]>([
    ['the API calls its pod terminated', [pod({ phase: 'terminated', rawStatus: 'TERMINATED' })]],
    ['its pod vanishes', []],
  ])('when %s', async (_, pods) => {
    const rig = await started()
    rig.monitor.act('pod-1', 'stop')
    await rig.clock.pass(6_000)
    rig.provider.pods = pods
    await rig.clock.pass(MINUTE_MS)
    expect(rig.monitor.snapshot()).toMatchObject({ pods: [], tombstones: [{ id: 'pod-1' }] })
    expect(rig.alerts).toMatchObject([{ title: 'trainer: stop failed', body: 'The pod is gone.' }])
    expect(rig.journal.open()).toEqual([])
    expect(await listsInTwoMinutes(rig)).toBe(2)
  })

  test.each<[string, readonly Pod[]]>([
    ['is not found any more', []],
    ['is called terminated', [pod({ phase: 'terminated', rawStatus: 'TERMINATED' })]],
  ])('when Podkeeper comes back and its pod %s', async (_, pods) => {
    const rig = await started()
    rig.monitor.act('pod-1', 'stop')
    await rig.clock.pass(6_000)
    const next = await nextRun(rig, HOUR_MS, pods)
    await next.clock.pass(MINUTE_MS)
    expect(next.alerts).toMatchObject([{ title: 'trainer: stop failed', body: 'The pod is gone.' }])
    expect(await listsInTwoMinutes(next)).toBe(2)
  })

  test('but not by one list and one 404, as long as its pod is not gone by the rules', async () => {
    const rig = await started()
    rig.monitor.act('pod-1', 'stop')
    await rig.clock.pass(6_000)
    rig.provider.pods = []
    await rig.clock.pass(5_000)
    expect(rig.log).toContain('get pod-1')
    expect(shown(rig)?.intent?.phase).toBe('accepted')
    rig.provider.pods = [stoppedPod()]
    await rig.clock.pass(5_000)
    expect(shown(rig)?.intent?.phase).toBe('observed')
  })

  test('when lists can no longer read its pod, a single read decides', async () => {
    const rig = await started()
    rig.monitor.act('pod-1', 'stop')
    await rig.clock.pass(6_000)
    rig.provider.isComplete = false
    rig.provider.pods = []
    rig.provider.script.gets.push(
      () => failure('unreachable'),
      () => ok(stoppedPod()),
    )
    await rig.clock.pass(MINUTE_MS)
    expect(shown(rig)).toMatchObject({ phase: 'stopped', intent: { phase: 'observed' } })
    expect(rig.log.filter((line) => line === 'get pod-1')).toHaveLength(2)
  })
})

describe('a restart of Podkeeper', () => {
  test('in the 5 seconds of undo cancels the stop, and says so', async () => {
    const rig = await started()
    rig.monitor.act('pod-1', 'stop')
    await rig.clock.pass(2_000)
    const next = await nextRun(rig, 1_000, [pod()])
    await next.clock.pass(HOUR_MS)
    expect(sends(next)).toEqual([])
    expect(next.monitor.snapshot().notices).toMatchObject([
      { podId: 'pod-1', text: expect.stringContaining('nothing was sent') as string },
    ])
    expect(next.monitor.act('pod-1', 'stop').ok).toBe(true)
  })

  test('reconciles what was sent by reading', async () => {
    const rig = await started()
    rig.provider.script.actions.push(() => new Promise(() => {}))
    rig.monitor.act('pod-1', 'stop')
    await rig.clock.pass(6_000)
    const next = await nextRun(rig, HOUR_MS, [stoppedPod()])
    expect(shown(next)?.intent?.phase).toBe('observed')
    expect(requests(next)).toEqual(['list'])
  })
})
