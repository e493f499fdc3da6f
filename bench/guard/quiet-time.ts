import type { Settings } from '../../src/core/settings/settings'

/** Whether the wall clock is within quiet hours (start inclusive, end exclusive, possibly over midnight). */
export function isQuietTime({ quietHoursFrom, quietHoursTo }: Settings, wallMs: number): boolean {
  if (quietHoursFrom === null || quietHoursTo === null || quietHoursFrom === quietHoursTo) return false
  const clock = new Date(wallMs).toTimeString().slice(0, 5)
  return quietHoursFrom < quietHoursTo
    ? quietHoursFrom <= clock && clock < quietHoursTo
    : clock >= quietHoursFrom || clock < quietHoursTo
}
