import { computerCheckText, outdatedText } from './computer-check-text'
import type { DoctorLine } from './doctor-line'

/** Whether the program that watches is the one that is installed, as it says itself. Null: none watches. */
export function buildLine(
  health: { readonly version: string; readonly isOutdated?: boolean | undefined } | null,
): DoctorLine {
  if (health === null) return { id: 'build', verdict: 'not-checked', text: computerCheckText.nobodyRuns }
  return health.isOutdated === true
    ? { id: 'build', verdict: 'warning', text: outdatedText }
    : { id: 'build', verdict: 'ok', text: computerCheckText.installedBuild(health.version) }
}
