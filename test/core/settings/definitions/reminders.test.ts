import { describe, expect, test } from 'vitest'
import { reminderDelaysMs, reminderProblem } from '../../../../src/core/settings/definitions/reminders'
import { HOUR_MS, MINUTE_MS } from '../../../../src/core/base/time/time'
import { alertTitlesOf, startGuardedMonitor } from '../../../harness/guard/guarded-monitor'
import { podWithFreshTelemetry } from '../../../harness/monitor/monitor-fixture'
import { gpus, pod } from '../../../harness/samples/pods'

describe('the owner is reminded of an idle pod', () => {
  test('after 1, 2, 4 and 8 hours, with the dollars spent so far', async () => {
    const fixture = await startGuardedMonitor({
      settings: { pollActiveS: 150 },
      guard: { autoStop: 'off', pods: {} },
    })
    await fixture.clock.advanceAsync(9 * HOUR_MS)
    expect(alertTitlesOf(fixture, 'idle-reminder')).toEqual([
      'trainer is still idle after 1 h',
      'trainer is still idle after 2 h',
      'trainer is still idle after 4 h',
      'trainer is still idle after 8 h',
    ])
    expect(fixture.alerts.at(-1)?.body).toMatch(/^\$16\.\d\d so far at \$2\.00\/hr · GPU 0%/)
  })

  test('not before the pod’s own time of alert', async () => {
    const guard = { autoStop: 'off', pods: { 'pod-1': { idleAlertAfterMin: 90 } } } as const
    const fixture = await startGuardedMonitor({ settings: { pollActiveS: 150 }, guard })
    await fixture.clock.advanceAsync(130 * MINUTE_MS)
    expect(alertTitlesOf(fixture, 'idle')).toHaveLength(1)
    expect(alertTitlesOf(fixture, 'idle-reminder')).toEqual(['trainer is still idle after 2 h'])
  })

  test('at custom hours', () => {
    expect(reminderDelaysMs('0.5, 3')).toEqual([HOUR_MS / 2, 3 * HOUR_MS])
    expect(reminderDelaysMs(null)).toEqual([1, 2, 4, 8].map((hours) => hours * HOUR_MS))
  })

  test.each(['', '0', '-1', '2, 1', '1, 1', 'soon', '1,,2', '169', '1 2', 'NaN', '1,2,3,4,5,6,7,8,9,10,11'])(
    'but not at “%s”',
    (text) => {
      expect(reminderProblem(text)).toMatch(/^must be /)
    },
  )
})

test('some idle GPUs among busy ones are announced without calling the pod idle', async () => {
  const fixture = await startGuardedMonitor({ guard: { autoStop: 'off', pods: {} } })
  const telemetry = { ...pod().telemetry!, gpus: gpus(90, 0, 0, 0) }
  fixture.provider.pods = [
    podWithFreshTelemetry(fixture.clock, pod({ gpu: { name: 'H100', count: 4 }, telemetry })),
  ]
  await fixture.clock.advanceAsync(20 * MINUTE_MS)
  expect(fixture.alerts.map(({ title }) => title)).toEqual(['trainer: 3 of 4 GPUs have been idle for 15 min'])
  expect(fixture.alerts[0]?.buttons).toEqual(['keep-on'])
  expect(fixture.monitor.snapshot().idleCount).toBe(0)
})
