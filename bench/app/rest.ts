import { setTimeout as delay } from 'node:timers/promises'
import type { Goal, Measurement } from '../measurement'
import { cpuMsOf, pssMbOf, wakeupsOf } from '../processes'
import type { PlainApp } from './apps'
import { openMainWindow, sideBySide, withDemoData } from './demo-apps'

const SETTLE_MS = 10_000
/** Until the bills of the month and what else a start reads are read. */
const REST_AFTER_MS = 60_000
const WATCH_MS = 60_000

/**
 * Resource use at rest, with five pods and the default settings: memory (PSS of the whole process tree) without a
 * window, with the popover and with both windows, then CPU and wakeups over a minute without a window. Podkeeper and
 * the bare app run side by side.
 */
export const measureRest = (): Promise<readonly Measurement[]> =>
  withDemoData(async (options, { runpod }) => {
    const hidden = await sideBySide(options, ['--hidden'], async (ours, bare) => {
      await delay(SETTLE_MS)
      await delay(REST_AFTER_MS)
      const requestsBefore = runpod.requests.length
      const before = [ours, bare].map(({ pid }) => ({ cpuMs: cpuMsOf(pid), wakeups: wakeupsOf(pid) }))
      await delay(WATCH_MS)
      const perSecond = (read: (pid: number) => number, app: PlainApp, was: number): number =>
        (read(app.pid) - was) / (WATCH_MS / 1_000)
      const [own, floor] = before
      if (own === undefined || floor === undefined) throw new Error('nothing was measured')
      if (runpod.requests.length === requestsBefore) throw new Error('no pods were watched')
      return [
        measurement('PSS without a window', 'MB', pssMbOf(ours.pid), pssMbOf(bare.pid), {
          kind: 'ratio',
          atMost: 1.08,
        }),
        measurement(
          'CPU at rest without a window',
          '% of a core',
          perSecond(cpuMsOf, ours, own.cpuMs) / 10,
          perSecond(cpuMsOf, bare, floor.cpuMs) / 10,
          { kind: 'value', atMost: 0.15 },
        ),
        measurement(
          'wakeups at rest without a window',
          '1/s',
          perSecond(wakeupsOf, ours, own.wakeups),
          perSecond(wakeupsOf, bare, floor.wakeups),
          { kind: 'value', atMost: 4 },
        ),
      ]
    })
    const shown = await sideBySide(options, [], async (ours, bare) => {
      await delay(SETTLE_MS)
      const pss = (name: string, atMost: number): Measurement =>
        measurement(`PSS with ${name}`, 'MB', pssMbOf(ours.pid), pssMbOf(bare.pid), { kind: 'ratio', atMost })
      const popover = pss('the popover', 1.15)
      await openMainWindow(ours)
      await delay(SETTLE_MS)
      return [popover, pss('both windows', 1.35)]
    })
    return [...hidden, ...shown]
  })

function measurement(name: string, unit: string, value: number, baseline: number, goal: Goal): Measurement {
  const beside = name.endsWith('without a window') ? 'the bare app, hidden' : 'the bare app with its window'
  return { group: 'app', name, unit, value, spread: null, baseline, beside, goal }
}
