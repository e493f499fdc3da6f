import { describe, expect, test } from 'vitest'
import { ok } from '../../src/core/base/result'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../src/core/base/time'
import { WATCH_EVERY_MS } from '../../src/core/polling/poll-loop'
import { settle } from '../harness/clock'
import { createMonitorRig, livePod, type MonitorRig } from '../harness/monitor'
import { pod, stoppedPod } from '../harness/pods'
import { deferred } from '../harness/provider'

const lists = (rig: MonitorRig) => rig.log.filter((line) => line === 'list').length
const boom = (): never => {
  throw new Error('injected')
}

async function passWatched(rig: MonitorRig, ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= WATCH_EVERY_MS) {
    await rig.clock.pass(Math.min(left, WATCH_EVERY_MS))
    rig.monitor.look()
    await settle()
  }
}

/** A rig whose pod is told to be idle, so that every stage of a turn has something to do. */
function busyRig(): MonitorRig {
  const rig = createMonitorRig({ settings: { idleAlertAfterMin: 0.5, bootMin: 0, pollBalanceS: 10 } })
  rig.provider.pods = [livePod(rig.clock, pod())]
  rig.provider.readBalance = () => Promise.resolve(ok({ balanceUsd: 10, spendPerHourUsd: 1 }))
  return rig
}

describe('whatever throws in a turn, the turns go on', () => {
  const stages: Record<string, (rig: MonitorRig) => void> = {
    'the list': (rig) => rig.provider.script.lists.push(boom),
    'a list that is no list': (rig) =>
      rig.provider.script.lists.push(() => ok({ pods: null as never, isComplete: true })),
    'a pod that cannot be read': (rig) =>
      rig.provider.script.lists.push(() =>
        ok({ pods: [Object.defineProperty(pod(), 'phase', { get: boom })], isComplete: true }),
      ),
    'a single read': (rig) => {
      rig.provider.script.lists.push(
        () => ok({ pods: [], isComplete: true }),
        () => ok({ pods: [], isComplete: true }),
      )
      rig.provider.script.gets.push(boom)
    },
    'the balance': (rig) => {
      rig.provider.readBalance = boom
    },
    'the quota': (rig) => {
      rig.provider.pollSpacingMs = boom
    },
    'the listeners': (rig) => rig.monitor.subscribe(boom),
  }
  for (const [stage, breakIt] of Object.entries(stages))
    test(stage, async () => {
      const rig = busyRig()
      rig.monitor.start()
      await passWatched(rig, MINUTE_MS)
      breakIt(rig)
      await passWatched(rig, MINUTE_MS)
      const before = lists(rig)
      await passWatched(rig, 3 * MINUTE_MS)
      expect(lists(rig)).toBeGreaterThanOrEqual(before + 3)
      expect(rig.reports.join('\n')).toMatch(/injected|not iterable/)
    })
})

test('a list that never comes is given up, said in the log and in the windows, and asked for again', async () => {
  const rig = createMonitorRig({ pods: [pod()] })
  rig.provider.script.lists.push(() => new Promise(() => {}))
  rig.monitor.start()
  await passWatched(rig, 90 * SECOND_MS)
  expect(lists(rig)).toBe(2)
  const words = "Podkeeper's watch had stopped for 1 min and was started again."
  expect(rig.reports).toEqual([words])
  expect(rig.monitor.snapshot()).toMatchObject({ connection: { kind: 'live' }, notices: [{ text: words }] })
  expect(rig.monitor.snapshot().pods).toHaveLength(1)
})

test('only the last revival is kept among the notices', async () => {
  const rig = createMonitorRig({ pods: [pod()] })
  for (let i = 0; i < 3; i += 1) rig.provider.script.lists.push(() => new Promise(() => {}))
  rig.monitor.start()
  await passWatched(rig, 5 * MINUTE_MS)
  expect(rig.reports).toHaveLength(3)
  expect(rig.monitor.snapshot().notices).toHaveLength(1)
})

test('a notifier that throws neither ends the turn nor blames the connection', async () => {
  const rig = createMonitorRig({ pods: [pod()], settings: { undoS: 1, stopDeadlineS: 5 } })
  rig.monitor.start()
  await settle()
  rig.alerts.push = boom
  rig.provider.script.actions.push(boom)
  rig.monitor.act('pod-1', 'stop')
  await rig.clock.pass(MINUTE_MS)
  expect(rig.reports.join('\n')).toContain('An alert could not be shown')
  expect(rig.monitor.snapshot().connection.kind).toBe('live')
})

test('an action whose sending throws is found out by looking, and never sent again', async () => {
  const rig = createMonitorRig({ pods: [pod()] })
  rig.monitor.start()
  await settle()
  rig.provider.script.actions.push(boom)
  rig.monitor.act('pod-1', 'stop')
  await rig.clock.pass(6 * SECOND_MS)
  rig.provider.pods = [stoppedPod()]
  await rig.clock.pass(MINUTE_MS)
  expect(rig.monitor.snapshot().pods[0]?.intent?.phase).toBe('observed')
  expect(rig.log.filter((line) => line === 'stop pod-1')).toHaveLength(1)
})

describe('at its end', () => {
  test('it waits for the answer to what was sent, and writes it down', async () => {
    const rig = createMonitorRig({ pods: [pod()] })
    const answer = deferred<ReturnType<typeof ok<null>>>()
    rig.monitor.start()
    await settle()
    rig.provider.script.actions.push(() => answer.promise)
    rig.monitor.act('pod-1', 'stop')
    await rig.clock.pass(5 * SECOND_MS)
    let hasEnded = false
    void rig.monitor.end().then(() => {
      hasEnded = true
    })
    await settle()
    expect(hasEnded).toBe(false)
    answer.resolve(ok(null))
    await settle()
    expect(hasEnded).toBe(true)
    expect(rig.journal.records.at(-1)?.phase).toBe('accepted')
    await rig.clock.pass(HOUR_MS)
    expect(rig.log.filter((line) => line.startsWith('stop'))).toHaveLength(1)
  })

  test('it waits as well when it is ended at the very moment of sending', async () => {
    const rig = createMonitorRig({ pods: [pod()] })
    rig.monitor.start()
    await settle()
    const ends: Promise<void>[] = []
    rig.monitor.subscribe(({ pods }) => {
      if (pods[0]?.intent?.phase === 'sent' && ends.length === 0) ends.push(rig.monitor.end())
    })
    rig.monitor.act('pod-1', 'stop')
    await rig.clock.pass(5 * SECOND_MS)
    await Promise.all(ends)
    expect(ends).toHaveLength(1)
    expect(rig.journal.records.map(({ phase }) => phase)).toEqual(['scheduled', 'sent', 'accepted'])
  })

  test('what still waits for its undo is not sent, and the next run says that it was cancelled', async () => {
    const rig = createMonitorRig({ pods: [pod()] })
    rig.monitor.start()
    await settle()
    rig.monitor.act('pod-1', 'stop')
    await rig.monitor.end()
    await rig.clock.pass(HOUR_MS)
    expect(rig.log.filter((line) => line.startsWith('stop'))).toEqual([])
    rig.clock.restart('run-2')
    const next = createMonitorRig({ earlier: rig })
    next.monitor.start()
    await settle()
    expect(next.monitor.snapshot().notices[0]?.text).toMatch(/ended before the stop .* nothing was sent/)
  })
})
