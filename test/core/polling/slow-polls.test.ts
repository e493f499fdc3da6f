import { describe, expect, test } from 'vitest'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../src/core/base/time/time'
import {
  createMonitorFixture,
  type MonitorFixture,
  podWithFreshTelemetry,
} from '../../harness/monitor/monitor-fixture'
import { actionsSentBy, alertTitlesOf, startGuardedMonitor } from '../../harness/guard/guarded-monitor'
import { gpus, pod, stoppedPod } from '../../harness/samples/pods'
import { failure } from '../../harness/monitor/scripted-provider'

/** A started monitor of one idle pod whose quota allows a poll every `spacingMin`. */
async function startSlow(spacingMin: number): Promise<MonitorFixture> {
  const fixture = createMonitorFixture()
  fixture.provider.pods = [podWithFreshTelemetry(fixture.clock, pod())]
  fixture.provider.pollIntervalMs = spacingMin * MINUTE_MS
  fixture.monitor.start()
  await fixture.clock.advanceAsync(0)
  return fixture
}
const activityOf = ({ monitor }: MonitorFixture) => monitor.snapshot().pods[0]?.activity
const pollsOf = ({ log }: MonitorFixture): number => log.filter((line) => line === 'list').length

describe('a quota so tight that polls are far apart', () => {
  test.each([2, 4, 6, 10])(
    'still lets idle time be observed with %d min between them',
    async (spacingMin) => {
      const fixture = await startSlow(spacingMin)
      await fixture.clock.advanceAsync(HOUR_MS + SECOND_MS)
      expect(pollsOf(fixture)).toBe(60 / spacingMin + 1)
      expect(activityOf(fixture)).toMatchObject({ kind: 'idle', idleForMs: HOUR_MS })
      expect(alertTitlesOf(fixture, 'idle')).toHaveLength(1)
    },
  )

  test('lets a pod be shown as idle until the next poll', async () => {
    const fixture = await startSlow(10)
    await fixture.clock.advanceAsync(HOUR_MS + 9 * MINUTE_MS)
    fixture.monitor.republish()
    expect(activityOf(fixture)).toMatchObject({ kind: 'idle', idleForMs: HOUR_MS })
  })

  test('lets a planned stop, with its warnings, survive a list that failed', async () => {
    const rig = await startGuardedMonitor({ settings: { autoStopAfterMin: 60 } })
    rig.provider.pollIntervalMs = 4 * MINUTE_MS
    await rig.clock.advanceAsync(42 * MINUTE_MS)
    expect(alertTitlesOf(rig, 'auto-stop-soon')).toHaveLength(1)
    rig.provider.script.lists.push(() => failure('unreachable'))
    await rig.clock.advanceAsync(40 * MINUTE_MS)
    expect(alertTitlesOf(rig, 'auto-stop-soon')).toHaveLength(2)
    expect(actionsSentBy(rig)).toEqual(['stop pod-1'])
  })

  test('is shown in the window, with the interval', async () => {
    const fixture = await startSlow(4)
    expect(fixture.monitor.snapshot().connection).toEqual({ kind: 'live', slowedToMs: 4 * MINUTE_MS })
    fixture.provider.pollIntervalMs = 14 * SECOND_MS
    await fixture.clock.advanceAsync(4 * MINUTE_MS)
    expect(fixture.monitor.snapshot().connection).toEqual({ kind: 'live' })
  })

  test('still lets a stop happen, after both warnings', async () => {
    const rig = await startGuardedMonitor({ settings: { autoStopAfterMin: 60 } })
    rig.provider.pollIntervalMs = 4 * MINUTE_MS
    await rig.clock.advanceAsync(HOUR_MS + 20 * MINUTE_MS)
    expect(alertTitlesOf(rig, 'auto-stop-soon')).toHaveLength(2)
    expect(actionsSentBy(rig)).toEqual(['stop pod-1'])
  })

  test('still lets what happens to a pod be announced', async () => {
    const fixture = await startSlow(20)
    fixture.provider.pods = [pod({ phase: 'error', telemetry: null })]
    await fixture.clock.advanceAsync(20 * MINUTE_MS)
    expect(alertTitlesOf(fixture, 'pod-error')).toEqual(['trainer has an error'])
  })

  test('that becomes loose does not cut the episode', async () => {
    const fixture = await startSlow(10)
    await fixture.clock.advanceAsync(HOUR_MS)
    fixture.provider.pollIntervalMs = 0
    await fixture.clock.advanceAsync(10 * MINUTE_MS + SECOND_MS)
    expect(activityOf(fixture)).toMatchObject({ kind: 'idle', idleForMs: HOUR_MS + 10 * MINUTE_MS })
    await fixture.clock.advanceAsync(HOUR_MS)
    expect(activityOf(fixture)).toMatchObject({ kind: 'idle', idleForMs: 2 * HOUR_MS + 10 * MINUTE_MS })
  })

  test('does not count time in which nothing was seen for longer than two polls', async () => {
    const fixture = await startSlow(4)
    await fixture.clock.advanceAsync(HOUR_MS)
    fixture.provider.script.lists.push(
      () => failure('unreachable'),
      () => failure('unreachable'),
    )
    await fixture.clock.advanceAsync(12 * MINUTE_MS)
    expect(activityOf(fixture)).toMatchObject({ kind: 'idle', idleForMs: HOUR_MS })
  })

  test('does not let an episode survive longer than three polls', async () => {
    const fixture = await startSlow(4)
    await fixture.clock.advanceAsync(HOUR_MS)
    for (let times = 0; times < 4; times++) fixture.provider.script.lists.push(() => failure('unreachable'))
    await fixture.clock.advanceAsync(17 * MINUTE_MS)
    expect(activityOf(fixture)).toMatchObject({ kind: 'unknown', reason: 'not-seen' })
    await fixture.clock.advanceAsync(4 * MINUTE_MS)
    expect(activityOf(fixture)).toMatchObject({ kind: 'idle', idleForMs: 0 })
  })

  test('does not hide that a pod works or was stopped', async () => {
    const fixture = await startSlow(4)
    await fixture.clock.advanceAsync(HOUR_MS)
    const busy = pod({ telemetry: { ...pod().telemetry!, gpus: gpus(90) } })
    fixture.provider.pods = [podWithFreshTelemetry(fixture.clock, busy)]
    await fixture.clock.advanceAsync(8 * MINUTE_MS)
    expect(activityOf(fixture)).toMatchObject({ kind: 'busy' })
    fixture.provider.pods = [stoppedPod()]
    await fixture.clock.advanceAsync(4 * MINUTE_MS)
    expect(fixture.monitor.snapshot().pods[0]?.phase).toBe('stopped')
  })
})

describe('polls that are usually frequent', () => {
  test('do not count minutes in which none succeeded, nor survive a gap of 5 min', async () => {
    const fixture = await startSlow(0)
    await fixture.clock.advanceAsync(HOUR_MS)
    const before = activityOf(fixture)
    expect(before).toMatchObject({ kind: 'idle', idleForMs: HOUR_MS })
    for (let times = 0; times < 3; times++) fixture.provider.script.lists.push(() => failure('unreachable'))
    await fixture.clock.advanceAsync(3 * MINUTE_MS)
    const after = activityOf(fixture)
    expect(after?.kind === 'idle' && after.idleForMs).toBeLessThan(HOUR_MS + 2 * MINUTE_MS)
    for (let times = 0; times < 9; times++) fixture.provider.script.lists.push(() => failure('unreachable'))
    await fixture.clock.advanceAsync(7 * MINUTE_MS)
    expect(activityOf(fixture)).toMatchObject({ kind: 'unknown', reason: 'not-seen' })
  })
})
