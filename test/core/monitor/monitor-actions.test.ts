import { describe, expect, test } from 'vitest'
import type { Pod } from '../../../src/core/pods/pod'
import type { ProviderError } from '../../../src/core/pods/provider'
import { ok, type Result } from '../../../src/core/base/result'
import { HOUR_MS, MINUTE_MS } from '../../../src/core/base/time/time'
import { flushPromises } from '../../harness/base/fake-clock'
import { createMonitorFixture, type MonitorFixture } from '../../harness/monitor/monitor-fixture'
import { pod, stoppedPod } from '../../harness/samples/pods'
import { deferred, failure } from '../../harness/monitor/scripted-provider'

async function started(options: Parameters<typeof createMonitorFixture>[0] = {}): Promise<MonitorFixture> {
  const fixture = createMonitorFixture({ pods: [pod()], ...options })
  fixture.monitor.start()
  await flushPromises()
  return fixture
}
const shown = ({ monitor }: MonitorFixture) => monitor.snapshot().pods[0]
const sends = ({ log }: MonitorFixture) => log.filter((line) => /^(stop|start) /.test(line))
const requests = ({ log }: MonitorFixture) => log.filter((line) => /^(stop|start|get|list)/.test(line))
async function listsInTwoMinutes(fixture: MonitorFixture): Promise<number> {
  const lists = () => fixture.log.filter((line) => line === 'list').length
  const before = lists()
  await fixture.clock.advanceAsync(2 * MINUTE_MS)
  return lists() - before
}
const nextRun = (fixture: MonitorFixture, laterMs: number, pods: readonly Pod[]) => {
  fixture.monitor.dispose()
  fixture.clock.restart('run-2')
  fixture.clock.advance(laterMs)
  return started({ earlier: fixture, pods })
}

describe('a stop', () => {
  test('is shown with its undo, sent after 5 seconds, checked immediately, and observed', async () => {
    const fixture = await started()
    expect(fixture.monitor.act('pod-1', 'stop')).toEqual(ok(undefined))
    expect(shown(fixture)?.intent).toMatchObject({
      phase: 'scheduled',
      undoUntilMs: fixture.clock.now().wallMs + 5_000,
    })
    fixture.provider.script.actions.push(() => {
      fixture.provider.pods = [stoppedPod()]
      return ok(null)
    })
    await fixture.clock.advanceAsync(5_000)
    expect(requests(fixture)).toEqual(['list', 'stop pod-1', 'list'])
    expect(shown(fixture)).toMatchObject({ phase: 'stopped', intent: { phase: 'observed' } })
  })

  test('whose reply shows that it is done needs no further read', async () => {
    const fixture = await started()
    fixture.monitor.act('pod-1', 'stop')
    fixture.provider.script.actions.push(() => ok(stoppedPod()))
    fixture.provider.script.lists.push(() => failure('unreachable'))
    await fixture.clock.advanceAsync(5_000)
    expect(shown(fixture)).toMatchObject({ phase: 'stopped', intent: { phase: 'observed' } })
  })

  test('in progress is checked every 5 seconds', async () => {
    const fixture = await started()
    fixture.monitor.act('pod-1', 'stop')
    await fixture.clock.advanceAsync(5_000)
    expect(fixture.clock.pendingDelaysMs()).toEqual([5_000])
  })

  test('of a pod in error is not called failed by a poll that still shows that error', async () => {
    const broken = pod({
      phase: 'error',
      actions: ['start'],
      statusReason: 'Out of memory.',
      telemetry: null,
    })
    const fixture = await started({ pods: [broken] })
    fixture.monitor.act('pod-1', 'start')
    await fixture.clock.advanceAsync(MINUTE_MS)
    expect(shown(fixture)?.intent?.phase).toBe('accepted')
    fixture.provider.pods = [pod({ phase: 'creating', telemetry: null })]
    await fixture.clock.advanceAsync(MINUTE_MS)
    const steps = fixture.auditEntries.filter(({ kind }) => kind === 'intent').map(({ what }) => what)
    expect(steps).toEqual(['start scheduled', 'start sent', 'start accepted'])
    fixture.provider.pods = [broken]
    await fixture.clock.advanceAsync(MINUTE_MS)
    expect(shown(fixture)?.intent).toMatchObject({ phase: 'failed', message: 'Out of memory.' })
  })

  test('that does not happen within 2 minutes is reported', async () => {
    const fixture = await started()
    fixture.monitor.act('pod-1', 'stop')
    await fixture.clock.advanceAsync(2 * MINUTE_MS)
    expect(shown(fixture)?.intent?.phase).toBe('accepted')
    await fixture.clock.advanceAsync(10_000)
    expect(shown(fixture)?.intent?.phase).toBe('did-not-happen')
    expect(fixture.alerts).toMatchObject([
      {
        title: 'trainer: stop is not confirmed yet',
        body: 'The pod is still running. Podkeeper keeps checking.',
      },
    ])
    expect(fixture.monitor.snapshot().notices).toEqual([])
  })

  test('that takes longer is corrected once it is seen, in the window, the log and an alert', async () => {
    const fixture = await started()
    fixture.monitor.act('pod-1', 'stop')
    await fixture.clock.advanceAsync(3 * MINUTE_MS)
    fixture.provider.pods = [stoppedPod()]
    await fixture.clock.advanceAsync(15_000)
    expect(shown(fixture)).toMatchObject({ phase: 'stopped', intent: { phase: 'observed' } })
    expect(fixture.alerts.map(({ title, body }) => `${title} | ${body}`).slice(1)).toEqual([
      'trainer is stopped now | Its stop took 3 min.',
    ])
    const steps = fixture.auditEntries.filter(({ kind }) => kind === 'intent').map(({ text }) => text)
    expect(steps.slice(-2)).toEqual([
      'The stop of trainer is not confirmed yet. The pod is still running.',
      'trainer stopped.',
    ])
    await fixture.clock.advanceAsync(HOUR_MS)
    expect(fixture.alerts).toHaveLength(2)
  })

  test('that was not confirmed is not the reason for a stop half an hour later, nor beside a newer one', async () => {
    const fixture = await started()
    fixture.monitor.act('pod-1', 'stop')
    await fixture.clock.advanceAsync(31 * MINUTE_MS)
    fixture.monitor.act('pod-1', 'stop')
    await fixture.clock.advanceAsync(5_000)
    fixture.provider.pods = [stoppedPod()]
    await fixture.clock.advanceAsync(MINUTE_MS)
    const lastOf = new Map(fixture.journal.records.map(({ id, phase }) => [id, phase]))
    expect([...lastOf.values()]).toEqual(['did-not-happen', 'observed'])
  })

  test('is undone within 5 seconds', async () => {
    const fixture = await started()
    fixture.monitor.act('pod-1', 'stop')
    expect(fixture.monitor.undo(shown(fixture)?.intent?.id ?? '')).toEqual(ok(undefined))
    await fixture.clock.advanceAsync(HOUR_MS)
    expect(sends(fixture)).toEqual([])
    expect(fixture.alerts).toEqual([])
    expect(fixture.monitor.snapshot().notices).toEqual([])
  })

  test('that the key lacks permission for says so, and makes the account read-only', async () => {
    const fixture = await started()
    fixture.monitor.act('pod-1', 'stop')
    fixture.provider.script.actions.push(() => failure('forbidden'))
    await fixture.clock.advanceAsync(5_000)
    expect(fixture.monitor.snapshot().account?.isMonitorOnly).toBe(true)
    expect(fixture.alerts).toMatchObject([{ title: 'trainer: stop failed', body: 'It said forbidden.' }])
  })

  test('is rejected for a pod that does not allow it, is unknown, or has one in progress', async () => {
    const fixture = await started({
      pods: [pod(), stoppedPod({ id: 'off' }), pod({ id: 'c', clusterId: 'c' })],
    })
    for (const podId of ['off', 'c', 'stranger']) expect(fixture.monitor.act(podId, 'stop').ok).toBe(false)
    fixture.monitor.act('pod-1', 'stop')
    expect(fixture.monitor.act('pod-1', 'stop').ok).toBe(false)
    await fixture.clock.advanceAsync(MINUTE_MS)
    expect(sends(fixture)).toEqual(['stop pod-1'])
  })

  test('whose undo is cut short by a sleep is sent before it, and seen at the wake-up', async () => {
    const fixture = await started()
    fixture.monitor.act('pod-1', 'stop')
    fixture.provider.script.actions.push(() => {
      fixture.provider.pods = [stoppedPod()]
      return ok(null)
    })
    fixture.monitor.suspend()
    await flushPromises()
    expect(sends(fixture)).toEqual(['stop pod-1'])
    expect(shown(fixture)?.intent?.phase).toBe('accepted')
    fixture.clock.shiftWallClock(9 * HOUR_MS)
    fixture.monitor.resume()
    await fixture.clock.advanceAsync(5_000)
    expect(shown(fixture)).toMatchObject({ phase: 'stopped', intent: { phase: 'observed' } })
    await fixture.clock.advanceAsync(HOUR_MS)
    expect(sends(fixture)).toEqual(['stop pod-1'])
    expect(fixture.alerts).toEqual([])
  })

  test('that an unannounced sleep kept from being sent is asked about at the wake-up', async () => {
    const fixture = await started()
    fixture.monitor.act('pod-1', 'stop')
    fixture.clock.shiftWallClock(9 * HOUR_MS)
    await fixture.clock.advanceAsync(MINUTE_MS)
    expect(sends(fixture)).toEqual([])
    expect(fixture.alerts).toMatchObject([
      {
        title: 'trainer: stop did not happen',
        body: expect.stringMatching(/requested again/),
        buttons: ['stop'],
      },
    ])
    expect(shown(fixture)?.intent?.phase).toBe('cancelled')
    const press = () => fixture.monitor.runAlertAction(fixture.alerts[0]!.key, 'stop')
    expect(press()).toEqual(ok('done'))
    await fixture.clock.advanceAsync(5_000)
    expect(sends(fixture)).toEqual(['stop pod-1'])
    expect(press()).toEqual(ok('stale'))
  })

  test('that is asked about is not one of the next run of the pod', async () => {
    const fixture = await started()
    fixture.monitor.act('pod-1', 'stop')
    fixture.clock.shiftWallClock(9 * HOUR_MS)
    await fixture.clock.advanceAsync(MINUTE_MS)
    fixture.provider.pods = [pod({ startedAtMs: fixture.clock.now().wallMs })]
    await fixture.clock.advanceAsync(MINUTE_MS)
    expect(fixture.monitor.runAlertAction(fixture.alerts[0]!.key, 'stop')).toEqual(ok('stale'))
  })

  test('during whose 5 seconds the machine slept unannounced for a minute reads the pod first', async () => {
    const fixture = await started()
    fixture.monitor.act('pod-1', 'stop')
    fixture.clock.shiftWallClock(MINUTE_MS)
    fixture.provider.pods = [pod({ startedAtMs: 1 })]
    await fixture.clock.advanceAsync(10_000)
    expect(sends(fixture)).toEqual([])
    expect(fixture.log).toContain('get pod-1')
    expect(fixture.monitor.snapshot().notices).toMatchObject([
      { podId: 'pod-1', text: 'trainer changed before the stop was sent, so nothing was sent.' },
    ])
  })

  test('whose read returns a 404 does not make its pod gone: one 404 is not enough', async () => {
    const fixture = await started()
    fixture.monitor.act('pod-1', 'stop')
    fixture.clock.shiftWallClock(MINUTE_MS)
    fixture.provider.script.gets.push(() => failure('not-found'))
    await fixture.clock.advanceAsync(5_000)
    expect(sends(fixture)).toEqual([])
    expect(fixture.monitor.snapshot()).toMatchObject({ pods: [{ id: 'pod-1' }], gonePods: [] })
  })

  test('is not judged by a list that was requested before it was sent', async () => {
    const fixture = await started()
    const answer = deferred<Result<Pod | null, ProviderError>>()
    fixture.provider.script.actions.push(() => answer.promise)
    const old = deferred<void>()
    fixture.provider.script.lists.push(async () => {
      await old.promise
      return ok({ pods: [stoppedPod()], isComplete: true })
    })
    fixture.monitor.act('pod-1', 'stop')
    await fixture.clock.advanceAsync(4_000)
    fixture.monitor.refresh()
    await fixture.clock.advanceAsync(1_000)
    old.resolve()
    await flushPromises()
    expect(shown(fixture)?.intent?.phase).toBe('sent')
  })
})

describe('an open action always ends', () => {
  test.each<[string, readonly Pod[]]>([
    ['the API calls its pod terminated', [pod({ phase: 'terminated', rawStatus: 'TERMINATED' })]],
    ['its pod vanishes', []],
  ])('when %s', async (_, pods) => {
    const fixture = await started()
    fixture.monitor.act('pod-1', 'stop')
    await fixture.clock.advanceAsync(6_000)
    fixture.provider.pods = pods
    await fixture.clock.advanceAsync(MINUTE_MS)
    expect(fixture.monitor.snapshot()).toMatchObject({ pods: [], gonePods: [{ id: 'pod-1' }] })
    expect(fixture.alerts).toMatchObject([{ title: 'trainer: stop failed', body: 'The pod is gone.' }])
    expect(fixture.journal.openIntents()).toEqual([])
    expect(await listsInTwoMinutes(fixture)).toBe(2)
  })

  test.each<[string, readonly Pod[]]>([
    ['is not found any more', []],
    ['is called terminated', [pod({ phase: 'terminated', rawStatus: 'TERMINATED' })]],
  ])('when Podkeeper is restarted and its pod %s', async (_, pods) => {
    const fixture = await started()
    fixture.monitor.act('pod-1', 'stop')
    await fixture.clock.advanceAsync(6_000)
    const next = await nextRun(fixture, HOUR_MS, pods)
    await next.clock.advanceAsync(MINUTE_MS)
    expect(next.alerts).toMatchObject([{ title: 'trainer: stop failed', body: 'The pod is gone.' }])
    expect(await listsInTwoMinutes(next)).toBe(2)
  })

  test('but not through one list and one 404, while its pod is not gone by the rules', async () => {
    const fixture = await started()
    fixture.monitor.act('pod-1', 'stop')
    await fixture.clock.advanceAsync(6_000)
    fixture.provider.pods = []
    await fixture.clock.advanceAsync(5_000)
    expect(fixture.log).toContain('get pod-1')
    expect(shown(fixture)?.intent?.phase).toBe('accepted')
    fixture.provider.pods = [stoppedPod()]
    await fixture.clock.advanceAsync(5_000)
    expect(shown(fixture)?.intent?.phase).toBe('observed')
  })

  test('through a single read when lists can no longer read its pod', async () => {
    const fixture = await started()
    fixture.monitor.act('pod-1', 'stop')
    await fixture.clock.advanceAsync(6_000)
    fixture.provider.isComplete = false
    fixture.provider.pods = []
    fixture.provider.script.gets.push(
      () => failure('unreachable'),
      () => ok(stoppedPod()),
    )
    await fixture.clock.advanceAsync(MINUTE_MS)
    expect(shown(fixture)).toMatchObject({ phase: 'stopped', intent: { phase: 'observed' } })
    expect(fixture.log.filter((line) => line === 'get pod-1')).toHaveLength(2)
  })
})

describe('a restart of Podkeeper', () => {
  test('in the 5 seconds of undo cancels the stop, and says so', async () => {
    const fixture = await started()
    fixture.monitor.act('pod-1', 'stop')
    await fixture.clock.advanceAsync(2_000)
    const next = await nextRun(fixture, 1_000, [pod()])
    await next.clock.advanceAsync(HOUR_MS)
    expect(sends(next)).toEqual([])
    expect(next.monitor.snapshot().notices).toMatchObject([
      { podId: 'pod-1', text: expect.stringContaining('nothing was sent') as string },
    ])
    expect(next.monitor.act('pod-1', 'stop').ok).toBe(true)
  })

  test('reconciles sent actions by reading', async () => {
    const fixture = await started()
    fixture.provider.script.actions.push(() => new Promise(() => {}))
    fixture.monitor.act('pod-1', 'stop')
    await fixture.clock.advanceAsync(6_000)
    const next = await nextRun(fixture, HOUR_MS, [stoppedPod()])
    expect(shown(next)?.intent?.phase).toBe('observed')
    expect(requests(next)).toEqual(['list'])
  })
})
