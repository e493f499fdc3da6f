import { describe, expect, test } from 'vitest'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../src/core/base/time'
import type { Pod } from '../../src/core/pods/pod'
import type { ProviderErrorKind } from '../../src/core/pods/provider'
import { settle, START_MS } from '../harness/clock'
import { createMonitorRig, livePod, type MonitorRig, type MonitorRigOptions } from '../harness/monitor'
import { gpus, pod, stoppedPod, telemetry } from '../harness/pods'
import { failure } from '../harness/provider'

const TURN_MS = 60 * SECOND_MS
const busy = telemetry({ gpus: gpus(90) })
const creating = (over: Partial<Pod> = {}): Pod =>
  pod({ phase: 'creating', telemetry: null, startedAtMs: null, ...over })
const titles = ({ alerts }: MonitorRig): string[] => alerts.map(({ title }) => title)

async function started(pods: readonly Pod[], options: MonitorRigOptions = {}): Promise<MonitorRig> {
  const rig = createMonitorRig({ ...options, pods })
  rig.monitor.start()
  await settle()
  return rig
}
/** The next looks show these pods. */
async function show(rig: MonitorRig, ...pods: Pod[]): Promise<void> {
  rig.provider.pods = pods
  await rig.clock.pass(TURN_MS)
}
function failFromNowOn(rig: MonitorRig, kind: ProviderErrorKind): void {
  rig.provider.script.lists.push(...Array.from({ length: 200 }, () => () => failure(kind)))
}
const ready = (over: Partial<Pod> = {}): Pod => pod({ telemetry: busy, ...over })

describe('what happens to pods is announced', () => {
  test('a pod that was creating and runs is ready', async () => {
    const rig = await started([creating()])
    await show(rig, ready())
    await show(rig, ready())
    expect(titles(rig)).toEqual(['trainer is ready'])
  })

  test('a pod that creates for 15 observed minutes', async () => {
    const rig = await started([creating()])
    await rig.clock.pass(15 * MINUTE_MS - 1)
    expect(titles(rig)).toEqual([])
    await rig.clock.pass(15 * MINUTE_MS)
    expect(titles(rig)).toEqual(['trainer is still not ready after 15 min'])
  })

  test('an error, with the reason that Runpod gives', async () => {
    const rig = await started([creating()])
    await show(rig, pod({ phase: 'error', telemetry: null, statusReason: 'no space left' }))
    expect(rig.alerts).toMatchObject([
      { title: 'trainer has an error', body: 'no space left. It still costs $2.00/h.' },
    ])
  })

  test('a pod that is gone', async () => {
    const rig = await started([ready()])
    await show(rig)
    await show(rig)
    expect(titles(rig)).toEqual(['trainer is gone'])
  })

  test('nothing of what was so at the first look', async () => {
    const rig = await started([ready(), stoppedPod({ id: 'pod-2' }), pod({ id: 'pod-3', phase: 'error' })])
    await rig.clock.pass(HOUR_MS)
    expect([titles(rig), rig.activity]).toEqual([[], []])
  })

  test('what happened during a sleep is written down and not shown', async () => {
    const rig = await started([creating(), ready({ id: 'pod-2', name: 'other' })])
    rig.monitor.suspend()
    rig.clock.moveWall(8 * HOUR_MS)
    rig.provider.pods = [ready(), pod({ id: 'pod-2', name: 'other', phase: 'error', telemetry: null })]
    rig.monitor.resume()
    await rig.clock.pass(5 * MINUTE_MS)
    expect(titles(rig)).toEqual([])
    expect(rig.activity.map(({ what, text }) => [what, text.slice(-58)])).toEqual([
      ['pod-ready', expect.stringMatching(/\(Not shown: it happened while Podkeeper did not look\.\)$/)],
      ['pod-error', expect.stringMatching(/\(Not shown: it happened while Podkeeper did not look\.\)$/)],
    ])
  })
})

describe('silence', () => {
  test('by quiet hours holds an alert back until they end, across a restart', async () => {
    const now = new Date(START_MS)
    const clockTime = (ms: number): string => new Date(now.getTime() + ms).toTimeString().slice(0, 5)
    const settings = {
      pollActiveS: 60,
      quietHoursFrom: clockTime(-HOUR_MS),
      quietHoursTo: clockTime(2 * HOUR_MS),
    }
    const rig = await started([creating()], { settings })
    await show(rig, ready())
    expect(titles(rig)).toEqual([])
    rig.monitor.dispose()
    rig.clock.restart('run-2')
    const next = await started([ready()], { settings, earlier: rig })
    await next.clock.pass(HOUR_MS)
    expect(titles(next)).toEqual([])
    await next.clock.pass(2 * HOUR_MS)
    expect(titles(next)).toEqual(['trainer is ready'])
    await next.clock.pass(24 * HOUR_MS)
    expect(titles(next)).toHaveLength(1)
  })

  test('by a switch holds one kind back', async () => {
    const rig = await started([creating()], { settings: { hasReadyAlerts: false } })
    await show(rig, ready())
    await show(rig)
    await show(rig)
    expect(titles(rig)).toEqual(['trainer is gone'])
  })

  test('leaves nothing to say of a pod that was ready half a day ago', async () => {
    const rig = await started([creating()], { settings: { pollActiveS: 60 } })
    rig.pause.untilMs = 1
    await show(rig, ready())
    await rig.clock.pass(12 * HOUR_MS)
    rig.pause.untilMs = null
    await rig.clock.pass(HOUR_MS)
    expect(titles(rig)).toEqual([])
  })

  test('of an action that failed ends with the silence, unless the pod is as it was asked', async () => {
    const rig = await started([ready()], { settings: { hasActionAlerts: false } })
    rig.provider.script.actions.push(() => failure('forbidden'))
    rig.monitor.act('pod-1', 'stop')
    await rig.clock.pass(MINUTE_MS)
    const told = rig.activity.filter(({ kind }) => kind === 'alert')
    expect(told.map(({ text }) => text)).toEqual([
      expect.stringMatching(
        /^trainer: stop failed\. .*\(Not shown: alerts of this kind are switched off\.\)$/,
      ),
    ])
    rig.monitor.dispose()
    rig.clock.restart('run-2')
    const next = await started([ready()], { earlier: rig })
    expect(titles(next)).toEqual([])
    await show(next, stoppedPod())
    expect(titles(next)).toEqual([])
  })
})

describe('the connection is announced', () => {
  test('after 5 minutes without an answer, once', async () => {
    const rig = await started([ready()])
    failFromNowOn(rig, 'unreachable')
    await rig.clock.pass(5 * MINUTE_MS)
    expect(titles(rig)).toEqual([])
    await rig.clock.pass(2 * MINUTE_MS)
    expect(titles(rig)).toEqual([expect.stringMatching(/^Runpod has been out of reach for [56] min$/)])
    await rig.clock.pass(HOUR_MS)
    expect(titles(rig)).toHaveLength(1)
  })

  test('not by the time that the computer slept', async () => {
    const rig = await started([ready()])
    failFromNowOn(rig, 'unreachable')
    await rig.clock.pass(MINUTE_MS)
    rig.monitor.suspend()
    rig.clock.moveWall(8 * HOUR_MS)
    rig.monitor.resume()
    await rig.clock.pass(4 * MINUTE_MS)
    expect(titles(rig)).toEqual([])
  })

  test('when the key is refused, and after a silence though no look comes by itself any more', async () => {
    const rig = await started([ready()])
    failFromNowOn(rig, 'unauthorized')
    rig.pause.untilMs = 1
    await rig.clock.pass(10 * MINUTE_MS)
    expect(rig.monitor.snapshot().connection.kind).toBe('key-refused')
    expect(titles(rig)).toEqual([])
    rig.pause.untilMs = null
    rig.monitor.look()
    rig.monitor.look()
    expect(titles(rig)).toEqual(['Runpod refuses the key'])
  })
})

describe('a system that shows no notifications', () => {
  test('is told of by the snapshot until one is shown', async () => {
    const rig = await started([creating()])
    rig.system.delivery = 'failed'
    await show(rig, ready())
    expect(rig.monitor.snapshot().areNotificationsFailing).toBe(true)
    rig.system.delivery = 'shown'
    await show(rig, pod({ phase: 'error', telemetry: null }))
    expect(rig.monitor.snapshot().areNotificationsFailing).toBe(false)
  })
})

test('while another process announces nothing is said; afterwards what still holds is', async () => {
  const rig = createMonitorRig()
  rig.provider.pods = [livePod(rig.clock, pod())]
  rig.system.isActing = false
  rig.monitor.start()
  await rig.clock.pass(20 * MINUTE_MS)
  expect([titles(rig), rig.activity, rig.marks.json]).toEqual([[], [], '{}'])
  rig.system.isActing = true
  await rig.clock.pass(MINUTE_MS)
  expect(titles(rig)).toHaveLength(1)
})
