import type { PodKey } from '../../../core/pods/pod'
import {
  type CreateRule,
  type ScheduleRules,
  type StartRule,
  withNewKey,
} from '../../../core/queue/jobs/job-codec'
import type { ControlledQueueView } from '../../../node/control/queue-control'
import { CliExit, exitCodes } from '../../output/exit'
import { withNothing } from '../../output/nothing-text'
import { scheduleText } from './queue-text'

/** What is to change of where jobs start automatically. */
export interface AutoChange {
  /** Null: it is only shown. */
  readonly isOn: boolean | null
  /** `pod` null and `accountId` null: everything is turned off. */
  readonly pod: string | null
  readonly accountId: string | null
  /** The pod may be started for a job while it is stopped. */
  readonly startsPod: boolean
  /** Pods of this preset may be created in the account. Null: none. */
  readonly presetName: string | null
  /** USD per hour; null: not given. */
  readonly maxPerHourUsd: number | null
  /** The host key that the pod shows first after such a start is accepted. */
  readonly acceptsNewKey: boolean
}

/** The rules after a change. Throws a `CliExit` with nothing done. */
export function changedRules(
  rules: ScheduleRules,
  change: AutoChange,
  key: PodKey | null,
  presetDigest: (name: string) => string | null,
): ScheduleRules {
  const { isOn, accountId, startsPod, presetName, acceptsNewKey } = change
  const refuse = (message: string): never => {
    throw new CliExit(exitCodes.usage, withNothing(message, 'changed'))
  }
  if (startsPod && key === null) refuse(scheduleText.startNeedsPod)
  if (acceptsNewKey && (isOn !== true || (!startsPod && presetName === null)))
    refuse(scheduleText.newKeyNeedsPod)
  if (presetName !== null && accountId === null) refuse(scheduleText.presetNeedsAccount)
  const { starts = [], creates = [], isPaused } = rules
  if (isOn !== true && key === null && accountId === null) return { podKeys: [], accountIds: [], isPaused }
  const otherStarts = starts.filter(({ podKey }) => podKey !== key)
  const otherCreates = creates.filter(
    (one) => one.accountId !== accountId || (presetName !== null && one.presetName !== presetName),
  )
  if (isOn !== true) {
    if (startsPod) return { ...rules, starts: otherStarts }
    if (presetName !== null) return { ...rules, creates: otherCreates }
    return {
      ...rules,
      podKeys: rules.podKeys.filter((one) => one !== key),
      accountIds: rules.accountIds.filter((one) => one !== accountId),
      starts: otherStarts,
      creates: accountId === null ? creates : otherCreates,
    }
  }
  const isAnyPaid = startsPod || presetName !== null
  if (isAnyPaid !== (change.maxPerHourUsd !== null)) refuse(scheduleText.priceNeeded)
  const maxPerHourUsd = change.maxPerHourUsd ?? 0
  const digest = presetName === null ? null : presetDigest(presetName)
  if (presetName !== null && digest === null)
    throw new CliExit(exitCodes.notFound, withNothing(scheduleText.noPreset(presetName ?? ''), 'changed'))
  return {
    ...rules,
    podKeys: key === null || rules.podKeys.includes(key) ? rules.podKeys : [...rules.podKeys, key],
    accountIds:
      accountId === null || rules.accountIds.includes(accountId)
        ? rules.accountIds
        : [...rules.accountIds, accountId],
    ...(startsPod &&
      key !== null && {
        starts: [...otherStarts, withNewKey<StartRule>({ podKey: key, maxPerHourUsd }, acceptsNewKey)],
      }),
    ...(presetName !== null &&
      accountId !== null &&
      digest !== null && {
        creates: [
          ...otherCreates,
          withNewKey<CreateRule>({ accountId, presetName, digest, maxPerHourUsd }, acceptsNewKey),
        ],
      }),
  }
}

/** Where jobs start automatically, in words. */
export function rulesLines(
  { rules, pods }: ControlledQueueView,
  presetDigest: (name: string) => string | null,
): readonly string[] {
  const { podKeys, accountIds, starts = [], creates = [], isPaused } = rules
  const nameOf = (key: PodKey): string => pods.find((pod) => pod.key === key)?.name ?? key
  const where = [...podKeys.map(nameOf), ...accountIds.map(scheduleText.account)]
  return [
    where.length === 0 ? scheduleText.off : scheduleText.on(where),
    ...starts.map(({ podKey, maxPerHourUsd, acceptsNewKey }) => {
      const rule = scheduleText.startsPod(nameOf(podKey), maxPerHourUsd)
      return `${rule} ${acceptsNewKey ? scheduleText.acceptsNewKey : scheduleText.startKey}`
    }),
    ...creates.map(({ accountId, presetName, digest, maxPerHourUsd, acceptsNewKey }) => {
      const now = presetDigest(presetName)
      const rule = scheduleText.createsPod(presetName, accountId, maxPerHourUsd)
      if (now === digest)
        return `${rule} ${acceptsNewKey ? scheduleText.acceptsNewKey : scheduleText.createKey}`
      return `${rule} ${now === null ? scheduleText.presetGone : scheduleText.presetChanged}`
    }),
    ...(isPaused ? [scheduleText.paused] : []),
  ]
}
