import type { Activity, PartlyIdle } from '../idle/activity'
import type { AlertKey, Announcement } from '../alerts/alert'
import { dataFates } from '../pods/data-impact'
import { formatDuration, formatMoment, formatRemaining, formatUsd, formatUsdPerHour } from '../base/format'
import { fateSentence } from '../pods/data-impact-text'
import { idleReason } from '../idle/idle-text'
import type { KeepOn } from '../pod-rules/pod-rules'
import type { Intent, StopCause } from '../intents/intent'
import type { StopFacts } from './stop-conditions'
import { type Plan, warningEpisode, type WarningName } from './stop-plan'
import type { AccountId, Pod, PodId } from '../pods/pod'
import { shortName } from '../pods/pod-name'
import { costOver } from '../money/burn-rate'
import { DAY_MS, HOUR_MS, type Instant } from '../base/time'

/* The guard's alerts in words: a title, one line, and the pod. */

type Idle = Extract<Activity, { kind: 'idle' }>

export function idleAnnouncement(accountId: AccountId, pod: Pod, activity: Idle): Announcement {
  return {
    key: { kind: 'idle', accountId, podId: pod.id, episode: String(activity.sinceMs) },
    podName: pod.name,
    tone: 'warning',
    isCritical: false,
    buttons: ['keep-on', 'stop'],
    title: `${nameOf(pod)} is idle for ${formatDuration(activity.idleForMs)}`,
    body: [idleReason(activity), ...burned(pod, activity)].join(' · '),
  }
}

/** `afterMs`: the idle time that it is said at. */
export function reminderAnnouncement(
  accountId: AccountId,
  pod: Pod,
  activity: Idle,
  afterMs: number,
): Announcement {
  const episode = `${activity.sinceMs}:${afterMs}`
  return {
    key: { kind: 'idle-reminder', accountId, podId: pod.id, episode },
    podName: pod.name,
    tone: 'warning',
    isCritical: false,
    buttons: ['keep-on', 'stop'],
    title: `${nameOf(pod)} is still idle, for ${formatDuration(activity.idleForMs)} now`,
    body: [...burned(pod, activity), idleReason(activity)].join(' · '),
  }
}

export function partlyIdleAnnouncement(accountId: AccountId, pod: Pod, partly: PartlyIdle): Announcement {
  const { idleGpus, gpus, idleForMs } = partly
  const rate = pod.costPerHourUsd === null ? '' : ` · the pod costs ${formatUsdPerHour(pod.costPerHourUsd)}`
  return {
    key: { kind: 'partly-idle', accountId, podId: pod.id, episode: episodeOfPartlyIdle(partly) },
    podName: pod.name,
    tone: 'warning',
    isCritical: false,
    buttons: ['keep-on'],
    title: `${nameOf(pod)}: ${idleGpus} of ${gpus} GPUs are idle for ${formatDuration(idleForMs)}`,
    body: `The others work, so it does not count as idle${rate}`,
  }
}

/** Other GPUs, another episode. */
export const episodeOfPartlyIdle = ({ sinceMs, idleGpus }: PartlyIdle): string => `${sinceMs}:${idleGpus}`

/** `days`: whole ones since it is kept on. */
export function keptOnAnnouncement(
  accountId: AccountId,
  pod: Pod,
  keepOn: KeepOn,
  days: number,
  now: Instant,
): Announcement {
  const { costPerHourUsd: rate } = pod
  const cost =
    rate === null ? '' : ` That is ${formatUsd(costOver(rate, DAY_MS))} a day at ${formatUsdPerHour(rate)}.`
  return {
    key: { kind: 'kept-on', accountId, podId: pod.id, episode: `${keepOn.sinceMs}:${days}` },
    podName: pod.name,
    tone: 'plain',
    isCritical: false,
    buttons: ['stop'],
    title: `${nameOf(pod)} is still kept on`,
    body: `Since ${formatMoment(keepOn.sinceMs, { nowMs: now.wallMs })}, until you say otherwise.${cost}`,
  }
}

export function warningKey(accountId: AccountId, podId: PodId, plan: Plan, name: WarningName): AlertKey {
  const kind = plan.cause === 'max-hours' ? 'max-hours-soon' : 'auto-stop-soon'
  return { kind, accountId, podId, episode: warningEpisode(plan, name) }
}

/** `leftMs`: until the stop. Names what survives it. */
export function warningAnnouncement(
  accountId: AccountId,
  facts: StopFacts,
  plan: Plan,
  name: WarningName,
  leftMs: number,
): Announcement {
  const { pod } = facts
  const verb = plan.action === 'stop' ? 'stopped' : 'terminated'
  const will = plan.isRehearsal ? 'would be' : 'will be'
  return {
    key: warningKey(accountId, pod.id, plan, name),
    podName: pod.name,
    tone: 'warning',
    isCritical: true,
    buttons: ['keep-on', 'stop'],
    title: `${plan.isRehearsal ? 'Rehearsal: ' : ''}${nameOf(pod)} ${will} ${verb} in ${formatRemaining(leftMs)}`,
    body: `${causeSentence(facts)} ${fateSentence(dataFates(pod, plan.action))}`,
  }
}

const whyDone: Readonly<Record<StopCause, string>> = {
  quiet: 'It was quiet for long enough.',
  'max-hours': 'Its maximum hours are over.',
  budget: 'Its budget of the month is spent.',
}

/** Of a stop by the guard that came about: what was done, why, and what stays. */
export function doneAnnouncement(intent: Intent & { readonly origin: StopCause }, pod: Pod): Announcement {
  const { id, accountId, origin } = intent
  const fate = fateSentence(dataFates(pod, 'stop'))
  return {
    key: { kind: 'auto-stopped', accountId, podId: pod.id, episode: id },
    podName: pod.name,
    tone: 'good',
    isCritical: false,
    buttons: [],
    title: `${nameOf(pod)} was stopped automatically`,
    body: `${whyDone[origin]} ${fate}`,
  }
}

/** "It is quiet for 6 h 00 m." */
export function causeSentence({ cause, activity, podRules }: StopFacts): string {
  if (cause === 'budget')
    return `Its budget of the month (UTC) is ${formatUsd(podRules.monthlyBudgetUsd ?? 0)}.`
  if (cause === 'max-hours') return `Its maximum is ${formatDuration((podRules.maxHours ?? 0) * HOUR_MS)}.`
  return activity.kind === 'idle' ? `It is quiet for ${formatDuration(activity.quietForMs)}.` : 'It is quiet.'
}

function burned({ costPerHourUsd: rate }: Pod, { idleForMs }: Idle): string[] {
  if (rate === null) return []
  return [`${formatUsd(costOver(rate, idleForMs))} so far at ${formatUsdPerHour(rate)}`]
}

const nameOf = ({ name }: Pod): string => shortName(name, 60)
