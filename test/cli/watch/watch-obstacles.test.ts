import { EventEmitter } from 'node:events'
import { describe, expect, test } from 'vitest'
import { createWatch, type Watch } from '../../../src/cli/watch/watch'
import { HOUR_MS, MINUTE_MS } from '../../../src/core/base/time/time'
import { trayModel } from '../../../src/core/view/tray/tray-model'
import type { FakeClock } from '../../harness/base/fake-clock'
import { actionsSentBy, startGuardedMonitor, stopStatusOf } from '../../harness/guard/guarded-monitor'
import { createMonitorFixture } from '../../harness/monitor/monitor-fixture'
import { failure } from '../../harness/monitor/scripted-provider'
import { pod } from '../../harness/samples/pods'

function createLineWatch(clock: FakeClock): {
  readonly watch: Watch
  readonly errors: string[]
  readonly lines: string[]
} {
  const errors: string[] = []
  const lines: string[] = []
  const watch = createWatch({
    watchOutput: { kind: 'lines', format: 'text', write: (line) => lines.push(line) },
    clock,
    process: {
      events: new EventEmitter(),
      stderr: { write: (text) => errors.push(text) },
      suspend: () => {},
      onSignal: () => () => {},
    },
    roleNote: () => null,
    computer: () => 'lab-server',
    hasSeveral: false,
  })
  return { watch, errors, lines }
}

test('a watch says on standard error that no notification can be shown, once', async () => {
  const { monitor, clock, system, provider } = createMonitorFixture({
    pods: [pod({ phase: 'creating', telemetry: null })],
  })
  const { watch, errors, lines } = createLineWatch(clock)
  watch.add({ id: 'account-1', name: 'Lab', monitor })
  await clock.advanceAsync(60_000)
  system.delivery = 'failed'
  provider.pods = [pod({ phase: 'error', telemetry: null })]
  await clock.advanceAsync(120_000)
  expect(errors).toEqual([expect.stringContaining('Notifications can’t be shown (since ')])
  expect(lines.filter((line) => line.includes('Notifications can’t be shown'))).toHaveLength(1)
  await clock.advanceAsync(600_000)
  expect(errors).toHaveLength(1)
  monitor.dispose()
})

describe('a stop that is due, where neither Runpod nor any channel can be reached,', () => {
  test('is said by the tray, the card, the log and the standard error of a watch', async () => {
    const rig = await startGuardedMonitor()
    const { monitor, clock, system, provider, alerts, auditEntries } = rig
    const { watch, errors } = createLineWatch(clock)
    await clock.advanceAsync(40 * MINUTE_MS)
    watch.add({ id: 'account-1', name: 'Lab', monitor })
    const shownBefore = alerts.length
    system.delivery = 'failed'
    const { ...working } = provider
    provider.listPods = async () => failure('unreachable')
    for (let minute = 0; minute < 60; minute += 1) {
      await clock.advanceAsync(MINUTE_MS)
      monitor.checkWatchdog()
    }
    expect([alerts.length - shownBefore, actionsSentBy(rig)]).toEqual([0, []])
    expect(trayModel(monitor.snapshot())).toMatchObject({
      state: 'offline',
      tooltip: expect.stringMatching(/^no response .* notifications can’t be shown$/i) as string,
    })
    expect(stopStatusOf(rig)).toMatchObject({
      kind: 'blocked',
      text: 'Not stopped, since Runpod can’t be reached.',
    })
    expect(monitor.snapshot().obstacles.map(({ code }) => code)).toEqual(['offline', 'notifications'])
    expect(auditEntries.filter(({ what }) => what === 'unable-to-act')).toMatchObject([
      { kind: 'alert', text: expect.stringContaining('trainer should be stopped') as string },
    ])
    expect(errors).toEqual([
      expect.stringContaining('Notifications can’t be shown (since '),
      expect.stringContaining('Automatic stops wait for Runpod (since '),
    ])

    system.delivery = 'shown'
    Object.assign(provider, working)
    await clock.advanceAsync(HOUR_MS)
    expect([monitor.snapshot().obstacles, errors.length]).toEqual([[], 2])
    monitor.dispose()
  })
})
