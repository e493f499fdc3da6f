import { describe, expect, test } from 'vitest'
import { ok } from '../../../src/core/base/result'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../src/core/base/time/time'
import { WATCHDOG_INTERVAL_MS } from '../../../src/core/polling/poll-loop'
import { flushPromises } from '../../harness/base/fake-clock'
import { takeFailedPolls } from '../../harness/setup/failed-polls'
import {
  createMonitorFixture,
  type MonitorFixture,
  podWithFreshTelemetry,
} from '../../harness/monitor/monitor-fixture'
import { pod, stoppedPod } from '../../harness/samples/pods'
import { deferred } from '../../harness/monitor/scripted-provider'

const lists = (fixture: MonitorFixture) => fixture.log.filter((line) => line === 'list').length
const boom = (): never => {
  throw new Error('injected')
}

async function advanceWithWatchdog(fixture: MonitorFixture, ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= WATCHDOG_INTERVAL_MS) {
    await fixture.clock.advanceAsync(Math.min(left, WATCHDOG_INTERVAL_MS))
    fixture.monitor.checkWatchdog()
    await flushPromises()
  }
}

/** A fixture with an idle pod, so that every stage of a poll has something to do. */
function busyFixture(): MonitorFixture {
  const fixture = createMonitorFixture({ settings: { idleAlertAfterMin: 0.5, bootMin: 0, pollBalanceS: 10 } })
  fixture.provider.pods = [podWithFreshTelemetry(fixture.clock, pod())]
  fixture.provider.readBalance = () => Promise.resolve(ok({ balanceUsd: 10, spendPerHourUsd: 1 }))
  return fixture
}

describe('polling continues whatever throws in a poll', () => {
  const stages: Record<string, (fixture: MonitorFixture) => void> = {
    'the list': (fixture) => fixture.provider.script.lists.push(boom),
    'a list that is no list': (fixture) =>
      fixture.provider.script.lists.push(() => ok({ pods: null as never, isComplete: true })),
    'a pod that cannot be read': (fixture) =>
      fixture.provider.script.lists.push(() =>
        ok({ pods: [Object.defineProperty(pod(), 'phase', { get: boom })], isComplete: true }),
      ),
    'a single read': (fixture) => {
      fixture.provider.script.lists.push(
        () => ok({ pods: [], isComplete: true }),
        () => ok({ pods: [], isComplete: true }),
      )
      fixture.provider.script.gets.push(boom)
    },
    'the balance': (fixture) => {
      fixture.provider.readBalance = boom
    },
    'the quota': (fixture) => {
      fixture.provider.minPollIntervalMs = boom
    },
    'the listeners': (fixture) => fixture.monitor.subscribe(boom),
  }
  for (const [stage, breakIt] of Object.entries(stages))
    test(stage, async () => {
      const fixture = busyFixture()
      fixture.monitor.start()
      await advanceWithWatchdog(fixture, MINUTE_MS)
      breakIt(fixture)
      await advanceWithWatchdog(fixture, MINUTE_MS)
      const before = lists(fixture)
      await advanceWithWatchdog(fixture, 3 * MINUTE_MS)
      expect(lists(fixture)).toBeGreaterThanOrEqual(before + 3)
      expect(fixture.reports.join('\n')).toMatch(/injected|not iterable/)
      takeFailedPolls()
    })
})

test('a list that never arrives is abandoned, logged, shown in the windows, and requested again', async () => {
  const fixture = createMonitorFixture({ pods: [pod()] })
  fixture.provider.script.lists.push(() => new Promise(() => {}))
  fixture.monitor.start()
  await advanceWithWatchdog(fixture, 90 * SECOND_MS)
  expect(lists(fixture)).toBe(2)
  const words = 'Polling had stopped for 1 min and was restarted.'
  expect(fixture.reports).toEqual([words])
  expect(fixture.monitor.snapshot()).toMatchObject({
    connection: { kind: 'live' },
    notices: [{ text: words }],
  })
  expect(fixture.monitor.snapshot().pods).toHaveLength(1)
})

test('only the last restart of the loop is kept among the notices', async () => {
  const fixture = createMonitorFixture({ pods: [pod()] })
  for (let i = 0; i < 3; i += 1) fixture.provider.script.lists.push(() => new Promise(() => {}))
  fixture.monitor.start()
  await advanceWithWatchdog(fixture, 5 * MINUTE_MS)
  expect(fixture.reports).toHaveLength(3)
  expect(fixture.monitor.snapshot().notices).toHaveLength(1)
})

test('a notifier that throws neither ends the poll nor affects the connection', async () => {
  const fixture = createMonitorFixture({ pods: [pod()], settings: { undoS: 1, stopDeadlineS: 5 } })
  fixture.monitor.start()
  await flushPromises()
  fixture.alerts.push = boom
  fixture.provider.script.actions.push(boom)
  fixture.monitor.act('pod-1', 'stop')
  await fixture.clock.advanceAsync(MINUTE_MS)
  expect(fixture.reports.join('\n')).toContain('An alert could not be shown')
  expect(fixture.monitor.snapshot().connection.kind).toBe('live')
})

test('an action whose sending throws is checked by reading, and never sent again', async () => {
  const fixture = createMonitorFixture({ pods: [pod()] })
  fixture.monitor.start()
  await flushPromises()
  fixture.provider.script.actions.push(boom)
  fixture.monitor.act('pod-1', 'stop')
  await fixture.clock.advanceAsync(6 * SECOND_MS)
  fixture.provider.pods = [stoppedPod()]
  await fixture.clock.advanceAsync(MINUTE_MS)
  expect(fixture.monitor.snapshot().pods[0]?.intent?.phase).toBe('observed')
  expect(fixture.log.filter((line) => line === 'stop pod-1')).toHaveLength(1)
})

describe('at shutdown', () => {
  test('the monitor waits for the reply to a sent action, and records it', async () => {
    const fixture = createMonitorFixture({ pods: [pod()] })
    const answer = deferred<ReturnType<typeof ok<null>>>()
    fixture.monitor.start()
    await flushPromises()
    fixture.provider.script.actions.push(() => answer.promise)
    fixture.monitor.act('pod-1', 'stop')
    await fixture.clock.advanceAsync(5 * SECOND_MS)
    let hasEnded = false
    void fixture.monitor.shutDown().then(() => {
      hasEnded = true
    })
    await flushPromises()
    expect(hasEnded).toBe(false)
    answer.resolve(ok(null))
    await flushPromises()
    expect(hasEnded).toBe(true)
    expect(fixture.journal.records.at(-1)?.phase).toBe('accepted')
    await fixture.clock.advanceAsync(HOUR_MS)
    expect(fixture.log.filter((line) => line.startsWith('stop'))).toHaveLength(1)
  })

  test('the monitor also waits when it is shut down in the moment of sending', async () => {
    const fixture = createMonitorFixture({ pods: [pod()] })
    fixture.monitor.start()
    await flushPromises()
    const ends: Promise<void>[] = []
    const record = fixture.journal.record.bind(fixture.journal)
    fixture.journal.record = (intent) => {
      if (intent.phase === 'sent') ends.push(fixture.monitor.shutDown())
      return record(intent)
    }
    fixture.monitor.act('pod-1', 'stop')
    await fixture.clock.advanceAsync(5 * SECOND_MS)
    await Promise.all(ends)
    expect(ends).toHaveLength(1)
    expect(fixture.journal.records.map(({ phase }) => phase)).toEqual(['scheduled', 'sent', 'accepted'])
  })

  test('an action within its undo window is not sent, and the next run says that it was canceled', async () => {
    const fixture = createMonitorFixture({ pods: [pod()] })
    fixture.monitor.start()
    await flushPromises()
    fixture.monitor.act('pod-1', 'stop')
    await fixture.monitor.shutDown()
    await fixture.clock.advanceAsync(HOUR_MS)
    expect(fixture.log.filter((line) => line.startsWith('stop'))).toEqual([])
    fixture.clock.restart('run-2')
    const next = createMonitorFixture({ earlier: fixture })
    next.monitor.start()
    await flushPromises()
    expect(next.monitor.snapshot().notices[0]?.text).toMatch(/quit before the stop .* nothing was sent/)
  })
})
