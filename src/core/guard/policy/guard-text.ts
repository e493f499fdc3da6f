import { type Activity, episodeName, type PartlyIdle } from '../../idle/activity'
import type { AlertKey, PendingAlert } from '../../alerts/alert'
import { dataImpact } from '../../pods/data-impact'
import {
  formatDuration,
  formatMoment,
  formatRemaining,
  formatUsd,
  formatUsdPerHour,
} from '../../base/text/format'
import { impactSentence } from '../../pods/data-impact-text'
import { idleReason } from '../../idle/idle-text'
import type { KeepOn } from '../../pod-rules/pod-rules'
import { describeStopTime } from '../../pod-rules/stop-time'
import type { Intent, StopCause } from '../../intents/intent'
import { autoStopAfterMs } from './due-time'
import type { StopFacts } from './stop-conditions'
import { type StopPlan, warningEpisode, type WarningName, warningNames } from './stop-plan'
import type { AccountId, Pod, PodId } from '../../pods/pod'
import { namesText, shortName } from '../../pods/pod-name'
import { burnRate, burnRateText, costOver } from '../../money/burn-rate'
import { DAY_MS, HOUR_MS, type Instant } from '../../base/time/time'

/* Text of the guard's alerts: a title, one line, and the pod. */

type Idle = Extract<Activity, { kind: 'idle' }>

/** `jobNames`: the waiting jobs that the pod could run, the first in front. */
export function idleAlert(
  accountId: AccountId,
  pod: Pod,
  activity: Idle,
  jobNames: readonly string[] = [],
): PendingAlert {
  return {
    key: { kind: 'idle', accountId, podId: pod.id, episode: String(episodeName(activity)) },
    podName: pod.name,
    tone: 'warning',
    isCritical: false,
    buttons: idleButtons(jobNames),
    wastePerHourUsd: pod.costPerHourUsd,
    title: `${titleName(pod)} has been idle for ${formatDuration(activity.idleForMs)}`,
    body: [...jobsText(jobNames), idleReason(activity), ...idleCostText(pod, activity)].join(' · '),
  }
}

const idleButtons = (jobNames: readonly string[]): PendingAlert['buttons'] =>
  jobNames.length === 0 ? ['keep-on', 'stop'] : ['run-next-job', 'keep-on', 'stop']

/** "3 jobs are waiting, first planck-chain-13". */
function jobsText([first, ...others]: readonly string[]): readonly string[] {
  if (first === undefined) return []
  const name = shortName(first)
  return [others.length === 0 ? `${name} is waiting` : `${others.length + 1} jobs are waiting, first ${name}`]
}

/** `afterMs`: the idle time that triggers this reminder. */
export function idleReminderAlert(
  accountId: AccountId,
  pod: Pod,
  activity: Idle,
  afterMs: number,
  jobNames: readonly string[] = [],
): PendingAlert {
  const episode = `${episodeName(activity)}:${afterMs}`
  return {
    key: { kind: 'idle-reminder', accountId, podId: pod.id, episode },
    podName: pod.name,
    tone: 'warning',
    isCritical: false,
    buttons: idleButtons(jobNames),
    title: `${titleName(pod)} is still idle after ${formatDuration(activity.idleForMs)}`,
    body: [...jobsText(jobNames), ...idleCostText(pod, activity), idleReason(activity)].join(' · '),
  }
}

export function partlyIdleAlert(accountId: AccountId, pod: Pod, partly: PartlyIdle): PendingAlert {
  const { idleGpus, gpus, idleForMs } = partly
  const rate =
    pod.costPerHourUsd === null
      ? ''
      : ` · the pod costs ${formatUsdPerHour(pod.costPerHourUsd, pod.isPriceApproximate)}`
  return {
    key: { kind: 'partly-idle', accountId, podId: pod.id, episode: partlyIdleEpisode(partly) },
    podName: pod.name,
    tone: 'warning',
    isCritical: false,
    buttons: ['keep-on'],
    title: `${titleName(pod)}: ${idleGpus} of ${gpus} GPUs have been idle for ${formatDuration(idleForMs)}`,
    body: `The others are working, so the pod doesn’t count as idle${rate}`,
  }
}

/** A different set of idle GPUs is a different episode. */
export const partlyIdleEpisode = ({ sinceMs, idleGpus }: PartlyIdle): string => `${sinceMs}:${idleGpus}`

/** `days`: whole days since the pod is kept running. */
export function keptOnAlert(
  accountId: AccountId,
  pod: Pod,
  keepOn: KeepOn,
  days: number,
  now: Instant,
): PendingAlert {
  const { costPerHourUsd: rate, isPriceApproximate } = pod
  const cost =
    rate === null
      ? ''
      : ` That is ${formatUsd(costOver(rate, DAY_MS))} a day at ${formatUsdPerHour(rate, isPriceApproximate)}.`
  return {
    key: { kind: 'kept-on', accountId, podId: pod.id, episode: `${keepOn.sinceMs}:${days}` },
    podName: pod.name,
    tone: 'plain',
    isCritical: false,
    buttons: ['stop'],
    title: `${titleName(pod)} is still kept running`,
    body: `Since ${formatMoment(keepOn.sinceMs, { nowMs: now.wallMs })}, until you cancel.${cost}`,
  }
}

export function stopWarningKey(
  accountId: AccountId,
  podId: PodId,
  plan: StopPlan,
  name: WarningName,
): AlertKey {
  const kind = plan.cause === 'max-hours' ? 'max-hours-soon' : 'auto-stop-soon'
  return { kind, accountId, podId, episode: warningEpisode(plan, name) }
}

/** The keys of the warnings of a plan that became due, whether they were delivered or not. */
export const dueWarningKeys = (accountId: AccountId, podId: PodId, plan: StopPlan): readonly AlertKey[] =>
  warningNames
    .filter((name) => plan[name].requestedAt !== null)
    .map((name) => stopWarningKey(accountId, podId, plan, name))

/** `leftMs`: time until the stop. The text names the data that survives it. */
export function stopWarningAlert(
  accountId: AccountId,
  facts: StopFacts,
  plan: StopPlan,
  name: WarningName,
  leftMs: number,
): PendingAlert {
  const { pod } = facts
  const verb = plan.action === 'stop' ? 'stopped' : 'terminated'
  const will = plan.isDryRun ? 'would be' : 'will be'
  return {
    key: stopWarningKey(accountId, pod.id, plan, name),
    podName: pod.name,
    tone: 'warning',
    isCritical: true,
    buttons: ['keep-on', 'stop'],
    title: `${plan.isDryRun ? 'Dry run: ' : ''}${titleName(pod)} ${will} ${verb} in ${formatRemaining(leftMs)}`,
    body: [
      causeText(facts),
      ...(facts.retry === null ? [] : ['The last attempt failed.']),
      impactSentence(dataImpact(pod, plan.action)),
    ].join(' '),
  }
}

/** `pods`: those that are due and would exceed the limit. */
export function stopsWaitingAlert(
  accountId: AccountId,
  episode: string,
  pods: readonly Pod[],
  stopsPerHour: number,
): PendingAlert {
  const burn = burnRate(pods)
  const cost = burn.perHourUsd === 0 ? '' : ` (${burnRateText(burn)})`
  const limit = `${stopsPerHour} automatic ${stopsPerHour === 1 ? 'stop' : 'stops'} an hour`
  return {
    key: { kind: 'stops-waiting', accountId, podId: null, episode },
    podName: null,
    tone: 'warning',
    isCritical: true,
    buttons: ['stop-all'],
    title: pods.length === 1 ? '1 more pod is due to stop' : `${pods.length} more pods are due to stop`,
    body: `The limit of ${limit} has been reached. Still running${cost}: ${namesText(pods, MAX_NAMES)}.`,
  }
}

const MAX_NAMES = 8

const stopReasonText: Readonly<Record<StopCause, string>> = {
  quiet: 'It had been quiet for long enough.',
  'max-hours': 'It reached its maximum hours.',
  'stop-time': 'Its time of day to stop had come, and it was not in use.',
  budget: 'Its monthly budget is spent.',
}

/** A stop by the guard that was observed: what was done, why, and what remains. */
export function autoStoppedAlert(intent: Intent & { readonly origin: StopCause }, pod: Pod): PendingAlert {
  const { id, accountId, origin } = intent
  const impact = impactSentence(dataImpact(pod, 'stop'))
  return {
    key: { kind: 'auto-stopped', accountId, podId: pod.id, episode: id },
    podName: pod.name,
    tone: 'good',
    isCritical: false,
    buttons: [],
    title: `${titleName(pod)} was stopped automatically`,
    body: `${stopReasonText[origin]} ${impact}`,
  }
}

/** "It has been quiet for 6 h", which is the time that decides: what a look from inside vouches for is part of it. */
export function causeText({ cause, due, podRules, rules }: StopFacts): string {
  if (cause === 'budget') return `Its monthly budget (UTC) is ${formatUsd(podRules.monthlyBudgetUsd ?? 0)}.`
  if (cause === 'max-hours') return `Its maximum is ${formatDuration((podRules.maxHours ?? 0) * HOUR_MS)}.`
  if (cause === 'stop-time')
    return `It is stopped ${describeStopTime(podRules.stopAt ?? '')} unless it is in use.`
  return due.kind === 'known'
    ? `It has been quiet for ${formatDuration(autoStopAfterMs(podRules, rules) - due.leftMs)}.`
    : 'It is quiet.'
}

/** The same in a few words, for parentheses: "idle for 6 h". */
export function causeWords({ cause, due, podRules, rules }: StopFacts): string {
  if (cause === 'budget') return `its budget of ${formatUsd(podRules.monthlyBudgetUsd ?? 0)} is spent`
  if (cause === 'max-hours') return `its maximum of ${formatDuration((podRules.maxHours ?? 0) * HOUR_MS)}`
  if (cause === 'stop-time') return `its stop ${describeStopTime(podRules.stopAt ?? '')}`
  return due.kind === 'known'
    ? `idle for ${formatDuration(autoStopAfterMs(podRules, rules) - due.leftMs)}`
    : 'idle'
}

function idleCostText({ costPerHourUsd: rate, isPriceApproximate }: Pod, { idleForMs }: Idle): string[] {
  if (rate === null) return []
  return [`${formatUsd(costOver(rate, idleForMs))} so far at ${formatUsdPerHour(rate, isPriceApproximate)}`]
}

const titleName = ({ name }: Pod): string => shortName(name, 60)
