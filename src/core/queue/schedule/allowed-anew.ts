import { parsePodKey } from '../../pods/pod'
import type { CreateRule, ScheduleRules, StartRule } from '../jobs/job-codec'

/**
 * What `after` allows and `before` doesn't: more pods and accounts, a higher price, a preset that says something else, or
 * a new host key. Pods are started and created only where auto-schedule is on, so what turning it on brings back counts, too.
 */
export function allowedAnew(
  before: ScheduleRules,
  after: ScheduleRules,
): Required<Omit<ScheduleRules, 'isPaused'>> {
  const [starts = [], creates = []] = [before.starts, before.creates]
  return {
    podKeys: after.podKeys.filter((key) => !before.podKeys.includes(key)),
    accountIds: after.accountIds.filter((id) => !before.accountIds.includes(id)),
    starts: (after.starts ?? []).filter(
      (rule) =>
        (startsIn(after, rule) && !startsIn(before, rule)) ||
        !starts.some(
          (one) =>
            one.podKey === rule.podKey && one.maxPerHourUsd >= rule.maxPerHourUsd && coversNewKey(one, rule),
        ),
    ),
    creates: (after.creates ?? []).filter(
      (rule) =>
        (createsIn(after, rule) && !createsIn(before, rule)) ||
        !creates.some(
          (one) =>
            one.accountId === rule.accountId &&
            one.presetName === rule.presetName &&
            one.digest === rule.digest &&
            one.maxPerHourUsd >= rule.maxPerHourUsd &&
            coversNewKey(one, rule),
        ),
    ),
  }
}

/**
 * The rules after a switch that no person turns, such as by a token: starts and creates that it would bring back are
 * dropped, so that a person has to allow them again.
 */
export function withoutRevived(before: ScheduleRules, after: ScheduleRules): ScheduleRules {
  const { starts, creates } = allowedAnew(before, after)
  return {
    ...after,
    ...(after.starts && { starts: after.starts.filter((rule) => !starts.includes(rule)) }),
    ...(after.creates && { creates: after.creates.filter((rule) => !creates.includes(rule)) }),
  }
}

const coversNewKey = (one: StartRule | CreateRule, rule: StartRule | CreateRule): boolean =>
  one.acceptsNewKey === true || rule.acceptsNewKey !== true

/** Whether auto-schedule is on for the pod. */
const startsIn = ({ podKeys, accountIds }: ScheduleRules, { podKey }: StartRule): boolean =>
  podKeys.includes(podKey) || accountIds.includes(parsePodKey(podKey).accountId)

/** Whether it is on for the account. */
const createsIn = ({ accountIds }: ScheduleRules, { accountId }: CreateRule): boolean =>
  accountIds.includes(accountId)
