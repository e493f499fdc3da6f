import { intentOutcomeAlert, sentence } from './alert-text'
import type { PendingAlert } from './alert'
import type { Intent } from '../intents/intent'
import { RUNPOD_NAME } from '../pods/labs/service-name'
import { shortName } from '../pods/pod-name'
import { isRefusalLifted, type WritePermission } from '../intents/write-permission'
import { formatTimeOfDay } from '../base/text/format'

/**
 * The alerts about the outcome of an action. A rule's action is tried again and again, so its failures have at most
 * two alerts, and then reminders after 4, 8, 16 … tries, whose pauses grow. The alert that a rule cannot act is
 * critical and comes once per run of the pod, after one 403 or two other failures, or once for the key while it was
 * refused every action. See docs/product-rules.md#36-limits-retries-and-switches.
 */
export function outcomeAlerts(
  intent: Intent,
  permission: WritePermission,
  service = RUNPOD_NAME,
): readonly PendingAlert[] {
  const outcome = intentOutcomeAlert(intent, service)
  if (outcome === null || intent.origin === 'person') return outcome === null ? [] : [outcome]
  if (isRefusalLifted(permission, intent)) return []
  const tries = intent.earlierFailures + 1
  const isUnable = intent.refusal === 'forbidden' || tries >= 2
  const isReminder = tries >= 4 && Number.isInteger(Math.log2(tries))
  return [
    ...(isUnable ? [unableToActAlert(intent, tries, permission, service)] : []),
    ...(!isUnable || isReminder ? [outcome] : []),
  ]
}

function unableToActAlert(
  intent: Intent,
  tries: number,
  { refusedSince }: WritePermission,
  service: string,
): PendingAlert {
  const { accountId, podId, podName, podStartedAtMs, action, refusal, message } = intent
  const common = { tone: 'bad', isCritical: true, buttons: [] } as const
  const reason = sentence(message ?? `${service} gave no reason`)
  if (refusal === 'forbidden' && refusedSince !== null)
    return {
      ...common,
      key: { kind: 'unable-to-act', accountId, podId: null, episode: `key ${refusedSince.wallMs}` },
      podName: null,
      title: 'Automatic stops don’t work with this API key',
      body: `${service} has refused every action since ${formatTimeOfDay(refusedSince.wallMs)}: ${reason} The key is probably read-only. Give it write access on ${service}; your pods keep running until then. Stops that are due are tried again without another warning.`,
    }
  const done = action === 'terminate' ? 'terminated' : 'stopped'
  const tried = tries === 1 ? `${service} refused it` : `${tries} attempts failed`
  return {
    ...common,
    key: { kind: 'unable-to-act', accountId, podId, episode: `${action} ${podStartedAtMs ?? 'unknown'}` },
    podName,
    title: `${shortName(podName, 60)} could not be ${done} automatically`,
    body: `${tried}: ${reason} It keeps running. Podkeeper keeps retrying, at growing intervals.`,
  }
}
