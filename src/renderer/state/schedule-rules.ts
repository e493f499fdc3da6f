import type { AccountId, PodKey } from '../../core/pods/pod'
import type { ScheduleRules } from '../../core/queue/jobs/job-codec'

const without = <T>(all: readonly T[], one: T): readonly T[] => all.filter((each) => each !== one)

/** The rules with auto-schedule of an account on or off. */
export const withAccount = (rules: ScheduleRules, id: AccountId, isOn: boolean): ScheduleRules => ({
  ...rules,
  accountIds: isOn ? [...without(rules.accountIds, id), id] : without(rules.accountIds, id),
})

/** The rules with auto-schedule of a pod on or off. */
export const withPod = (rules: ScheduleRules, key: PodKey, isOn: boolean): ScheduleRules => ({
  ...rules,
  podKeys: isOn ? [...without(rules.podKeys, key), key] : without(rules.podKeys, key),
})

/** The rules with a stopped pod that may be started for a job at up to a price, USD per hour; null: it may not. */
export const withStart = (
  rules: ScheduleRules,
  key: PodKey,
  maxPerHourUsd: number | null,
): ScheduleRules => ({
  ...rules,
  starts: [
    ...(rules.starts ?? []).filter(({ podKey }) => podKey !== key),
    ...(maxPerHourUsd === null ? [] : [{ podKey: key, maxPerHourUsd }]),
  ],
})

/** Main puts in what the preset says, once that was confirmed. */
const NO_DIGEST = '0'.repeat(64)

/** The rules with one preset of which a pod may be created for a job in an account; null: none. */
export function withCreate(
  rules: ScheduleRules,
  accountId: AccountId,
  create: { readonly presetName: string; readonly maxPerHourUsd: number } | null,
): ScheduleRules {
  const others = (rules.creates ?? []).filter((one) => one.accountId !== accountId)
  return {
    ...rules,
    creates: create === null ? others : [...others, { accountId, ...create, digest: NO_DIGEST }],
  }
}
