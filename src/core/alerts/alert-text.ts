import {
  containerDiedText,
  type ContainerDetails,
  missingGpusAlertText,
  noContainerText,
} from '../containers/container-alert-text'
import type { TelemetryOutage } from '../containers/watched-containers'
import { vanishedText, outsideStopText } from '../polling/outside-stop-text'
import type { OutsideStop } from '../polling/outside-stop'
import type { AlertKind, AlertText, PendingAlert } from './alert'
import { confirmedUptimeMs } from '../pods/confirmed-uptime'
import { formatDuration, formatTimeOfDay, formatUsdPerHour } from '../base/text/format'
import { unconfirmedText } from '../intents/action-text'
import type { Intent } from '../intents/intent'
import type { GonePod } from '../polling/pod-inventory'
import type { Pod } from '../pods/pod'
import { RUNPOD_NAME, serviceOf } from '../pods/labs/service-name'
import type { PodEvent } from '../polling/pod-events'
import { plainName, shortName } from '../pods/pod-name'
import type { ConnectionView } from '../polling/connection'
import { elapsedMs, MINUTE_MS, SECOND_MS } from '../base/time/time'

/*
 * Text of event alerts: what happened, since when, what it costs and what to do. Pod names appear only in
 * titles, shortened to what a notification can show.
 */

const MAX_NAME_IN_TITLE = 60

/** An outcome this soon after the request is a response to the user. */
const RESPONSE_WINDOW_MS = 30 * MINUTE_MS

function createAlert(
  kind: AlertKind,
  accountId: string,
  pod: { readonly id: string; readonly name: string } | null,
  episode: string,
  text: AlertText,
): PendingAlert {
  return {
    key: { kind, accountId, podId: pod?.id ?? null, episode },
    podName: pod?.name ?? null,
    isCritical: false,
    buttons: [],
    ...text,
  }
}

const noDetails: ContainerDetails = { state: null, missingGpus: null, progress: null }

/**
 * An alert about a listed pod. `creatingMs`: how long it was observed to be creating, ms; `details`: what is known of a
 * running pod.
 */
export function podAlert(
  accountId: string,
  pod: Pod,
  event: PodEvent,
  creatingMs: number,
  details: ContainerDetails = noDetails,
): PendingAlert {
  const text = podEventText(pod, event, creatingMs, details)
  const alert = createAlert(event.kind, accountId, pod, event.episode, text)
  return event.isMissed ? { ...alert, isMissed: true } : alert
}

function podEventText(pod: Pod, event: PodEvent, creatingMs: number, details: ContainerDetails): AlertText {
  const service = serviceOf(pod)
  const name = shortName(pod.name, MAX_NAME_IN_TITLE)
  const cost = pod.costPerHourUsd
  switch (event.kind) {
    case 'pod-ready': {
      const since = formatTimeOfDay(pod.startedAtMs ?? event.atMs)
      const price = cost === null ? '' : ` · ${formatUsdPerHour(cost, pod.isPriceApproximate)}`
      return {
        title: `${name} is ready`,
        body: `Running since ${since}, according to ${service}${price}${sshRemark(details)}`,
        tone: 'good',
      }
    }
    case 'no-container':
      return { ...noContainerText(name, pod, details), tone: 'bad' }
    case 'container-died':
      return { ...containerDiedText(name, pod, details), tone: 'bad' }
    case 'gpus-missing':
      return { ...missingGpusAlertText(name, pod, details), tone: 'bad' }
    case 'creating-too-long': {
      const price = cost === null || cost === 0 ? '' : ` (${formatUsdPerHour(cost, pod.isPriceApproximate)})`
      return {
        title: `${name} is still not ready after ${formatDuration(creatingMs)}`,
        body: `You may already be paying for it${price}, but it isn’t usable yet. Check its logs on ${service}, or stop it.`,
        tone: 'warning',
      }
    }
    default: {
      const reason = sentence(pod.statusReason ?? `${service} gave no reason`)
      const price =
        cost === null || cost === 0
          ? ''
          : ` It still costs ${formatUsdPerHour(cost, pod.isPriceApproximate)}.`
      return { title: `${name} has an error`, body: `${reason}${price}`, tone: 'bad' }
    }
  }
}

const sshRemark = ({ progress }: ContainerDetails): string =>
  progress?.steps.ssh === 'now' ? '. SSH doesn’t answer yet' : ''

/** Pods that lost their metrics together, which is the API's outage and no death of containers. */
export function telemetryOutageAlert(
  accountId: string,
  { since, podIds }: TelemetryOutage,
  names: readonly string[],
  service = RUNPOD_NAME,
): PendingAlert {
  const [first = '', second] = names
  const others = podIds.length - 2
  const more = others > 0 ? ` and ${others} more` : ''
  return createAlert('metrics-outage', accountId, null, String(since.wallMs), {
    title: `${service} shows no metrics and no ports for ${podIds.length} pods`,
    body: `Since ${formatTimeOfDay(since.wallMs)}: ${[first, ...(second === undefined ? [] : [second])].map((name) => shortName(name)).join(', ')}${more}. They disappeared at the same time, so this says nothing about their containers. Idle rules don’t work for these pods until it ends.`,
    tone: 'warning',
  })
}

/** An alert about a pod that was stopped without an action of this app. */
export function outsideStopAlert(
  accountId: string,
  pod: Pod,
  episode: string,
  stop: OutsideStop,
): PendingAlert {
  return createAlert('pod-stopped', accountId, pod, episode, {
    title: `${shortName(pod.name, MAX_NAME_IN_TITLE)} was stopped`,
    body: `Seen at ${formatTimeOfDay(stop.atMs)}, ${outsideStopText(stop, pod)}`,
    tone: 'warning',
  })
}

/** An alert about a pod that disappeared without an action of this app. */
export function goneAlert(
  accountId: string,
  gonePod: GonePod,
  event: PodEvent,
  service = RUNPOD_NAME,
): PendingAlert {
  const how =
    gonePod.how === 'reported'
      ? `${service} reports that it was terminated`
      : `It is no longer in ${service}’s list`
  const alert = createAlert('pod-gone', accountId, gonePod, event.episode, {
    title: `${shortName(gonePod.name, MAX_NAME_IN_TITLE)} is gone`,
    body: `${how} (seen at ${formatTimeOfDay(event.atMs)}). ${vanishedText}.`,
    tone: 'warning',
  })
  return event.isMissed ? { ...alert, isMissed: true } : alert
}

/**
 * The alert about the outcome of an action. Null for one that was undone or that succeeded, which is not
 * news.
 */
export function intentOutcomeAlert(intent: Intent, service = RUNPOD_NAME): PendingAlert | null {
  const { id, accountId, podId, podName, phase, message, waitsForGpu } = intent
  const pod = { id: podId, name: podName }
  if (waitsForGpu && phase === 'observed')
    return createAlert('gpu-free', accountId, pod, id, gpuFreeText(intent))
  const isCancelledForReason = phase === 'cancelled' && message !== null
  if (phase !== 'failed' && phase !== 'did-not-happen' && !isCancelledForReason) return null
  const ended = createAlert('action-ended', accountId, pod, id, {
    title: failureTitle(intent),
    body: [sentence(message ?? `${service} gave no reason`), ...nextSteps(intent)].join(' '),
    tone: 'bad',
  })
  const isStopAskedAgain = isCancelledForReason && intent.action === 'stop'
  const alert: PendingAlert = isStopAskedAgain ? { ...ended, buttons: ['stop'] } : ended
  const tookMs = Math.abs(intent.phaseAt.wallMs - intent.requestedAt.wallMs)
  return intent.origin === 'person' && tookMs < RESPONSE_WINDOW_MS
    ? { ...alert, isResponseToUser: true }
    : alert
}

function gpuFreeText({ podName, requestedAt, phaseAt }: Intent): AlertText {
  const waited = formatDuration(Math.abs(phaseAt.wallMs - requestedAt.wallMs))
  return {
    title: `${shortName(podName, MAX_NAME_IN_TITLE)} got a GPU and is running`,
    body: `It waited ${waited}. It costs money from now on, and Podkeeper is watching it.`,
    tone: 'good',
  }
}

function failureTitle({ podName, action, origin, phase, waitsForGpu }: Intent): string {
  const name = shortName(podName, MAX_NAME_IN_TITLE)
  if (waitsForGpu) return `Stopped waiting for a GPU for ${name}`
  const what = origin === 'person' ? action : `automatic ${action}`
  if (phase === 'did-not-happen') return `${name}: ${what} ${unconfirmedText(action)}`
  return `${name}: ${what} ${phase === 'failed' ? 'failed' : 'did not happen'}`
}

/** The alert that corrects the one about a stop that was not confirmed. */
export function lateStopAlert({ id, accountId, podId, podName, sentAt, phaseAt }: Intent): PendingAlert {
  const tookMs = sentAt === null ? 0 : elapsedMs(sentAt, phaseAt)
  return createAlert('action-ended', accountId, { id: podId, name: podName }, `${id} late`, {
    title: `${shortName(podName, MAX_NAME_IN_TITLE)} is stopped now`,
    body: `Its stop took ${formatDuration(tookMs)}.`,
    tone: 'good',
  })
}

function nextSteps({ action, phase, lacksGpu, waitsForGpu }: Intent): string[] {
  if (action === 'stop' && phase === 'did-not-happen') return ['Podkeeper keeps checking.']
  const canWait = action === 'start' && lacksGpu && !waitsForGpu
  return canWait ? ['Podkeeper can start it when a GPU is free.'] : []
}

/** An alert about a pod that was terminated at its maximum hours, as its owner chose. */
export function terminatedAlert(intent: Intent): PendingAlert {
  const { id, accountId, podId, podName, podStartedAtMs, podUptimeS, requestedAt } = intent
  const reportedMs = podUptimeS === null ? null : podUptimeS * SECOND_MS
  const uptimeMs = confirmedUptimeMs(podStartedAtMs, reportedMs, requestedAt.wallMs)
  const after = uptimeMs === null ? 'automatically' : `after ${formatDuration(uptimeMs)}`
  return createAlert('auto-stopped', accountId, { id: podId, name: podName }, id, {
    title: `${shortName(podName, MAX_NAME_IN_TITLE)} was terminated ${after}, as you chose`,
    body: 'It reached its maximum hours. The pod no longer costs anything.',
    tone: 'plain',
  })
}

/**
 * Critical while auto-stop is on, because no rule can act without a valid key. `connection` must be a state
 * caused by the key.
 */
export function keyAlert(
  accountId: string,
  connection: Extract<ConnectionView, { kind: 'key-refused' | 'forbidden' }>,
  areRulesArmed: boolean,
  service = RUNPOD_NAME,
): PendingAlert {
  const sinceMs = connection.kind === 'key-refused' ? connection.firstAtMs : connection.atMs
  const [title, why] =
    connection.kind === 'key-refused'
      ? [`${service} rejected the API key`, '']
      : ['The API key can’t access pods', `${sentence(connection.failure)} `]
  const armed = areRulesArmed ? ' and can’t stop anything' : ''
  return {
    ...createAlert('key-refused', accountId, null, `${connection.kind} ${sinceMs}`, {
      title,
      body: `${why}Since ${formatTimeOfDay(sinceMs)}, Podkeeper can’t see your pods${armed}. Your pods keep running. Podkeeper keeps trying the key; if it is no longer valid, add a new one.`,
      tone: 'bad',
    }),
    isCritical: areRulesArmed,
  }
}

export function outageAlert(
  accountId: string,
  connection: Extract<ConnectionView, { kind: 'offline' | 'unreadable' | 'rate-limited' }>,
  sinceMs: number,
  forMs: number,
  service = RUNPOD_NAME,
): PendingAlert {
  const what = {
    offline: 'has been unreachable',
    unreadable: 'has sent no readable response',
    'rate-limited': 'has rate-limited every request',
  }[connection.kind]
  const why =
    connection.kind === 'rate-limited' ? 'too many requests for this key.' : sentence(connection.failure)
  return createAlert('unreachable', accountId, null, String(sinceMs), {
    title: `${service} ${what} for ${formatDuration(forMs)}`,
    body: `Since ${formatTimeOfDay(sinceMs)}: ${why} Your pods keep running, but Podkeeper can’t see or stop them.`,
    tone: 'warning',
  })
}

/** The API's message may lack a final period. */
export function sentence(text: string): string {
  const plain = plainName(text)
  return /[.!?…]$/.test(plain) ? plain : `${plain}.`
}
