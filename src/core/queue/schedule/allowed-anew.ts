import type { ScheduleRules } from '../jobs/job-codec'

/** What `after` allows and `before` doesn't: more pods and accounts, a higher price, or a preset that says something else. */
export function allowedAnew(
  before: ScheduleRules,
  after: ScheduleRules,
): Required<Omit<ScheduleRules, 'isPaused'>> {
  return {
    podKeys: after.podKeys.filter((key) => !before.podKeys.includes(key)),
    accountIds: after.accountIds.filter((id) => !before.accountIds.includes(id)),
    starts: (after.starts ?? []).filter(
      ({ podKey, maxPerHourUsd }) =>
        !(before.starts ?? []).some((one) => one.podKey === podKey && one.maxPerHourUsd >= maxPerHourUsd),
    ),
    creates: (after.creates ?? []).filter(
      ({ accountId, presetName, digest, maxPerHourUsd }) =>
        !(before.creates ?? []).some(
          (one) =>
            one.accountId === accountId &&
            one.presetName === presetName &&
            one.digest === digest &&
            one.maxPerHourUsd >= maxPerHourUsd,
        ),
    ),
  }
}
