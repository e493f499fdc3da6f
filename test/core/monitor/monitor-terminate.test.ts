import { describe, expect, test } from 'vitest'
import { confirm, type Confirmed, shownPod } from '../../../src/core/confirmation/confirmation'
import type { Pod } from '../../../src/core/pods/pod'
import { HOUR_MS, MINUTE_MS } from '../../../src/core/base/time/time'
import { flushPromises } from '../../harness/base/fake-clock'
import { createMonitorFixture, type MonitorFixture } from '../../harness/monitor/monitor-fixture'
import { pod } from '../../harness/samples/pods'
import { failure } from '../../harness/monitor/scripted-provider'

async function started(options: Parameters<typeof createMonitorFixture>[0] = {}): Promise<MonitorFixture> {
  const fixture = createMonitorFixture({ pods: [pod()], ...options })
  fixture.monitor.start()
  await flushPromises()
  return fixture
}
function confirmed(one: Pod = pod()): Confirmed {
  const yes = confirm(shownPod('account-1', one, [one]), one.name)
  if (yes === null) throw new Error('not confirmed')
  return yes
}
const sends = ({ log }: MonitorFixture) => log.filter((line) => line.startsWith('terminate'))
const shown = ({ monitor }: MonitorFixture) => monitor.snapshot().pods[0]

describe('a confirmed terminate', () => {
  test('is recorded in both places, sent immediately, and observed when its pod is gone', async () => {
    const fixture = await started()
    fixture.provider.script.actions.push(() => {
      fixture.provider.pods = []
      return { ok: true, value: null }
    })
    expect(fixture.monitor.terminate(confirmed()).ok).toBe(true)
    await fixture.clock.advanceAsync(0)
    expect(sends(fixture)).toEqual(['terminate pod-1'])
    expect(fixture.auditEntries.map(({ what }) => what)).toContain('terminate confirmed')
    await fixture.clock.advanceAsync(MINUTE_MS)
    const ofAction = fixture.auditEntries.filter(({ intent }) => intent !== undefined)
    expect(ofAction.map(({ what }) => what)).toEqual([
      'terminate confirmed',
      'terminate scheduled',
      'terminate sent',
      'terminate accepted',
      'terminate observed',
    ])
    expect(new Set(ofAction.map(({ intent }) => intent?.id))).toEqual(
      new Set([fixture.journal.records[0]?.id]),
    )
    expect(fixture.journal.records.at(-1)).toMatchObject({ action: 'terminate', phase: 'observed' })
    // Nobody else may have done it.
    expect(fixture.monitor.snapshot()).toMatchObject({
      pods: [],
      gonePods: [{ id: 'pod-1', how: 'reported' }],
    })
    expect(sends(fixture)).toEqual(['terminate pod-1'])
  })

  test('is not sent to a pod that has changed since', async () => {
    const fixture = await started()
    for (const other of [pod({ startedAtMs: 1 }), pod({ name: 'other' }), pod({ id: 'gone' })])
      expect(fixture.monitor.terminate(confirmed(other)).ok).toBe(false)
    await fixture.clock.advanceAsync(HOUR_MS)
    expect(sends(fixture)).toEqual([])
  })

  test.each(['activity log', 'journal'])('is not sent when the %s cannot be written', async (which) => {
    const fixture = await started()
    if (which === 'journal') fixture.journal.isFull = true
    else fixture.system.isLogFull = true
    expect(fixture.monitor.terminate(confirmed())).toMatchObject({
      ok: false,
      error: expect.stringContaining('the disk is full') as string,
    })
    await fixture.clock.advanceAsync(HOUR_MS)
    expect(sends(fixture)).toEqual([])
  })

  test('is rejected while another action is in progress', async () => {
    const fixture = await started()
    fixture.monitor.act('pod-1', 'stop')
    expect(fixture.monitor.terminate(confirmed()).ok).toBe(false)
    expect(sends(fixture)).toEqual([])
  })

  test('that gets a 429 is sent again within its two minutes, without a sleep', async () => {
    const fixture = await started()
    fixture.provider.script.actions.push(() => failure('rate-limited', { retryAfterMs: MINUTE_MS }))
    fixture.monitor.terminate(confirmed())
    await fixture.clock.advanceAsync(MINUTE_MS)
    expect(sends(fixture)).toHaveLength(2)
  })

  test('that got a 429 is not sent after a sleep, and says so', async () => {
    const fixture = await started()
    fixture.provider.script.actions.push(() => failure('rate-limited', { retryAfterMs: MINUTE_MS }))
    fixture.monitor.terminate(confirmed())
    await fixture.clock.advanceAsync(1_000)
    fixture.monitor.suspend()
    fixture.monitor.resume()
    await fixture.clock.advanceAsync(HOUR_MS)
    expect(sends(fixture)).toHaveLength(1)
    expect(fixture.monitor.snapshot().notices).toMatchObject([
      { podId: 'pod-1', text: expect.stringContaining('confirmed again') as string },
    ])
    expect(shown(fixture)?.actions).toContain('terminate')
  })
})

describe('a pod that is gone', () => {
  const goneTitles = ({ alerts }: MonitorFixture): string[] =>
    alerts.filter(({ key }) => key.kind === 'pod-gone').map(({ title }) => title)

  test('is not announced when it was terminated here', async () => {
    const fixture = await started()
    fixture.provider.script.actions.push(() => {
      fixture.provider.pods = []
      return { ok: true, value: null }
    })
    fixture.monitor.terminate(confirmed())
    await fixture.clock.advanceAsync(HOUR_MS)
    expect(fixture.journal.records.at(-1)?.phase).toBe('observed')
    expect(goneTitles(fixture)).toEqual([])
  })

  test.each(['failed', 'did-not-happen'] as const)(
    'is announced although a terminate %s before',
    async (phase) => {
      const fixture = await started()
      if (phase === 'failed') fixture.provider.script.actions.push(() => failure('forbidden'))
      fixture.monitor.terminate(confirmed())
      await fixture.clock.advanceAsync(5 * MINUTE_MS)
      expect(fixture.journal.records.at(-1)?.phase).toBe(phase)
      fixture.provider.pods = []
      await fixture.clock.advanceAsync(5 * MINUTE_MS)
      expect(goneTitles(fixture)).toEqual(['trainer is gone'])
    },
  )
})

test('no other request of a window, a menu or a program terminates anything', async () => {
  const fixture = await started()
  // @ts-expect-error: the types say so as well.
  const answer = fixture.monitor.act('pod-1', 'terminate')
  expect(answer).toMatchObject({ ok: false, error: expect.stringContaining('confirmed') as string })
  await fixture.clock.advanceAsync(HOUR_MS)
  expect(sends(fixture)).toEqual([])
})
