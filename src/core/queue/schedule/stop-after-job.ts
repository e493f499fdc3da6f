import { dataImpact, isDataKept } from '../../pods/data-impact'
import { elapsedMs, type Instant, MINUTE_MS } from '../../base/time/time'
import { plainName } from '../../pods/pod-name'
import type { Job, PodRequest } from '../jobs/job'
import { runsOn } from '../jobs/job-phase'
import { type QueuePod, quietForMs } from './schedule'

/* When a pod is stopped after a job, or because nothing came of one. See docs/product-rules.md#153-the-guard. */

/** Observed quiet time before a pod is stopped after a job, ms. */
const QUIET_BEFORE_STOP_MS = 5 * MINUTE_MS
/** An action takes so long to be seen. */
export const ACTION_SEEN_MS = MINUTE_MS
/** How far the start of a pod may be from its request where nobody saw it, ms. */
const REQUESTED_START_MS = 10 * MINUTE_MS

/** Why nothing stops the pod automatically, as a sentence; null: nothing is against it. */
export function stopObstacle({ pod, guard }: QueuePod): string | null {
  const name = plainName(pod.name)
  if (guard.keepOn !== null) return `You keep ${name} running, so it was not stopped.`
  if (pod.isLocked !== false || pod.clusterId !== null) return `${name} can’t be stopped.`
  return null
}

/** Whether enough survives a stop, or its loss is allowed for the pod. */
export const maySpareData = ({ pod, guard }: QueuePod): boolean =>
  guard.rules.mayLoseData === true || isDataKept(dataImpact(pod, 'stop'))

/** Whether nothing has been at work there for as long as a stop after a job takes. */
export const isAtRest = (queuePod: QueuePod, jobs: readonly Job[]): boolean =>
  !isInUse(queuePod, jobs) &&
  queuePod.activity.kind === 'idle' &&
  quietForMs(queuePod.activity, queuePod) >= QUIET_BEFORE_STOP_MS

/** Whether only a look from inside can tell that it is at rest. */
export const isLookWanted = (queuePod: QueuePod, jobs: readonly Job[]): boolean =>
  !isAtRest(queuePod, jobs) && isAtRest({ ...queuePod, isDoubtDecided: true }, jobs)

const isInUse = ({ key, hasOpenAction }: QueuePod, jobs: readonly Job[]): boolean =>
  hasOpenAction || runsOn(jobs, key).length > 0 || jobs.some((job) => isFollowed(job, key))

/** Whether something is still to follow a job there. */
const isFollowed = ({ followUp, run }: Job, key: QueuePod['key']): boolean =>
  followUp === 'results' && run?.podKey === key

/** What becomes of a pod that was requested for a job, and still is the request's. */
export type ReleaseStep =
  | { readonly kind: 'wait' }
  /** `why`: why it keeps running although nothing came of the job, as a sentence; null: it doesn't, or something did. */
  | { readonly kind: 'released'; readonly why: string | null }
  /** Nobody stops it for the request any more. `why`: a sentence. */
  | { readonly kind: 'kept'; readonly why: string }
  /** It has something to do that isn't known here. `why`: a sentence. */
  | { readonly kind: 'in-use'; readonly why: string }
  | { readonly kind: 'stop' }

const wait: ReleaseStep = { kind: 'wait' }

/** The next step with the pod of a request of `job`. */
export function releaseStep(
  job: Job,
  request: PodRequest,
  queuePod: QueuePod,
  jobs: readonly Job[],
  now: Instant,
): ReleaseStep {
  const { pod, hasOpenAction, isObserved } = queuePod
  const name = plainName(pod.name)
  const isWaitedFor = request.state === 'open' && job.phase === 'queued'
  if (!isObserved || isWaitedFor) return wait
  if (pod.phase === 'stopped') {
    const isSeen = !hasOpenAction && elapsedMs(request.requestedAt, now) >= ACTION_SEEN_MS
    return isSeen ? { kind: 'released', why: null } : wait
  }
  if (pod.phase !== 'running') return wait
  // It runs there, or passed, so that what follows it decides.
  const isGivenUp = request.state !== 'open' && job.phase !== 'passed' && request.isKept !== true
  if (isStartedSince(request, pod)) {
    const why = isGivenUp ? `${name} was started again since, so it keeps running.` : null
    return { kind: 'released', why }
  }
  if (!isGivenUp || queuePod.areStopsPaused === true || isTakenOver(job, queuePod, jobs)) return wait
  const obstacle = stopObstacle(queuePod)
  if (obstacle !== null) return { kind: 'kept', why: obstacle }
  if (pod.startedAtMs === null)
    return {
      kind: 'kept',
      why: `It isn’t known whether ${name} was started again since, so it keeps running.`,
    }
  const { run } = job
  const hasRun = run?.podKey === queuePod.key && run.hasStarted && run.podStartedAtMs === pod.startedAtMs
  // Nothing of the user is on a pod where nothing ran since its start was requested.
  if (hasRun && !maySpareData(queuePod))
    return {
      kind: 'kept',
      why: `${name} keeps running, because nothing on it would certainly survive a stop.`,
    }
  const isFree = hasRun
    ? isAtRest(queuePod, jobs)
    : !isInUse(queuePod, jobs) && queuePod.activity.kind !== 'busy'
  return isFree
    ? { kind: 'stop' }
    : { kind: 'in-use', why: `${name} is in use by something else, so it keeps running.` }
}

/**
 * Whether the pod was started by something else since. Where this program didn't see the start, one soon after the
 * request, or after the pod was created for it, counts as the one that was requested.
 */
function isStartedSince(
  { podStartedAtMs, presetName, requestedAt }: PodRequest,
  { startedAtMs, createdAtMs }: QueuePod['pod'],
): boolean {
  if (startedAtMs === null) return false
  if (podStartedAtMs !== undefined) return podStartedAtMs !== startedAtMs
  const expectedMs = (presetName === null ? null : createdAtMs) ?? requestedAt.wallMs
  return Math.abs(startedAtMs - expectedMs) > REQUESTED_START_MS
}

/** Whether another job runs on the pod, or passed there since it was started. */
const isTakenOver = ({ id }: Job, { key, pod }: QueuePod, jobs: readonly Job[]): boolean =>
  jobs.some(
    (other) =>
      other.id !== id &&
      other.run?.podKey === key &&
      (other.phase === 'running' ||
        other.phase === 'starting' ||
        (other.phase === 'passed' && other.run.podStartedAtMs === pod.startedAtMs)),
  )
