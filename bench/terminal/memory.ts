import { setTimeout as delay } from 'node:timers/promises'
import { openTerminalOf, prepareTerminalRig } from '../../test/harness/app/terminal-rig'
import { until } from '../../test/harness/app/waiting'
import type { Figure } from '../figure'
import { pssMbOf } from '../processes'

const SESSIONS = 10
const SETTLE_MS = 8_000

/** The whole tree of processes with the main window open: without a terminal, and with ten that have scrolled full. */
export async function memoryFigures(): Promise<readonly Figure[]> {
  const rig = await prepareTerminalRig()
  try {
    const { pid } = rig.scene.running
    await delay(SETTLE_MS)
    const withoutMb = pssMbOf(pid)
    for (let session = 0; session < SESSIONS; session++) {
      await openTerminalOf(rig, session > 0)
      await until('the prompt', async () => (await rig.text()).includes('ready'))
      // Whole lines, more of them than are kept.
      await rig.type(`seq -f "%0$(tput cols)g" 10500; echo fil''led\r`, (await rig.terminal()).id)
      await until('a full terminal', async () => (await rig.text()).includes('filled'), 60_000)
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
    await rig.close()
  }
}
