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
