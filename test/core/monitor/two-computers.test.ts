import { expect, test } from 'vitest'
import { MINUTE_MS, SECOND_MS } from '../../../src/core/base/time/time'
import type { Pod } from '../../../src/core/pods/pod'
import { createFakeClock } from '../../harness/base/fake-clock'
import { actionsSentBy, alertTitlesOf, oneHourAutoStop, ticked } from '../../harness/guard/guarded-monitor'
import {
  createMonitorFixture,
  type MonitorFixture,
  podWithFreshTelemetry,
} from '../../harness/monitor/monitor-fixture'
import { pod, stoppedPod, telemetry } from '../../harness/samples/pods'

// Two computers with auto-stop for one account, which share nothing but that. See docs/product-rules.md#37-two-machines.

/**
 * Both over one account; the second polls half a minute later. `afterStop`: the pod, once a stop took effect.
 */
async function startTwo(afterStop: (now: number) => Pod = () => stoppedPod()) {
  const clock = createFakeClock()
  const options = { clock, guard: ticked(), settings: oneHourAutoStop }
  const [first, second] = [createMonitorFixture(options), createMonitorFixture(options)]
  let shown = podWithFreshTelemetry(clock, pod())
  for (const { provider } of [first, second]) {
    Object.defineProperty(provider, 'pods', { get: () => [shown] })
    const original = { ...provider }
    provider.act = async (id, action) => {
      if (action === 'stop') shown = afterStop(clock.now().wallMs)
      return original.act(id, action)
    }
  }
  first.monitor.start()
  await clock.advanceAsync(30 * SECOND_MS)
  second.monitor.start()
  return { clock, first, second }
}

const stopsOf = (...computers: MonitorFixture[]): number => computers.flatMap(actionsSentBy).length

test('a pod that two computers may stop is stopped by one of them, and the other one says that it was not itself', async () => {
  const { clock, first, second } = await startTwo()
  await clock.advanceAsync(3 * 60 * MINUTE_MS)
  expect([actionsSentBy(first), actionsSentBy(second)]).toEqual([['stop pod-1'], []])
  expect([first, second].map((one) => alertTitlesOf(one, 'auto-stopped').length)).toEqual([1, 0])
  expect([first, second].map((one) => alertTitlesOf(one, 'pod-stopped'))).toEqual([
    [],
    ['trainer was stopped'],
  ])
})

test('a pod that a person starts again after the stop of one computer is not stopped by the older plan of the other one', async () => {
  // Started so soon that the other computer never sees it stopped.
  const { clock, first, second } = await startTwo((startedAtMs) => ({
    ...pod({ startedAtMs }),
    get telemetry() {
      return telemetry({ uptimeS: (clock.now().wallMs - startedAtMs) / SECOND_MS })
    },
  }))
  while (stopsOf(first, second) === 0) await clock.advanceAsync(MINUTE_MS)
  await clock.advanceAsync(55 * MINUTE_MS)
  expect(stopsOf(first, second)).toBe(1)
  await clock.advanceAsync(30 * MINUTE_MS)
  expect(stopsOf(first, second)).toBeGreaterThan(1)
})

test('what is kept running on one computer is stopped by the other one, which can’t know of it without a guard in the pod', async () => {
  const { clock, first, second } = await startTwo()
  first.monitor.keepOn('pod-1', 'until-told')
  await clock.advanceAsync(3 * 60 * MINUTE_MS)
  expect([actionsSentBy(first), actionsSentBy(second)]).toEqual([[], ['stop pod-1']])
})
