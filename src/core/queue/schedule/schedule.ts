import type { PodGuardView } from '../../guard/guard-view'
import { type Activity, episodeName, type IdleActivity } from '../../idle/activity'
import { parsePodKey, type Pod, type PodKey } from '../../pods/pod'
import { sshRouteOf } from '../../pods/pod-capabilities'
import { plainName } from '../../pods/pod-name'
import { oncePer } from '../../base/once-per'
import { MINUTE_MS } from '../../base/time/time'
import type { Job } from '../jobs/job'
import type { ScheduleRules } from '../jobs/job-codec'
import { gpusFor, podProblem } from '../jobs/job-fit'
import { dependencyProblem, readyJobs } from '../jobs/job-order'
import { isActive, runsOn } from '../jobs/job-phase'

/** A pod as the queue sees it. */
export interface QueuePod {
  readonly key: PodKey
  readonly pod: Pod
  /** Unix ms. Absent: its account was there before, or when it was added isn't known. */
  readonly accountAddedAtMs?: number
  readonly activity: Activity
  readonly guard: PodGuardView
  /** Observed idle time before its owner is alerted, ms. */
  readonly alertAfterMs: number
  readonly hasOpenAction: boolean
  /** Another account shows and watches it. */
  readonly isShownElsewhere: boolean
  /** The account's last list is recent and complete. */
  readonly isObserved: boolean
  /**
   * What metrics can't show is decided: a look from inside found nothing at work, or low CPU is idle for this pod
   * (docs/product-rules.md#25-quiet). Absent: it isn't.
   */
  readonly isDoubtDecided?: boolean
  /** Automatic stops of the account are paused, or only a dry run. */
  readonly areStopsPaused?: boolean
  /** Of a lab: whether the lab starts experiments itself; null: unknown. Absent: it is no lab's. */
  readonly labAutoSchedule?: boolean | null
}

/** Observed quiet time before a job is started automatically, ms. */
export const QUIET_BEFORE_START_MS = 5 * MINUTE_MS
/** After one of our jobs that asked for the next one. */
export const QUIET_BEFORE_NEXT_MS = MINUTE_MS
/** A stop that is due sooner is "about to be". */
const STOP_SOON_MS = 30 * MINUTE_MS

/** Why nobody can start a job on a pod now, as a sentence; null: it is possible. */
export function startProblem(job: Job, queuePod: QueuePod, jobs: readonly Job[]): string | null {
  const { key, pod, hasOpenAction } = queuePod
  const name = plainName(pod.name)
  if (pod.phase !== 'running') return `${name} is not running.`
  if (sshRouteOf(pod) === null) return `${name} can’t be reached over SSH.`
  if (hasOpenAction) return `An action on ${name} is under way.`
  const problem = podProblem(job, queuePod) ?? dependencyProblem(job, jobs)
  if (problem !== null) return problem
  const gpus = gpusOf(job, pod, jobs, key)
  return gpus === 'none' ? `${name} is running another job.` : null
}

/** The GPUs that a job would get there: see `gpusFor`. */
export function gpusOf(
  job: Job,
  pod: Pod,
  jobs: readonly Job[],
  key: PodKey,
): readonly number[] | null | 'none' {
  const taken = runsOn(jobs, key).map(({ run }) => run?.gpuIndexes ?? null)
  return gpusFor(job.spec, pod.gpu?.count ?? 0, taken)
}

/**
 * Why nothing may be started automatically on a pod now, as a sentence; null: it may. Any doubt is a reason. See
 * docs/product-rules.md#15-queue-of-experiments.
 */
export function autoStartProblem(
  queuePod: QueuePod,
  quietBeforeMs: number,
  jobs: readonly Job[],
  nowMs: number,
): string | null {
  const { key, pod, activity } = queuePod
  const name = plainName(pod.name)
  const reason = unavailableReason(queuePod, nowMs)
  if (reason !== null) return reason
  if (runsOn(jobs, key).length > 0) return `${name} is running a job.`
  if (activity.kind !== 'idle') return `${name} is not known to be idle.`
  return quietForMs(activity, queuePod) < quietBeforeMs ? `${name} has not been quiet for long enough.` : null
}

export const quietForMs = (
  { quietForMs: seenMs, doubt }: IdleActivity,
  { isDoubtDecided }: QueuePod,
): number => (isDoubtDecided === true && doubt !== undefined ? Math.max(seenMs, doubt.quietForMs) : seenMs)

/** The pods where a job would start automatically if a look inside found nothing that works. */
export function wantedLooks(
  pods: readonly QueuePod[],
  jobs: readonly Job[],
  rules: ScheduleRules,
  nowMs: number,
): readonly PodKey[] {
  const doubtful = pods.filter(
    ({ activity, isDoubtDecided }) =>
      activity.kind === 'idle' && activity.doubt !== undefined && isDoubtDecided !== true,
  )
  if (doubtful.length === 0) return []
  const now = autoStarts(pods, jobs, rules, nowMs)
  const decided = pods.map((one) => (doubtful.includes(one) ? { ...one, isDoubtDecided: true } : one))
  return autoStarts(decided, jobs, rules, nowMs)
    .map(({ podKey }) => podKey)
    .filter((key) => doubtful.some((one) => one.key === key) && !now.some(({ podKey }) => podKey === key))
}

/**
 * Why nothing may be started automatically beside the jobs that run on a pod, as a sentence; null: it may. The GPUs
 * that none of them uses must all have been idle for as long as a pod must have been quiet.
 */
export function shareProblem(queuePod: QueuePod, jobs: readonly Job[], nowMs: number): string | null {
  const { key, pod, activity } = queuePod
  const name = plainName(pod.name)
  const reason = unavailableReason(queuePod, nowMs)
  if (reason !== null) return reason
  const runs = runsOn(jobs, key).flatMap(({ run }) => run ?? [])
  if (runs.some(({ gpuIndexes }) => gpuIndexes === null))
    return `${name} is running a job that shares nothing.`
  if (runs.some(({ unreachableSince }) => unreachableSince !== null)) return `${name} can’t be reached.`
  if (activity.kind !== 'busy' || activity.by !== 'job') return `${name} is not known to run only jobs.`
  const used = new Set(runs.flatMap(({ gpuIndexes }) => gpuIndexes ?? []))
  const isIdle = (index: number): boolean =>
    (activity.idleGpus ?? []).some((one) => one.index === index && one.idleForMs >= QUIET_BEFORE_START_MS)
  const indexes = Array.from({ length: pod.gpu?.count ?? 0 }, (_, index) => index)
  return indexes.every((index) => used.has(index) || isIdle(index))
    ? null
    : `The other GPUs of ${name} have not been idle for long enough.`
}

function isAboutToStop({ autoStop }: PodGuardView, nowMs: number): boolean {
  switch (autoStop.kind) {
    case 'off':
      return false
    case 'planned':
    case 'blocked':
      return true
    case 'watching':
      return autoStop.dueAtMs !== null && autoStop.dueAtMs - nowMs < STOP_SOON_MS
  }
}

function isStoppedByService({ managed }: Pod, nowMs: number): boolean {
  const times = [managed?.stopsAtMs ?? null, managed?.terminatesAtMs ?? null]
  return times.some((atMs) => atMs !== null && atMs - nowMs < STOP_SOON_MS)
}

/** Whether a person allowed automatic starts on the pod. */
export const isAutoScheduled = ({ key }: QueuePod, rules: ScheduleRules): boolean =>
  rules.podKeys.includes(key) || rules.accountIds.includes(parsePodKey(key).accountId)

/** Whether nothing starts automatically on the pod, because the lab's own switch isn't known to be on. */
export const isKeptByLab = ({ labAutoSchedule }: QueuePod): boolean =>
  labAutoSchedule !== undefined && labAutoSchedule !== true

/** Why nothing may be started on a pod now, whatever runs there, as a sentence; null: it may. */
export function unavailableReason(queuePod: QueuePod, nowMs: number): string | null {
  const { pod, guard, hasOpenAction, isShownElsewhere, isObserved } = queuePod
  const name = plainName(pod.name)
  if (!isObserved) return `${name} was not observed recently.`
  if (isShownElsewhere) return `${name} is watched by another account.`
  if (pod.phase !== 'running') return `${name} is not running.`
  if (guard.keepOn !== null) return `You keep ${name} running.`
  if (pod.isLocked !== false) return `${name} is locked, or it isn’t known whether it is.`
  if (pod.clusterId !== null) return `${name} belongs to a cluster.`
  if (hasOpenAction) return `An action on ${name} is under way.`
  if (isAboutToStop(guard, nowMs) || isStoppedByService(pod, nowMs)) return `${name} is about to be stopped.`
  return null
}

/** Names the idle episode of a pod; null while it is not idle. */
export const idleEpisodeOf = ({ key, activity }: QueuePod): string | null =>
  activity.kind === 'idle' ? `${key} ${episodeName(activity)}` : null

/** Names what a skip of an automatic start counts for: the idle episode, or that job there. */
export function episodeOf({ podKey, jobId }: Proposal, queuePod: QueuePod | undefined): string {
  const idleEpisode = queuePod === undefined ? null : idleEpisodeOf(queuePod)
  return idleEpisode ?? `${podKey} for ${jobId}`
}

/** A job that a pod could run now. */
export interface Proposal {
  readonly podKey: PodKey
  readonly jobId: string
}

/** The jobs that a pod could run now, the first in front. One that waits for a pod of its own runs only there. */
export const jobsFor = (queuePod: QueuePod, jobs: readonly Job[]): readonly Job[] =>
  readyJobs(jobs).filter(
    (job) =>
      (job.podRequest?.state !== 'open' || job.podRequest.podKey === queuePod.key) &&
      startProblem(job, queuePod, jobs) === null,
  )

/** For each pod that has been idle for long enough to alert: the first job that fits. The dearest pod comes first. */
export function suggestions(
  pods: readonly QueuePod[],
  jobs: readonly Job[],
  rules: ScheduleRules,
): readonly Proposal[] {
  if (rules.isPaused) return []
  return byCost(pods).flatMap((queuePod) => {
    const { key, activity, alertAfterMs, guard, isShownElsewhere } = queuePod
    const isIdle = activity.kind === 'idle' && activity.idleForMs >= alertAfterMs
    if (!isIdle || guard.keepOn !== null || isShownElsewhere || runsOn(jobs, key).length > 0) return []
    const [first] = jobsFor(queuePod, jobs)
    return first === undefined ? [] : [{ podKey: key, jobId: first.id }]
  })
}

/**
 * What may be started automatically now, at most one job for a pod and one pod for a job: on pods with auto-schedule
 * on, and where the last job asked for the next one.
 */
export function autoStarts(
  pods: readonly QueuePod[],
  jobs: readonly Job[],
  rules: ScheduleRules,
  nowMs: number,
): readonly Proposal[] {
  if (rules.isPaused) return []
  // A job that waits for a pod of its own, and the pod that waits for it.
  const requests = jobs.flatMap(({ podRequest }) => (podRequest?.state === 'open' ? [podRequest] : []))
  const taken = new Set(jobs.filter(({ podRequest }) => podRequest?.state === 'open').map(({ id }) => id))
  return byCost(pods).flatMap((queuePod) => {
    const { key } = queuePod
    if (requests.some(({ podKey }) => podKey === key)) return []
    const isNext = asksForNext(jobs, queuePod)
    if (isKeptByLab(queuePod) || (!isNext && !isAutoScheduled(queuePod, rules))) return []
    const isShared = runsOn(jobs, key).length > 0
    const quietMs = isNext ? QUIET_BEFORE_NEXT_MS : QUIET_BEFORE_START_MS
    const problem = isShared
      ? shareProblem(queuePod, jobs, nowMs)
      : autoStartProblem(queuePod, quietMs, jobs, nowMs)
    if (problem !== null) return []
    const job = jobsFor(queuePod, jobs).find(
      ({ id, spec }) => !taken.has(id) && (!isShared || spec.sharesPod),
    )
    if (job === undefined) return []
    taken.add(job.id)
    return [{ podKey: key, jobId: job.id }]
  })
}

/** Whether the last job on the pod passed in this run of the pod, and asked for the next one. */
function asksForNext(jobs: readonly Job[], { key, pod }: QueuePod): boolean {
  const last = lastJobs(jobs).get(key)
  if (last?.phase !== 'passed' || last.followUp !== null || last.spec.afterSuccess !== 'next') return false
  return last.run?.podStartedAtMs !== null && last.run?.podStartedAtMs === pod.startedAtMs
}

/** By pod: of the jobs that ran there and don't run, the one that changed last. */
const lastJobs = oncePer((jobs: readonly Job[]): ReadonlyMap<PodKey, Job> => {
  const last = new Map<PodKey, Job>()
  for (const job of jobs) {
    if (job.run === null || isActive(job)) continue
    const other = last.get(job.run.podKey)
    if (other === undefined || job.phaseAt.wallMs > other.phaseAt.wallMs) last.set(job.run.podKey, job)
  }
  return last
})

const byCost = (pods: readonly QueuePod[]): readonly QueuePod[] =>
  [...pods].sort(
    (a, b) => (b.pod.costPerHourUsd ?? 0) - (a.pod.costPerHourUsd ?? 0) || (a.key < b.key ? -1 : 1),
  )
