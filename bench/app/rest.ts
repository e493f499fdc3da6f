import { setTimeout as delay } from 'node:timers/promises'
import { startKeyring } from '../../test/harness/app/keyring'
import { openScene } from '../../test/harness/app/scene'
import { TrayItem } from '../../test/harness/app/tray'
import { defaultSettings } from '../../src/core/settings/settings'
import { demoPods } from '../../src/simulator/demo'
import type { Goal, Measurement } from '../measurement'
import { cpuMsOf, pssMbOf, wakeupsOf } from '../processes'
import { BARE_APP, OUR_APP, type PlainApp, startPlain } from './apps'

const SETTLE_MS = 10_000
/** Until the bills of the month and what else a start reads are read. */
const REST_AFTER_MS = 60_000
const WATCH_MS = 60_000

/**
 * Resource use at rest, with five pods and the default settings: memory (PSS of the whole process tree) without a
 * window, with the popover and with both windows, then CPU and wakeups over a minute without a window. Podkeeper and
 * the bare app run side by side.
 */
export async function measureRest(): Promise<readonly Measurement[]> {
  const endKeyring = await startKeyring()
  const scene = await openScene({ pods: demoPods, settings: defaultSettings })
  try {
    await scene.pasteKey()
    await scene.page.getByRole('article').first().waitFor()
    await scene.running.close()
    const subject = { dataDir: scene.running.dataDir, env: { RUNPOD_API_BASE_URL: `${scene.runpod.url}/v2` } }
    const hidden = await sideBySide(['--hidden'], subject, async (ours, bare) => {
      await delay(REST_AFTER_MS)
      const requestsBefore = scene.runpod.requests.length
      const before = [ours, bare].map(({ pid }) => ({ cpuMs: cpuMsOf(pid), wakeups: wakeupsOf(pid) }))
      await delay(WATCH_MS)
      const perSecond = (read: (pid: number) => number, app: PlainApp, was: number): number =>
        (read(app.pid) - was) / (WATCH_MS / 1_000)
      const [own, floor] = before
      if (own === undefined || floor === undefined) throw new Error('nothing was measured')
      if (scene.runpod.requests.length === requestsBefore) throw new Error('no pods were watched')
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
          { kind: 'difference', atMost: 0.5 },
        ),
        measurement(
          'wakeups at rest without a window',
          '1/s',
          perSecond(wakeupsOf, ours, own.wakeups),
          perSecond(wakeupsOf, bare, floor.wakeups),
          null,
        ),
      ]
    })
    const shown = await sideBySide([], subject, async (ours, bare) => {
      const popover = measurement('PSS with the popover', 'MB', pssMbOf(ours.pid), pssMbOf(bare.pid), null)
      const tray = await TrayItem.of(ours)
      await tray.choose('Open window')
      tray.disconnect()
      await delay(SETTLE_MS)
      return [popover, measurement('PSS with both windows', 'MB', pssMbOf(ours.pid), pssMbOf(bare.pid), null)]
    })
    return [...hidden, ...shown]
  } finally {
    await scene.close()
    await endKeyring()
  }
}

async function sideBySide(
  args: readonly string[],
  subject: { readonly dataDir: string; readonly env: Readonly<Record<string, string>> },
  measure: (ours: PlainApp, bare: PlainApp) => Promise<readonly Measurement[]>,
): Promise<readonly Measurement[]> {
  const ours = await startPlain(OUR_APP, { ...subject, args })
  const bare = await startPlain(BARE_APP, { args })
  try {
    await delay(SETTLE_MS)
    return await measure(ours, bare)
  } finally {
    await ours.close()
    await bare.close()
  }
}

function measurement(
  name: string,
  unit: string,
  value: number,
  baseline: number,
  goal: Goal | null,
): Measurement {
  const beside = name.endsWith('without a window') ? 'the bare app, hidden' : 'the bare app with its window'
  return { group: 'app', name, unit, value, spread: null, baseline, beside, goal }
}
