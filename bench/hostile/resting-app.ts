import { setTimeout as delay } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import type { RunningApp } from '../../test/harness/app/start/launch'
import type { TerminalHarness } from '../../test/harness/app/start/terminal-harness'
import { waitUntil } from '../../test/harness/app/act/wait-until'
import type { Measurement } from '../measurement'
import { pssMbOf } from '../processes'

const SETTLE_MS = 5_000
const MAX_LEFT_MB = 20
const MOST_WAITS = 5

/** The app between two attacks. */
export interface RestingMemory {
  /** Without the garbage of the page, MB. */
  memoryMb(): Promise<number>
  /** The memory after `name` was closed, beside that before it was opened. */
  restingMemory(name: string, beforeMb: number): Promise<Measurement>
}

/** The app of a terminal harness between two attacks. */
export interface RestingApp extends RestingMemory {
  closeTerminal(): Promise<void>
}

export async function createRestingMemory(running: RunningApp, window: Page): Promise<RestingMemory> {
  const page = await window.context().newCDPSession(window)
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

export const createRestingApp = async (harness: TerminalHarness): Promise<RestingApp> => ({
  ...(await createRestingMemory(harness.scene.running, harness.page)),
  async closeTerminal() {
    const { id } = await harness.terminal()
    await harness.page.evaluate(`window.app.closeTerminal(${JSON.stringify(id)})`)
    await waitUntil('no screen', async () => (await harness.page.locator('.screen').count()) === 0)
  },
})
