import type { AccountId, PodKey } from '../../core/pods/pod'
import type { CreateRule, ScheduleRules, StartRule } from '../../core/queue/jobs/job-codec'

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

/** The rules with a stopped pod that may be started for a job; null: it may not. */
export const withStart = (
  rules: ScheduleRules,
  key: PodKey,
  start: Omit<StartRule, 'podKey'> | null,
): ScheduleRules => ({
  ...rules,
  starts: [
    ...(rules.starts ?? []).filter(({ podKey }) => podKey !== key),
    ...(start === null ? [] : [{ ...start, podKey: key }]),
  ],
})

/** The rule that accepts a new host key from now on, or doesn't. */
export function withNewKey<T extends StartRule | CreateRule>(rule: T, isOn: boolean): T {
  const { acceptsNewKey: _before, ...rest } = rule
  return (isOn ? { ...rest, acceptsNewKey: true } : rest) as T
}

/** Main puts in what the preset says, once that was confirmed. */
const NO_DIGEST = '0'.repeat(64)

/** The rules with one preset of which a pod may be created for a job in an account; null: none. */
export function withCreate(
  rules: ScheduleRules,
  accountId: AccountId,
  create: Omit<CreateRule, 'accountId' | 'digest'> | null,
): ScheduleRules {
  const others = (rules.creates ?? []).filter((one) => one.accountId !== accountId)
  return {
    ...rules,
    creates: create === null ? others : [...others, { digest: NO_DIGEST, ...create, accountId }],
  }
}
