import type { SuppressionReason } from './alert-plan'
import type { Alert, AlertKind, PendingAlert } from './alert'
import { formatUsdPerHour } from '../base/text/format'
import { plainName, shortName } from '../pods/pod-name'

const MAX_NAMES = 8
/** More alerts than this at once become one notification. See docs/product-rules.md#62-delivery. */
const MAX_AT_ONCE = 3

/** The notifications for alerts that come at once: one about all idle pods, and one for too many others. */
export function batchAlerts(alerts: readonly PendingAlert[], atMs: number): readonly Alert[] {
  const idle = alerts.filter(({ key }) => key.kind === 'idle')
  const others = idle.length > 1 ? alerts.filter((alert) => !idle.includes(alert)) : alerts
  const aboutIdle = idle.length > 1 ? [groupAlert(idle, atMs)] : []
  return [...aboutIdle, ...(others.length > MAX_AT_ONCE ? [groupAlert(others, atMs)] : others)]
}

/** Groups several alerts into one notification that lists their names. A click on it shows all pods. */
export function groupAlert(alerts: readonly PendingAlert[], atMs: number): Alert {
  const [first] = alerts
  const kind = first?.key.kind ?? 'app'
  const areAlike = alerts.every(({ key }) => key.kind === kind)
  const labels = alerts.map(({ podName, title }) =>
    areAlike && podName !== null ? shortName(podName) : shortName(title, 60),
  )
  const more = labels.length > MAX_NAMES ? ` and ${labels.length - MAX_NAMES} more` : ''
  return {
    key: {
      kind: areAlike ? kind : 'app',
      accountId: first?.key.accountId ?? '',
      podId: null,
      episode: `group ${atMs}`,
    },
    isCritical: false,
    buttons: [],
    title: `${alerts.length} ${(areAlike ? groupText[kind] : undefined) ?? 'updates'}${areAlike ? wasteText(alerts) : ''}`,
    body: `${labels.slice(0, MAX_NAMES).join(areAlike ? ', ' : ' · ')}${more}`,
  }
}

/** ", wasting $202.30/hr"; empty where alerts of the group aren't about that, or no price is known. */
function wasteText(alerts: readonly PendingAlert[]): string {
  const rates = alerts.flatMap(({ wastePerHourUsd }) =>
    wastePerHourUsd === undefined ? [] : wastePerHourUsd,
  )
  const known = rates.filter((rate) => rate !== null)
  if (rates.length < alerts.length || known.length === 0) return ''
  const sum = formatUsdPerHour(known.reduce((one, other) => one + other, 0))
  return `, wasting ${known.length < rates.length ? 'at least ' : ''}${sum}`
}

const groupText: Partial<Record<AlertKind, string>> = {
  idle: 'pods are idle',
  'idle-reminder': 'pods are still idle',
  'partly-idle': 'pods have idle GPUs',
  'activity-unknown': 'pods can’t be judged',
  'kept-on': 'pods are kept running',
  'auto-stopped': 'pods were stopped automatically',
  'pod-ready': 'pods are ready',
  'creating-too-long': 'pods are stuck creating',
  'no-container': 'pods have no container yet',
  'container-died': 'containers died',
  'gpus-missing': 'pods have too few GPUs',
  'disk-full': 'disks are nearly full',
  'pod-error': 'pods have an error',
  'pod-stopped': 'pods were stopped, not by Podkeeper on this computer',
  'pod-gone': 'pods are gone',
  'gpu-free': 'pods got a GPU',
  'action-ended': 'actions did not succeed',
  'command-ended': 'commands ended',
}

/** Replaces the latest of `changes` alerts within an hour by one summary. */
export function summaryAlert(latest: PendingAlert, changes: number): PendingAlert {
  const pod = latest.podName === null ? '' : `${plainName(latest.podName)}: `
  return {
    ...latest,
    title: `${pod}the same alert ${changes} times in an hour`,
    body: `Now: ${latest.title}. You won’t be alerted about this again for an hour.`,
  }
}

/** Why an alert was logged without being shown, as a sentence. */
export function suppressionText(reason: SuppressionReason): string {
  return SUPPRESSION_TEXT[reason]
}

const SUPPRESSION_TEXT: Readonly<Record<SuppressionReason, string>> = {
  switch: '(Not shown: alerts of this kind are turned off.)',
  missed: '(Not shown: it happened while Podkeeper wasn’t watching.)',
  pause: '(Not shown: alerts are paused.)',
  'quiet-hours': '(Not shown: quiet hours.)',
  recent: '(Not shown: a similar alert was shown recently.)',
  flapping: '(Not shown: it changes too often.)',
}
