import { expect, test } from 'vitest'
import { HOUR_MS, MINUTE_MS } from '../../../src/core/base/time/time'
import type { Pod } from '../../../src/core/pods/pod'
import { type FakeClock, flushPromises, START_MS } from '../../harness/base/fake-clock'
import {
  createMonitorFixture,
  type MonitorFixture,
  type MonitorFixtureOptions,
} from '../../harness/monitor/monitor-fixture'
import { gpus, pod, telemetry } from '../../harness/samples/pods'

/** A pod that was started 10 h before the test and whose GPUs do this. */
function runningPod(clock: () => FakeClock, gpuPercent: () => number): Pod {
  return {
    ...pod(),
    get telemetry() {
      const uptimeS = 36_000 + (clock().now().wallMs - START_MS) / 1_000
      return telemetry({ uptimeS, gpus: gpus(gpuPercent()) })
    },
  }
}

async function startMonitor(gpu: { percent: number }, options: MonitorFixtureOptions = {}) {
  const fixture: MonitorFixture = createMonitorFixture({
    ...options,
    pods: [
      runningPod(
        () => fixture.clock,
        () => gpu.percent,
      ),
    ],
  })
  fixture.monitor.start()
  await flushPromises()
  return fixture
}

const titles = ({ alerts }: MonitorFixture): string[] => alerts.map(({ title }) => title)

async function takeOver(before: MonitorFixture, gpu: { percent: number }): Promise<MonitorFixture> {
  before.monitor.dispose()
  before.clock.restart('run-2')
  return startMonitor(gpu, { earlier: before })
}

test('the alert and reminders of an idle pod are not repeated by the program that takes over', async () => {
  const gpu = { percent: 0 }
  const app = await startMonitor(gpu)
  await app.clock.advanceAsync(4 * HOUR_MS + MINUTE_MS)
  expect(titles(app)).toHaveLength(4)
  const watch = await takeOver(app, gpu)
  await watch.clock.advanceAsync(7 * HOUR_MS)
  expect(titles(watch)).toEqual([])
  await watch.clock.advanceAsync(2 * HOUR_MS)
  expect(titles(watch)).toEqual([expect.stringContaining('still idle after 8 h')])
})

test('a pod that worked since then is announced again by the program that takes over', async () => {
  const gpu = { percent: 0 }
  const app = await startMonitor(gpu)
  await app.clock.advanceAsync(4 * HOUR_MS + MINUTE_MS)
  gpu.percent = 90
  const watch = await takeOver(app, gpu)
  await watch.clock.advanceAsync(3 * HOUR_MS)
  gpu.percent = 0
  await watch.clock.advanceAsync(HOUR_MS + 2 * MINUTE_MS)
  expect(titles(watch)).toHaveLength(2)
})
