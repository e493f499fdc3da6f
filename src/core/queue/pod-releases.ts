import { elapsedMs, HOUR_MS, type Instant, MINUTE_MS, SECOND_MS } from '../base/time/time'
import { type AccountId, parsePodKey, type PodId, type PodKey } from '../pods/pod'
import type { Job, PodRequest } from './jobs/job'
import type { JobEvent } from './jobs/job-events'
import type { QueueContext, QueueOptions } from './queue-ports'
import { releasedAlert } from './queue-text'
import type { QueuePod } from './schedule/schedule'
import { isLookWanted, type ReleaseStep, releaseStep } from './schedule/stop-after-job'

/** How long a pod may be in use by something else before it is kept after all, ms. */
export const STOP_WITHIN_MS = 30 * MINUTE_MS
/** Before a stop that nothing came of is requested again. */
const STOP_AGAIN_MS = 10 * MINUTE_MS
/** Until its job runs on a pod that was requested for it, and for the results after it. */
const SPARE_HOURS = 2

/** Pods that were requested for jobs, until they are released. See docs/product-rules.md#153-the-guard. */
export interface PodReleases {
  tick(): void
  /** The maximum hours of the pods of the account that are a request's, from their start. */
  maxHours(accountId: AccountId): ReadonlyMap<PodId, number>
}

export interface PodReleasesOptions
  extends
    Pick<
      QueueOptions,
      'pods' | 'podSources' | 'isGone' | 'refreshPod' | 'stopPod' | 'wantLook' | 'announce' | 'report'
    >,
    Pick<QueueContext, 'clock' | 'store' | 'isActing'> {
  readonly isFetchingFrom: (key: PodKey) => boolean
}

export function createPodReleases(options: PodReleasesOptions): PodReleases {
  const { clock, store } = options
  /** Since when a pod is in use by something else, by request. */
  const inUseSince = new Map<string, Instant>()
  const stoppedAt = new Map<string, Instant>()
  const stopping = new Set<string>()

  function apply(job: Job, event: JobEvent): boolean {
    const applied = store.apply(job.id, event)
    if (!applied.ok) options.report(`The state of job ${job.id} was not saved`, applied.error)
    return applied.ok
  }

  function announce(job: Job, key: PodKey, podName: string, why: string | null): void {
    options.announce(parsePodKey(key).accountId, releasedAlert(job, key, podName, why))
  }

  /** Its first start since the request: someone else caused a later one. */
  function noteStart(job: Job, request: PodRequest, { pod, isObserved }: QueuePod): void {
    const { startedAtMs: podStartedAtMs } = pod
    if (request.podStartedAtMs !== undefined || request.requestedAt.runId !== clock.now().runId) return
    if (!isObserved || pod.phase !== 'running' || podStartedAtMs === null) return
    if (podStartedAtMs === request.startedBeforeMs) return
    apply(job, { kind: 'pod-started', requestId: request.id, podStartedAtMs })
  }

  function stepOf(job: Job, request: PodRequest, queuePod: QueuePod): ReleaseStep {
    const step = releaseStep(job, request, queuePod, store.jobs(), clock.now())
    if (step.kind !== 'in-use') {
      inUseSince.delete(request.id)
      return step.kind === 'stop' && options.isFetchingFrom(queuePod.key) ? { kind: 'wait' } : step
    }
    if (isLookWanted(queuePod, store.jobs())) options.wantLook(queuePod.key)
    const since = inUseSince.get(request.id) ?? clock.now()
    inUseSince.set(request.id, since)
    const isOver = elapsedMs(since, clock.now()) >= STOP_WITHIN_MS
    return isOver ? { kind: 'kept', why: step.why } : { kind: 'wait' }
  }

  /** Reads the pod again right before. */
  async function stop(jobId: string, key: PodKey): Promise<void> {
    const isRead = await options.refreshPod(key)
    const job = store.podOwners().find(({ id }) => id === jobId)
    const request = job?.podRequest ?? null
    const queuePod = options.pods().find((one) => one.key === key)
    if (!isRead || !options.isActing() || job === undefined || request === null || queuePod === undefined)
      return
    if (request.podKey !== key || stepOf(job, request, queuePod).kind !== 'stop') return
    const isFirst = !stoppedAt.has(request.id)
    stoppedAt.set(request.id, clock.now())
    const stopped = options.stopPod(key)
    if (!stopped.ok) announce(job, key, queuePod.pod.name, stopped.error)
    else if (isFirst) announce(job, key, queuePod.pod.name, null)
  }

  function follow(job: Job, request: PodRequest, key: PodKey): void {
    const queuePod = options.pods().find((one) => one.key === key)
    if (queuePod === undefined) {
      if (options.isGone(key)) apply(job, { kind: 'pod-released', requestId: request.id })
      return
    }
    noteStart(job, request, queuePod)
    const current = store.podOwners().find(({ id }) => id === job.id)?.podRequest ?? request
    const step = stepOf(job, current, queuePod)
    switch (step.kind) {
      case 'released':
      case 'kept':
        if (!apply(job, { kind: step.kind === 'kept' ? 'pod-kept' : 'pod-released', requestId: request.id }))
          return
        if (step.why !== null) announce(job, key, queuePod.pod.name, step.why)
        return
      case 'stop': {
        const last = stoppedAt.get(request.id)
        if (stopping.has(job.id)) return
        if (last !== undefined && elapsedMs(last, clock.now()) < STOP_AGAIN_MS) return
        stopping.add(job.id)
        void stop(job.id, key)
          .catch((cause: unknown) => options.report(`The pod of job ${job.id} was not stopped`, cause))
          .finally(() => stopping.delete(job.id))
        return
      }
      default:
    }
  }

  return {
    tick() {
      for (const job of store.podOwners()) {
        const { podRequest: request } = job
        if (request === null) continue
        if (request.state !== 'open') options.podSources.cancelRequest(request.accountId, request.id)
        if (request.podKey !== null) follow(job, request, request.podKey)
        else if (request.state === 'ended') apply(job, { kind: 'pod-released', requestId: request.id })
      }
    },
    maxHours(accountId) {
      const limits = new Map<PodId, number>()
      for (const { podRequest } of store.podOwners()) {
        if (podRequest?.podKey == null || podRequest.accountId !== accountId) continue
        limits.set(
          parsePodKey(podRequest.podKey).podId,
          maxHoursOf(podRequest, podRequest.podKey, store.jobs()),
        )
      }
      return limits
    },
  }
}

/** Until no job there may run any more, and for what comes before and after. By one clock, and the pod started later. */
function maxHoursOf({ requestedAt }: PodRequest, key: PodKey, jobs: readonly Job[]): number {
  const runsMs = jobs.flatMap(({ run, spec }) => {
    const afterMs = run?.podKey === key ? run.requestedAt.wallMs - requestedAt.wallMs : -1
    return afterMs >= 0 ? [afterMs + spec.maxSeconds * SECOND_MS] : []
  })
  return Math.max(0, ...runsMs) / HOUR_MS + SPARE_HOURS
}
