import { attacks } from '../../test/harness/app/faults/hostile-bytes'
import { attackFromServer } from '../../test/harness/app/start/server-program'
import { openTerminalOf, prepareTerminalHarness } from '../../test/harness/app/start/terminal-harness'
import { waitUntil } from '../../test/harness/app/act/wait-until'
import { watchPauses } from '../../test/harness/app/act/watch-pauses'
import type { Measurement } from '../measurement'
import { pssMbOf } from '../processes'
import { createRestingApp } from './resting-app'

const MAX_PAUSE_MS = 50

/**
 * For each attack, in a terminal of its own: the longest pause of main's event loop from its first byte until the
 * screen shows what follows it, and the memory of the app after the terminal is closed, compared with that before it
 * was opened.
 */
export async function measureHostileInputs(): Promise<readonly Measurement[]> {
  const harness = await prepareTerminalHarness()
  try {
    const { running } = harness.scene
    const app = await createRestingApp(harness)
    await openTerminalOf(harness)
    await app.closeTerminal()
    const measurements: Measurement[] = []
    const common = { group: 'hostile', spread: null }
    for (const [name, source] of Object.entries(attacks())) {
      const beforeMb = await app.memoryMb()
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
      await app.closeTerminal()
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
        await app.restingMemory(name, beforeMb),
      )
    }
    return measurements
  } finally {
    await harness.close()
  }
}
