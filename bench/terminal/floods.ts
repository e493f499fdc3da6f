import { floods } from '../../test/harness/app/faults/hostile-bytes'
import { longestGapMs } from '../../test/harness/app/start/server-program'
import { openTerminalHarness } from '../../test/harness/app/start/terminal-harness'
import type { Measurement } from '../measurement'

/** The longest time without a frame while a hostile pod writes output that keeps the window busy. */
export async function measureFloods(): Promise<readonly Measurement[]> {
  const harness = await openTerminalHarness()
  try {
    const measurements: Measurement[] = []
    for (const [name, source] of Object.entries(floods()))
      measurements.push({
        group: 'terminal',
        name: `${name}: longest time without a frame`,
        unit: 'ms',
        value: await longestGapMs(harness, source),
        spread: null,
        baseline: null,
        beside: null,
        goal: { kind: 'value', atMost: 250 },
      })
    return measurements
  } finally {
    await harness.close()
  }
}
