import { setTimeout as delay } from 'node:timers/promises'
import { attacks } from '../../test/harness/app/faults/hostile-bytes'
import { attackFromServer } from '../../test/harness/app/start/server-program'
import { openTerminalOf, prepareTerminalHarness } from '../../test/harness/app/start/terminal-harness'
import { waitUntil } from '../../test/harness/app/act/wait-until'
import { watchPauses } from '../../test/harness/app/act/watch-pauses'
import type { Measurement } from '../measurement'
import { pssMbOf } from '../processes'

const SETTLE_MS = 5_000
const MAX_PAUSE_MS = 50
const MAX_LEFT_MB = 20
const MOST_WAITS = 5

/**
 * For each attack, in a terminal of its own: the longest pause of main's event loop from its first byte until the
 * screen shows what follows it, and the memory of the app after the terminal is closed, compared with that before it
 * was opened.
 */
export async function measureHostileInputs(): Promise<readonly Measurement[]> {
  const harness = await prepareTerminalHarness()
  try {
    const { running } = harness.scene
    const page = await harness.page.context().newCDPSession(harness.page)
    const closeTerminal = async (): Promise<void> => {
      const { id } = await harness.terminal()
      await harness.page.evaluate(`window.app.closeTerminal(${JSON.stringify(id)})`)
      await waitUntil('no screen', async () => (await harness.page.locator('.screen').count()) === 0)
    }
    const memoryMb = async (): Promise<number> => {
      // A page that rests keeps its garbage for minutes.
      await page.send('HeapProfiler.collectGarbage')
      await delay(SETTLE_MS)
      return pssMbOf(running.pid)
    }
    /** Garbage is collected when its time has come. */
    const restMb = async (beforeMb: number): Promise<number> => {
      let restsMb = await memoryMb()
      for (let times = 0; times < MOST_WAITS && restsMb > beforeMb + MAX_LEFT_MB; times++)
        restsMb = await memoryMb()
      return restsMb
    }
    await openTerminalOf(harness)
    await closeTerminal()
    const measurements: Measurement[] = []
    const common = { group: 'hostile', spread: null }
    for (const [name, source] of Object.entries(attacks())) {
      const beforeMb = await memoryMb()
      await openTerminalOf(harness, true)
      await waitUntil('the prompt', async () => (await harness.text()).includes('ready'))
      const endOfWatch = await watchPauses(running.app)
      const startedAtMs = performance.now()
      const { id } = await harness.terminal()
      const type = (text: string): Promise<void> => harness.type(text, id)
      await attackFromServer({ ...harness, type }, source, 'through')
      const { longestMs, mostWorkMs } = await endOfWatch()
      const tookMs = performance.now() - startedAtMs
      console.log(
        `${name}: ${tookMs.toFixed(0)} ms, ${pssMbOf(running.pid).toFixed(0)} MB, ${mostWorkMs.toFixed(0)} ms of work in a pause`,
      )
      await closeTerminal()
      measurements.push(
        {
          ...common,
          name: `${name}: longest pause of main`,
          unit: 'ms',
          value: longestMs,
          baseline: null,
          beside: null,
          goal: { kind: 'value', atMost: MAX_PAUSE_MS },
        },
        {
          ...common,
          name: `${name}: PSS after closing`,
          unit: 'MB',
          value: await restMb(beforeMb),
          baseline: beforeMb,
          beside: 'before opening',
          goal: { kind: 'difference', atMost: MAX_LEFT_MB },
        },
      )
    }
    return measurements
  } finally {
    await harness.close()
  }
}
