import { describe, expect, test } from 'vitest'
import { confirm, type Confirmed, shownPod } from '../../src/core/confirmation/confirmation'
import type { Pod } from '../../src/core/pods/pod'
import { HOUR_MS, MINUTE_MS } from '../../src/core/base/time'
import { settle } from '../harness/clock'
import { createMonitorRig, type MonitorRig } from '../harness/monitor'
import { pod } from '../harness/pods'
import { failure } from '../harness/provider'

async function started(options: Parameters<typeof createMonitorRig>[0] = {}): Promise<MonitorRig> {
  const rig = createMonitorRig({ pods: [pod()], ...options })
  rig.monitor.start()
  await settle()
  return rig
}
function confirmed(one: Pod = pod()): Confirmed {
  const yes = confirm(shownPod('account-1', one, [one]), one.name)
  if (yes === null) throw new Error('not confirmed')
  return yes
}
const sends = ({ log }: MonitorRig) => log.filter((line) => line.startsWith('terminate'))
const shown = ({ monitor }: MonitorRig) => monitor.snapshot().pods[0]

describe('a terminate that was confirmed', () => {
  test('is written down in both places, sent at once, and seen when its pod is gone', async () => {
    const rig = await started()
    rig.provider.script.actions.push(() => {
      rig.provider.pods = []
      return { ok: true, value: null }
    })
    expect(rig.monitor.terminate(confirmed()).ok).toBe(true)
    await rig.clock.pass(0)
    expect(sends(rig)).toEqual(['terminate pod-1'])
    expect(rig.activity.map(({ what }) => what)).toContain('terminate confirmed')
    await rig.clock.pass(MINUTE_MS)
    expect(rig.journal.records.at(-1)).toMatchObject({ action: 'terminate', phase: 'observed' })
    expect(rig.monitor.snapshot().pods).toEqual([])
    expect(sends(rig)).toEqual(['terminate pod-1'])
  })

  test('is not sent to a pod that is another one by now', async () => {
    const rig = await started()
    for (const other of [pod({ startedAtMs: 1 }), pod({ name: 'other' }), pod({ id: 'gone' })])
      expect(rig.monitor.terminate(confirmed(other)).ok).toBe(false)
    await rig.clock.pass(HOUR_MS)
    expect(sends(rig)).toEqual([])
  })

  test.each(['activity log', 'journal'])('is not sent when the %s cannot be written', async (which) => {
    const rig = await started()
    if (which === 'journal') rig.journal.isFull = true
    else rig.system.isLogFull = true
    expect(rig.monitor.terminate(confirmed())).toMatchObject({
      ok: false,
      error: expect.stringContaining('the disk is full') as string,
    })
    await rig.clock.pass(HOUR_MS)
    expect(sends(rig)).toEqual([])
  })

  test('waits for nothing else to be under way', async () => {
    const rig = await started()
    rig.monitor.act('pod-1', 'stop')
    expect(rig.monitor.terminate(confirmed()).ok).toBe(false)
    expect(sends(rig)).toEqual([])
  })

  test('that Runpod puts off is sent again within its two minutes, after no sleep', async () => {
    const rig = await started()
    rig.provider.script.actions.push(() => failure('rate-limited', { retryAfterMs: MINUTE_MS }))
    rig.monitor.terminate(confirmed())
    await rig.clock.pass(MINUTE_MS)
    expect(sends(rig)).toHaveLength(2)
  })

  test('that was put off is not sent after a sleep, and says so', async () => {
    const rig = await started()
    rig.provider.script.actions.push(() => failure('rate-limited', { retryAfterMs: MINUTE_MS }))
    rig.monitor.terminate(confirmed())
    await rig.clock.pass(1_000)
    rig.monitor.suspend()
    rig.monitor.resume()
    await rig.clock.pass(HOUR_MS)
    expect(sends(rig)).toHaveLength(1)
    expect(rig.monitor.snapshot().notices).toMatchObject([
      { podId: 'pod-1', text: expect.stringContaining('confirmed again') as string },
    ])
    expect(shown(rig)?.actions).toContain('terminate')
  })
})

test('nothing else that a window, a menu or a program can ask of a monitor terminates anything', async () => {
  const rig = await started()
  // @ts-expect-error: the types say so as well.
  const answer = rig.monitor.act('pod-1', 'terminate')
  expect(answer).toMatchObject({ ok: false, error: expect.stringContaining('confirmed') as string })
  await rig.clock.pass(HOUR_MS)
  expect(sends(rig)).toEqual([])
})
