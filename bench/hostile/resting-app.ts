import { setTimeout as delay } from 'node:timers/promises'
import type { TerminalHarness } from '../../test/harness/app/start/terminal-harness'
import { waitUntil } from '../../test/harness/app/act/wait-until'
import type { Measurement } from '../measurement'
import { pssMbOf } from '../processes'

const SETTLE_MS = 5_000
const MAX_LEFT_MB = 20
const MOST_WAITS = 5

/** The app of a terminal harness between two attacks. */
export interface RestingApp {
  closeTerminal(): Promise<void>
  /** Without the garbage of the page, MB. */
  memoryMb(): Promise<number>
  /** The memory after the terminal was closed, beside that before it was opened. */
  restingMemory(name: string, beforeMb: number): Promise<Measurement>
}

export async function createRestingApp(harness: TerminalHarness): Promise<RestingApp> {
  const { running } = harness.scene
  const page = await harness.page.context().newCDPSession(harness.page)
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
  return {
    memoryMb,
    async closeTerminal() {
      const { id } = await harness.terminal()
      await harness.page.evaluate(`window.app.closeTerminal(${JSON.stringify(id)})`)
      await waitUntil('no screen', async () => (await harness.page.locator('.screen').count()) === 0)
    },
    restingMemory: async (name, beforeMb) => ({
      group: 'hostile',
      name: `${name}: PSS after closing`,
      unit: 'MB',
      value: await restMb(beforeMb),
      spread: null,
      baseline: beforeMb,
      beside: 'before opening',
      goal: { kind: 'difference', atMost: MAX_LEFT_MB },
    }),
  }
}
