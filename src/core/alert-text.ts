import { formatDuration, formatUsd, formatUsdPerHour, idleReason } from './format'
import type { Intent } from './intents'
import type { Decision } from './policy'
import type { Alert } from './ports'

/** The native words of a decision: a title, one line, and the pod. */
export function alertOf({ accountId, pod, episode, activity, idleCostUsd }: Decision): Alert {
  const cost =
    pod.costPerHourUsd === null || idleCostUsd === null
      ? ''
      : ` · ${formatUsd(idleCostUsd)} so far at ${formatUsdPerHour(pod.costPerHourUsd)}`
  return {
    key: { kind: 'idle', accountId, podId: pod.id, episode: String(episode) },
    isCritical: false,
    buttons: ['keep-on', 'stop'],
    title: `${pod.name} is idle for ${formatDuration(activity.idleForMs)}`,
    body: `${idleReason(activity)}${cost}`,
  }
}

/** What to say natively when an action came to nothing, or null. An action that was undone is not news. */
export function endOfIntentAlert(intent: Intent): Alert | null {
  const { id, accountId, podId, podName, action, phase, message } = intent
  if (phase !== 'failed' && phase !== 'did-not-happen') return null
  const title = phase === 'failed' ? `${podName}: ${action} failed` : `${podName}: ${action} did not happen`
  return {
    key: { kind: 'action-ended', accountId, podId, episode: id },
    isCritical: false,
    buttons: [],
    title,
    body: message ?? 'Runpod gave no reason.',
  }
}
