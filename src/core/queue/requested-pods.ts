import { formatUsdPerHour } from '../base/text/format'
import { elapsedMs, type Instant, MINUTE_MS } from '../base/time/time'
import { defaultActivityRules } from '../idle/sample'
import type { PodKey } from '../pods/pod'
import { plainName } from '../pods/pod-name'
import type { Job, PodRequest } from './jobs/job'
import type { JobStarter } from './job-starter'
import type { QueueContext, QueueOptions } from './queue-ports'
import { unknownPodAlert } from './queue-text'
import { type QueuePod, startProblem, unavailableReason } from './schedule/schedule'
import { ACTION_SEEN_MS } from './schedule/stop-after-job'
import { runsOn } from './jobs/job-phase'

/** How long the GPUs of a pod that was requested must be seen at rest, ms. */
const FRESH_AT_REST_MS = MINUTE_MS
/** How long a pod may take until its job runs there. */
const USABLE_WITHIN_MS = 60 * MINUTE_MS
/** Between two starts of a job whose pod couldn't be reached yet. */
const START_AGAIN_MS = 2 * MINUTE_MS
/** After a start of the program, or a pause, it takes so long until it is known what became of a request. */
const KNOWN_AFTER_MS = 2 * MINUTE_MS

/** Follows the pods that were requested for jobs, and starts each job on its own. */
export interface RequestedPods {
  tick(): void
}

export interface RequestedPodsOptions
  extends
    Pick<QueueOptions, 'pods' | 'podSources' | 'isGone' | 'refreshPod' | 'announce' | 'report'>,
    Pick<QueueContext, 'clock' | 'store' | 'isActing'> {
  readonly starter: Pick<JobStarter, 'start'>
}

export function createRequestedPods(options: RequestedPodsOptions): RequestedPods {
  const { clock, store, podSources } = options
  /** Since when the GPUs of a run of a pod are at rest. */
  const atRestSince = new Map<string, Instant>()
  /** Since when an account doesn't know of a create. */
  const missingSince = new Map<string, Instant>()
  /** Since when a request is followed without a break. */
  const followedSince = new Map<string, Instant>()
  const starting = new Set<string>()

  function end(
    job: Job,
    { id, podKey, accountId }: PodRequest,
    message: string,
    how: { isUnclear: boolean; isHeld: boolean },
  ): void {
    const applied = store.apply(job.id, {
      kind: 'request-ended',
      requestId: id,
      message,
      ...how,
    })
    if (!applied.ok) return options.report(`The state of job ${job.id} was not saved`, applied.error)
    // The release of a pod that is there has an alert of its own.
    if (how.isHeld && !options.pods().some(({ key }) => key === podKey))
      options.announce(accountId, unknownPodAlert(job, id, message))
  }
  const giveUp = (job: Job, request: PodRequest, message: string): void =>
    end(job, request, message, { isUnclear: false, isHeld: true })

  /** Whether the request is in the map for long enough. Puts it there if it isn't. */
  function isKnownIn(sinceById: Map<string, Instant>, { id }: PodRequest): boolean {
    const now = clock.now()
    const since = sinceById.get(id) ?? now
    sinceById.set(id, since)
    return elapsedMs(since, now) >= KNOWN_AFTER_MS
  }

  /** Whether the job waits for its pod for too long. After a try that failed it waits anew. */
  const isOverdue = ({ phaseAt }: Job, request: PodRequest): boolean =>
    isKnownIn(followedSince, request) &&
    [request.requestedAt, phaseAt].every((since) => elapsedMs(since, clock.now()) >= USABLE_WITHIN_MS)

  /** Which pod was created, and what to do if none was. */
  function followCreate(job: Job, request: PodRequest): void {
    const state = podSources.createState(request.accountId, request.id)
    const isUnknown = state.kind === 'missing' || state.kind === 'not-watched'
    if (state.kind !== 'missing') missingSince.delete(request.id)
    // The user who releases the job has been informed.
    if (request.state === 'unclear' && (isUnknown || state.kind === 'unclear')) return
    switch (state.kind) {
      case 'under-way':
        return
      case 'pod': {
        const applied = store.apply(job.id, {
          kind: 'pod-known',
          requestId: request.id,
          podKey: state.podKey,
        })
        if (!applied.ok) options.report(`The state of job ${job.id} was not saved`, applied.error)
        return
      }
      case 'failed':
        return end(job, request, `No pod was created for it: ${state.message}`, {
          isUnclear: false,
          isHeld: false,
        })
      case 'unclear':
        return end(job, request, `It isn’t known whether a pod was created for it: ${state.message}`, {
          isUnclear: true,
          isHeld: true,
        })
      case 'not-watched':
      case 'missing':
        if (state.kind === 'missing' ? !isKnownIn(missingSince, request) : !isOverdue(job, request)) return
        return end(
          job,
          request,
          'It isn’t known whether a pod was created for it. Look at your pods before you release it.',
          { isUnclear: true, isHeld: true },
        )
    }
  }

  /** Why the job can't start there yet, as a sentence; null: it can. */
  function waitReason(job: Job, request: PodRequest, queuePod: QueuePod): string | null {
    const { key, pod, activity, isObserved } = queuePod
    const name = plainName(pod.name)
    const now = clock.now()
    const isAtRest = isObserved && hasRestingGpus(queuePod)
    const run = runOf(queuePod)
    if (!isAtRest) atRestSince.delete(run)
    else if (!atRestSince.has(run)) atRestSince.set(run, now)
    const reason = unavailableReason(queuePod, now.wallMs) ?? startProblem(job, queuePod, store.jobs())
    if (reason !== null) return reason
    if (pod.startedAtMs === null || pod.startedAtMs === request.startedBeforeMs)
      return `${name} was not seen to start.`
    if (runsOn(store.jobs(), key).length > 0) return `${name} is running a job.`
    const priceProblem = priceProblemOf(queuePod, request)
    if (priceProblem !== null) return priceProblem
    if (pod.costPerHourUsd === null) return `The price of ${name} isn’t known.`
    if (activity.kind === 'busy') return `${name} is busy.`
    const since = atRestSince.get(run)
    if (since === undefined) return `It isn’t known what ${name} does.`
    return elapsedMs(since, now) < FRESH_AT_REST_MS ? `${name} was not seen at rest for a minute.` : null
  }

  function followPod(job: Job, request: PodRequest, key: PodKey): void {
    const queuePod = options.pods().find((one) => one.key === key)
    const now = clock.now()
    if (queuePod === undefined) {
      if (options.isGone(key)) giveUp(job, request, 'The pod that was requested for it is gone.')
      else if (isOverdue(job, request))
        giveUp(job, request, `${UNUSABLE} It is not on any list that could be read.`)
      return
    }
    const { pod, hasOpenAction, isObserved } = queuePod
    const name = plainName(pod.name)
    const isSeen = isObserved && !hasOpenAction && elapsedMs(request.requestedAt, now) >= ACTION_SEEN_MS
    if (pod.phase === 'stopped' && isSeen)
      return job.runCount > 0 && job.run?.podKey === key
        ? giveUp(job, request, `${name} is stopped.`)
        : end(job, request, `${name} was not started for it.`, {
            isUnclear: false,
            isHeld: false,
          })
    const priceProblem = pod.phase === 'running' ? priceProblemOf(queuePod, request) : null
    if (priceProblem !== null) return giveUp(job, request, priceProblem)
    const reason = waitReason(job, request, queuePod)
    if (reason !== null && isOverdue(job, request)) return giveUp(job, request, `${UNUSABLE} ${reason}`)
    if (reason === null && !starting.has(job.id) && isStartDue(job)) void start(job.id, key)
  }

  const isStartDue = ({ failedStarts, phaseAt }: Job): boolean =>
    failedStarts === 0 || elapsedMs(phaseAt, clock.now()) >= START_AGAIN_MS

  function waitingForPod(jobId: string): { readonly job: Job; readonly request: PodRequest } | null {
    const job = store.job(jobId)
    const request = job?.podRequest
    return job?.phase === 'queued' && request?.state === 'open' && !store.rules().isPaused
      ? { job, request }
      : null
  }

  /** What one try leaves behind has to be at rest before the next. */
  function forgetRest(key: PodKey): void {
    const queuePod = options.pods().find((one) => one.key === key)
    if (queuePod !== undefined) atRestSince.delete(runOf(queuePod))
  }

  /** Reads the pod again right before, and starts the job only if it still may be. */
  async function start(jobId: string, key: PodKey): Promise<void> {
    const mayStart = (): boolean => {
      const waiting = waitingForPod(jobId)
      const queuePod = options.pods().find((one) => one.key === key)
      return (
        options.isActing() &&
        waiting?.request.podKey === key &&
        queuePod !== undefined &&
        waitReason(waiting.job, waiting.request, queuePod) === null
      )
    }
    starting.add(jobId)
    try {
      if (!(await options.refreshPod(key)) || !mayStart()) return
      const started = await options.starter.start(jobId, key, 'schedule', mayStart)
      const waiting = started.ok || !mayStart() ? null : waitingForPod(jobId)
      if (started.ok) forgetRest(key)
      else if (waiting !== null)
        giveUp(
          waiting.job,
          waiting.request,
          `It could not be started automatically, so it is on hold: ${started.error}`,
        )
    } catch (cause) {
      options.report(`Job ${jobId} could not be started`, cause)
    } finally {
      starting.delete(jobId)
    }
  }

  return {
    tick() {
      const { isPaused } = store.rules()
      if (isPaused) {
        // Nobody looks at the pods meanwhile.
        atRestSince.clear()
        followedSince.clear()
      }
      for (const job of new Set([...store.jobs(), ...store.podOwners()])) {
        const { podRequest } = job
        if (podRequest === null || podRequest.state === 'ended') continue
        if (podRequest.podKey === null) followCreate(job, podRequest)
        else if (podRequest.state === 'open' && job.phase === 'queued' && !isPaused)
          followPod(job, podRequest, podRequest.podKey)
      }
    },
  }
}

const UNUSABLE = 'The pod that was requested for it could not be used for an hour.'

const runOf = ({ key, pod }: QueuePod): string => `${key} ${pod.startedAtMs}`

/** Why it costs more than was allowed, as a sentence; null: it doesn't, as far as is known. */
function priceProblemOf({ pod }: QueuePod, { maxPerHourUsd }: PodRequest): string | null {
  const { costPerHourUsd: price } = pod
  return price === null || price <= maxPerHourUsd
    ? null
    : `${plainName(pod.name)} costs ${formatUsdPerHour(price)}, and you allowed ${formatUsdPerHour(maxPerHourUsd)}.`
}

/** Whether the last reading has a figure of everything that a job would use, and nothing of it works. */
function hasRestingGpus({ pod: { gpu, telemetry } }: QueuePod): boolean {
  if (telemetry === null) return false
  const { busyAtPercent } = defaultActivityRules
  const isResting = (percent: number | null): boolean =>
    percent !== null && percent >= 0 && percent < busyAtPercent
  if (gpu === null || gpu.count === 0) return isResting(telemetry.cpuUtilPercent)
  return (
    telemetry.gpus.length >= gpu.count && telemetry.gpus.every(({ utilPercent }) => isResting(utilPercent))
  )
}
