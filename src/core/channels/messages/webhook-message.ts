import { shortName } from '../../pods/pod-name'
import { cutText, utf16Units } from './cut-text'
import { alertFingerprint } from './fingerprint'
import type { MessageBatch, SentAlert } from './message-content'
import { type OutgoingAlert, plainAlert } from './outgoing-alert'

/** What Alertmanager gives as the end of an alert that holds. */
const NO_END = '0001-01-01T00:00:00Z'
const EXTERNAL_URL = 'https://console.runpod.io/pods'

type Texts = Readonly<Record<string, string>>

/**
 * The payload of a webhook of Alertmanager, version 4. The end of an alert follows its start; where both are in one
 * batch, only the end is sent.
 */
export function webhookMessage({ alerts, isPlain }: MessageBatch, receiver: string): object {
  const byName = new Map<string, ReturnType<typeof webhookAlert>>()
  for (const sent of alerts) {
    const alert = webhookAlert(sent, isPlain)
    byName.set(`${alert.fingerprint} ${alert.startsAt}`, alert)
  }
  const all = [...byName.values()]
  const commonLabels = common(all.map(({ labels }) => labels))
  const { alertname } = commonLabels
  const groupLabels = alertname === undefined ? {} : { alertname }
  return {
    version: '4',
    groupKey: `{}:{${alertname === undefined ? '' : `alertname=${JSON.stringify(alertname)}`}}`,
    truncatedAlerts: 0,
    status: all.some(({ status }) => status === 'firing') ? 'firing' : 'resolved',
    receiver,
    groupLabels,
    commonLabels,
    commonAnnotations: common(all.map(({ annotations }) => annotations)),
    externalURL: EXTERNAL_URL,
    alerts: all,
  }
}

function webhookAlert({ alert: sent, resolvedAtMs }: SentAlert, isPlain: boolean) {
  const alert = isPlain ? plainAlert(sent) : sent
  const labels = labelsOf(alert)
  return {
    status: resolvedAtMs === null ? 'firing' : 'resolved',
    labels,
    annotations: {
      summary: alert.title,
      ...(alert.body !== '' && { description: cutText(alert.body, 1_000, utf16Units) }),
      // No label: the same alert of several computers stays one.
      ...(alert.computer !== null && { computer: alert.computer }),
    } as Texts,
    startsAt: new Date(alert.createdAt.wallMs).toISOString(),
    endsAt: resolvedAtMs === null ? NO_END : new Date(resolvedAtMs).toISOString(),
    generatorURL: alert.url ?? '',
    fingerprint: alertFingerprint(labels),
  }
}

/** The same for the start and the end of an alert. */
function labelsOf({ kind, isCritical, tone, podId, podName, accountName }: OutgoingAlert): Texts {
  const words = kind.split('-').map((word) => word.charAt(0).toUpperCase() + word.slice(1))
  const severity = isCritical ? 'critical' : tone === 'good' || tone === 'plain' ? 'info' : 'warning'
  return {
    alertname: `Podkeeper${words.join('')}`,
    severity,
    ...(podId !== null && { pod_id: shortName(podId, 100) }),
    ...(podName !== null && { pod: podName }),
    ...(accountName !== null && { account: accountName }),
  }
}

/** What all have. */
function common([first = {}, ...others]: readonly Texts[]): Texts {
  return Object.fromEntries(
    Object.entries(first).filter(([name, value]) => others.every((each) => each[name] === value)),
  )
}
