import { formatMoment } from '../../core/base/text/format'
import type { UpdateState } from '../../core/updates/update-check'

export const aboutText = {
  title: (version: string) => `Podkeeper ${version}`,
  check: 'Check now',
  licenses: 'Licenses',
  couldNotReadLicenses: 'Couldn’t read the licenses',
  openRelease: 'Open release page',
  couldNotRead: 'Couldn’t read whether there is an update',
  couldNotCheck: 'Couldn’t check for updates',
  checking: 'Checking for updates…',
  noKey: 'Not possible in this build, which has no key to verify updates',
  couldNotOpen: 'Couldn’t open the release page',
} as const

/** What is known of newer releases. */
export function updateStateText(state: UpdateState, nowMs: number): string {
  const { unavailable, isDaily, isChecking, checkedAtMs, problem, newer } = state
  if (unavailable === 'no-key') return 'Updates are off: this build was made without a key to verify them'
  if (isChecking) return aboutText.checking
  if (newer !== null) return `Version ${newer.version} is available`
  if (unavailable === 'demo') return 'Updates aren’t checked in the demo'
  if (problem !== null) return problem
  if (checkedAtMs !== null) return `Up to date, checked ${formatMoment(checkedAtMs, { nowMs })}`
  return isDaily ? 'Not checked yet' : 'Updates aren’t checked'
}
