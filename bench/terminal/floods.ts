import { floods } from '../../test/harness/app/hostile-bytes'
import { longestGapMs } from '../../test/harness/app/server-program'
import { openTerminalRig } from '../../test/harness/app/terminal-rig'
import type { Figure } from '../figure'

/** What a hostile pod writes to keep the window busy: the longest time without a frame. */
export async function floodFigures(): Promise<readonly Figure[]> {
  const rig = await openTerminalRig()
  try {
    const figures: Figure[] = []
    for (const [name, source] of Object.entries(floods))
      figures.push({
        group: 'terminal',
        name: `${name}: longest time without a frame`,
        unit: 'ms',
        value: await longestGapMs(rig, source),
        spread: null,
        baseline: null,
        beside: null,
        goal: { kind: 'value', atMost: 250 },
      })
    return figures
  } finally {
    await rig.close()
  }
}
