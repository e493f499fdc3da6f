import { setTimeout as delay } from 'node:timers/promises'
import { openTerminalOf, prepareTerminalHarness } from '../../test/harness/app/start/terminal-harness'
import { waitUntil } from '../../test/harness/app/act/wait-until'
import type { Measurement } from '../measurement'
import { pssMbOf } from '../processes'

const SESSIONS = 10
const SETTLE_MS = 8_000

/**
 * Memory of the whole process tree with the main window open: without a terminal, and with ten whose scrollback is
 * full.
 */
export async function measureMemory(): Promise<readonly Measurement[]> {
  const harness = await prepareTerminalHarness()
  try {
    const { pid } = harness.scene.running
    await delay(SETTLE_MS)
    const withoutMb = pssMbOf(pid)
    for (let session = 0; session < SESSIONS; session++) {
      await openTerminalOf(harness, session > 0)
      await waitUntil('the prompt', async () => (await harness.text()).includes('ready'))
      // Full-width lines, more than the scrollback keeps.
      await harness.type(`seq -f "%0$(tput cols)g" 10500; echo fil''led\r`, (await harness.terminal()).id)
      await waitUntil('a full terminal', async () => (await harness.text()).includes('filled'), 60_000)
    }
    await delay(SETTLE_MS)
    return [
      {
        group: 'terminal',
        name: `PSS with ${SESSIONS} terminals of 10,000 full lines`,
        unit: 'MB',
        value: pssMbOf(pid),
        spread: null,
        baseline: withoutMb,
        beside: 'the same without a terminal',
        goal: null,
      },
    ]
  } finally {
    await harness.close()
  }
}
