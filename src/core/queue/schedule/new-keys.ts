import { plainName } from '../../pods/pod-name'
import type { HostKeyOutlook } from '../../terminal/seen-host-key'
import type { PodRequest } from '../jobs/job'
import type { CreateRule, ScheduleRules, StartRule } from '../jobs/job-codec'
import type { AnnouncedKey } from './new-key-text'

/*
 * Host keys of pods that are started or created for jobs, where nobody is there to accept them. See
 * docs/product-rules.md#152-where-jobs-start.
 */

/** Why a pod that was requested by the rule couldn't run its job without a person, as a sentence; null: it may. */
export function newKeyProblem(
  rule: StartRule | CreateRule,
  podName: string,
  outlook: HostKeyOutlook,
): string | null {
  if (rule.acceptsNewKey === true) return null
  const name = plainName(podName)
  const rest = `Open a terminal on it, or let jobs accept its next host key.`
  if ('presetName' in rule)
    return `A new pod of ${plainName(rule.presetName)} shows a host key that nobody accepted. Let jobs accept it, or run the job on a pod that you started.`
  if (outlook === 'unknown') return `No host key of ${name} is trusted. ${rest}`
  return outlook === 'changes' ? `${name} had a new host key after its last start. ${rest}` : null
}

/** Null: there is nothing to say. */
export const announcedKey = (rule: StartRule | CreateRule, outlook: HostKeyOutlook): AnnouncedKey | null =>
  rule.acceptsNewKey === true ? 'accepted' : outlook === 'may-change' ? outlook : null

/** Whether a person still allows to accept the first host key of a pod that was requested. */
export const isNewKeyAllowed = (
  { starts = [], creates = [] }: ScheduleRules,
  { accountId, presetName, podKey }: PodRequest,
): boolean =>
  presetName === null
    ? starts.some((rule) => rule.podKey === podKey && rule.acceptsNewKey === true)
    : creates.some(
        (rule) =>
          rule.accountId === accountId && rule.presetName === presetName && rule.acceptsNewKey === true,
      )
