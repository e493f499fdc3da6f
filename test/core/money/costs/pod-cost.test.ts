import { afterEach, describe, expect, test } from 'vitest'
import { HOUR_MS, MINUTE_MS } from '../../../../src/core/base/time/time'
import { START_MS } from '../../../harness/base/fake-clock'
import { memoryFiles } from '../../../harness/money/ledger-fixture'
import { createMonitorFixture, type MonitorFixture } from '../../../harness/monitor/monitor-fixture'
import { pod, stoppedPod } from '../../../harness/samples/pods'
import { failure } from '../../../harness/monitor/scripted-provider'

let fixture: MonitorFixture | null = null
afterEach(() => fixture?.monitor.dispose())

const running = (costPerHourUsd: number) =>
  pod({ costPerHourUsd, containerDiskGb: 0, persistentMount: null, startedAtMs: START_MS - HOUR_MS })

function started(lists: readonly (() => ReturnType<typeof failure>)[] = []) {
  const created = createMonitorFixture({ pods: [running(3.6)], ledgerFiles: memoryFiles() })
  fixture = created
  created.provider.script.lists.push(...lists)
  created.monitor.start()
  const costMin = (fromMin: number, toMin: number) =>
    created.monitor.podCost('pod-1', START_MS + fromMin * MINUTE_MS, START_MS + toMin * MINUTE_MS)
  return { ...created, costMin }
}

// Hours of polls take time on a slow machine.
describe('what a pod cost over a time', { timeout: 120_000 }, () => {
  test('is its price by the time, across hours, with every price that it had', async () => {
    const { clock, provider, costMin } = started()
    await clock.advanceAsync(60 * MINUTE_MS)
    provider.pods = [running(7.2)]
    await clock.advanceAsync(120 * MINUTE_MS)
    expect(costMin(10, 40)?.usd).toBeCloseTo(1.8, 1)
    expect(costMin(0, 180)?.usd).toBeCloseTo(3.6 + 2 * 7.2, 0)
    expect(costMin(0, 180)).toMatchObject({ isAtLeast: false })
    expect(costMin(0, 180)?.unobservedMs).toBeLessThan(2 * MINUTE_MS)
    const parts = (costMin(0, 70)?.usd ?? 0) + (costMin(70, 180)?.usd ?? 0)
    expect(parts).toBeCloseTo(costMin(0, 180)?.usd ?? 0, 6)
  })

  test('has no time in which the pod was stopped, and says how long it was not observed', async () => {
    const { clock, provider, costMin } = started()
    await clock.advanceAsync(60 * MINUTE_MS)
    provider.pods = [stoppedPod({ containerDiskGb: 0, persistentMount: null })]
    await clock.advanceAsync(60 * MINUTE_MS)
    const cost = costMin(0, 120)
    expect(cost?.usd).toBeCloseTo(3.6, 1)
    expect(Math.round((cost?.unobservedMs ?? 0) / MINUTE_MS)).toBeCloseTo(60, -1)
  })

  test('is at least what was counted while a price is not known', async () => {
    const { clock, provider, costMin } = started()
    await clock.advanceAsync(30 * MINUTE_MS)
    provider.pods = [pod({ ...running(1), costPerHourUsd: null })]
    await clock.advanceAsync(60 * MINUTE_MS)
    expect(costMin(0, 90)).toMatchObject({ isAtLeast: true })
    expect(costMin(0, 90)?.usd).toBeGreaterThan(1.7)
  })

  test('is not known where nothing was observed', async () => {
    const { clock, costMin, monitor } = started(
      Array.from({ length: 500 }, () => () => failure('unreachable')),
    )
    await clock.advanceAsync(30 * MINUTE_MS)
    expect(costMin(0, 30)).toBeNull()
    expect(monitor.podCost('other', START_MS, START_MS + HOUR_MS)).toBeNull()
  })
})
