import { elapsedMs, type Instant, MINUTE_MS } from '../../base/time/time'
import { type AccountId, podKeyOf, type PodKey } from '../../pods/pod'
import { isActionAllowed } from '../../pods/pod-capabilities'
import type { Job } from '../jobs/job'
import type { CreateRule, ScheduleRules, StartRule } from '../jobs/job-codec'
import { podProblem } from '../jobs/job-fit'
import { readyJobs } from '../jobs/job-order'
import type { AnnouncedKey } from './new-key-text'
import { isAutoScheduled, isKeptByLab, type Proposal, type QueuePod } from './schedule'
import { isRecentlyRequested } from '../jobs/request-events'

/*
 * Pods that don't run, and that a person allowed to be started or created for a job. See
 * docs/product-rules.md#152-where-jobs-start.
 */

/** A pod that could be had for a job. `rule`: it is created; null: it is stopped, and is started. */
export interface PodOffer extends Proposal {
  readonly rule: CreateRule | null
  readonly maxPerHourUsd: number
  /** The host key that it shows first is accepted. */
  readonly acceptsNewKey: boolean
}

/** An offer whose price is known and allowed. */
export interface PricedOffer extends PodOffer {
  /** Null: a stopped pod is started. */
  readonly presetName: string | null
  readonly perHourUsd: number
  readonly hostKey: AnnouncedKey | null
}

/** Why a rule yields no pod for a job, as a sentence; null: it may. */
export interface OfferProblems {
  readonly create: (rule: CreateRule, job: Job) => string | null
  readonly key: (rule: StartRule | CreateRule) => string | null
}

/** The place of a pod that is yet to be created. */
export const newPodKey = (accountId: AccountId): PodKey => podKeyOf(accountId, '')

/** How long a job waits for a pod that has just run another one. */
const JUST_ENDED_MS = 10 * MINUTE_MS

/**
 * What may be started or created now, at most one pod for a job and one job for each pod and preset. What was requested
 * for jobs that a person removed counts, too.
 */
export function podOffers(
  pods: readonly QueuePod[],
  jobs: readonly Job[],
  removedJobs: readonly Job[],
  rules: ScheduleRules,
  problems: OfferProblems,
  now: Instant,
): readonly PodOffer[] {
  const { starts = [], creates = [] } = rules
  if (rules.isPaused || starts.length + creates.length === 0) return []
  const taken = new Set<PodKey>()
  const known = [...jobs, ...removedJobs]
  return readyJobs(jobs).flatMap((job): readonly PodOffer[] => {
    if (mayNotRequest(job, now)) return []
    if (pods.some((one) => mayTakeSoon(one, job, known, rules, now))) return []
    const start = starts.find((one) => {
      const { podKey } = one
      const queuePod = pods.find(({ key }) => key === podKey)
      if (queuePod === undefined || taken.has(podKey)) return false
      return mayBeStarted(queuePod, job, known, rules, now) && problems.key(one) === null
    })
    const rule =
      start === undefined
        ? creates.find(
            (one) =>
              !taken.has(newPodKey(one.accountId)) &&
              rules.accountIds.includes(one.accountId) &&
              !isInUse(one, pods, known, now) &&
              problems.create(one, job) === null &&
              problems.key(one) === null,
          )
        : undefined
    const podKey = start?.podKey ?? (rule === undefined ? null : newPodKey(rule.accountId))
    const found = start ?? rule
    if (podKey === null || found === undefined) return []
    taken.add(podKey)
    const { maxPerHourUsd, acceptsNewKey = false } = found
    return [{ podKey, jobId: job.id, rule: rule ?? null, maxPerHourUsd, acceptsNewKey }]
  })
}

/**
 * One whose pod may exist gets no second one. What a job asked for last is all that is known of its requests, so that it
 * is kept until the same may be asked for again.
 */
const mayNotRequest = ({ podRequest }: Job, now: Instant): boolean =>
  podRequest !== null &&
  (podRequest.state !== 'ended' || podRequest.isOwned === true || isRecentlyRequested(podRequest, now))

/** Whether auto-schedule will give the job to a pod that runs anyway, as soon as that was quiet for long enough. */
function mayTakeSoon(
  queuePod: QueuePod,
  job: Job,
  jobs: readonly Job[],
  rules: ScheduleRules,
  now: Instant,
): boolean {
  const { key, pod, guard, activity, isShownElsewhere } = queuePod
  if (pod.phase !== 'running' || guard.keepOn !== null || !isAutoScheduled(queuePod, rules)) return false
  // Nothing ever starts there on its own.
  if (pod.isLocked === true || pod.clusterId !== null || isShownElsewhere) return false
  if (isKeptByLab(queuePod) || podProblem(job, queuePod) !== null) return false
  const isReserved = jobs.some(({ id, podRequest }) => id !== job.id && isOpenAt(podRequest, key))
  const hasJustEnded = jobs.some(
    ({ run, phaseAt, phase }) =>
      run?.podKey === key &&
      phase !== 'starting' &&
      phase !== 'running' &&
      elapsedMs(phaseAt, now) < JUST_ENDED_MS,
  )
  return !isReserved && (activity.kind !== 'busy' || hasJustEnded)
}

const isOpenAt = (podRequest: Job['podRequest'], key: PodKey): boolean =>
  podRequest?.podKey === key && podRequest.state !== 'ended'

/** Any doubt is a reason not to start it. */
function mayBeStarted(
  queuePod: QueuePod,
  job: Job,
  jobs: readonly Job[],
  rules: ScheduleRules,
  now: Instant,
): boolean {
  const { key, pod, hasOpenAction, isObserved, isShownElsewhere } = queuePod
  if (!isObserved || isShownElsewhere || hasOpenAction || isKeptByLab(queuePod)) return false
  if (pod.phase !== 'stopped' || pod.isLocked !== false || !isActionAllowed(pod, 'start')) return false
  if (!isAutoScheduled(queuePod, rules) || podProblem(job, queuePod) !== null) return false
  return !jobs.some(
    ({ podRequest }) =>
      podRequest?.podKey === key && (podRequest.state !== 'ended' || isRecentlyRequested(podRequest, now)),
  )
}

/** Whether a pod of the rule exists or may exist, or was requested a moment ago: there is one at a time. */
function isInUse(
  { accountId, presetName }: CreateRule,
  pods: readonly QueuePod[],
  jobs: readonly Job[],
  now: Instant,
): boolean {
  return jobs.some(({ podRequest }) => {
    if (podRequest?.accountId !== accountId || podRequest.presetName !== presetName) return false
    if (podRequest.state !== 'ended' || isRecentlyRequested(podRequest, now)) return true
    return pods.some(({ key, pod }) => key === podRequest.podKey && pod.phase !== 'stopped')
  })
}
