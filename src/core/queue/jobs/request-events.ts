import { elapsedMs, type Instant, MINUTE_MS } from '../../base/time/time'
import type { PodKey } from '../../pods/pod'
import type { HostKeyView } from '../../terminal/host-key'
import type { Job, PodRequest } from './job'
import { isActive, toPhase } from './job-phase'

/** What happens to the pod that was requested for a job. */
export type RequestEvent =
  | {
      readonly kind: 'request-pod'
      readonly request: Omit<
        PodRequest,
        'requestedAt' | 'state' | 'podStartedAtMs' | 'acceptedKey' | 'isOwned' | 'isKept'
      >
      readonly message: string
    }
  | { readonly kind: 'pod-known'; readonly requestId: string; readonly podKey: PodKey }
  /** The pod was seen to run since the request, for the first time. */
  | { readonly kind: 'pod-started'; readonly requestId: string; readonly podStartedAtMs: number }
  | { readonly kind: 'key-accepted'; readonly requestId: string; readonly key: HostKeyView }
  /** Nothing comes of the request any more. `isHeld`: what it is for waits for a person. */
  | {
      readonly kind: 'request-ended'
      readonly requestId: string
      readonly message: string
      readonly isUnclear: boolean
      readonly isHeld: boolean
    }
  /** Nobody stops the pod for the request any more, but for its maximum hours. */
  | { readonly kind: 'pod-kept'; readonly requestId: string }
  /** The pod is not the request's any more: it is stopped, gone, or was never made, or someone started it again. */
  | { readonly kind: 'pod-released'; readonly requestId: string }
  /** No pod is requested for it. */
  | { readonly kind: 'not-requested'; readonly message: string }

/** Whether a pod that was requested for it isn't released yet, or may still come. */
export const ownsPod = ({ podRequest }: Pick<Job, 'podRequest'>): boolean => podRequest?.isOwned === true

/** After a request that came to nothing, and between two for the same pod or preset, ms. */
export const REQUEST_AGAIN_MS = 30 * MINUTE_MS

/** Whether it is too early to request the same again. */
export const isRecentlyRequested = (podRequest: PodRequest | null, now: Instant): boolean =>
  podRequest !== null && elapsedMs(podRequest.requestedAt, now) < REQUEST_AGAIN_MS

/** A job that is over, on hold or elsewhere waits for no pod. */
export function withoutClosedRequest(job: Job): Job {
  const { podRequest, phase, run } = job
  if (podRequest?.state !== 'open') return job
  const isElsewhere = isActive(job) && run?.podKey !== podRequest.podKey
  if ((phase === 'queued' || isActive(job)) && !isElsewhere) return job
  return { ...job, podRequest: { ...podRequest, state: podRequest.podKey === null ? 'unclear' : 'ended' } }
}

/**
 * Whether the first host key of the pod may be accepted: it runs since the start that was requested and seen, and shows
 * the first one. See docs/product-rules.md#152-where-jobs-start.
 */
export const mayAcceptKey = (
  { acceptsNewKey, state, podStartedAtMs, acceptedKey }: PodRequest,
  startedAtMs: number | null,
): boolean =>
  acceptsNewKey === true &&
  state === 'open' &&
  startedAtMs !== null &&
  podStartedAtMs === startedAtMs &&
  acceptedKey === undefined

export function applyRequestEvent(job: Job, event: RequestEvent, now: Instant): Job {
  const { podRequest, phase } = job
  switch (event.kind) {
    case 'request-pod': {
      const { request, message } = event
      if (phase !== 'queued' || podRequest?.state === 'open' || podRequest?.isOwned) return job
      return { ...job, message, podRequest: { ...request, requestedAt: now, isOwned: true, state: 'open' } }
    }
    case 'pod-known':
      if (podRequest?.id !== event.requestId || podRequest.podKey !== null) return job
      return {
        ...job,
        podRequest: {
          ...podRequest,
          podKey: event.podKey,
          state: podRequest.state === 'unclear' ? 'ended' : podRequest.state,
        },
      }
    case 'pod-started':
      // Only who made the request knows that nothing else started the pod meanwhile.
      if (podRequest?.id !== event.requestId || !podRequest.isOwned) return job
      if (podRequest.podStartedAtMs !== undefined || podRequest.requestedAt.runId !== now.runId) return job
      return { ...job, podRequest: { ...podRequest, podStartedAtMs: event.podStartedAtMs } }
    case 'key-accepted':
      if (podRequest?.id !== event.requestId || !mayAcceptKey(podRequest, podRequest.podStartedAtMs ?? null))
        return job
      return {
        ...job,
        podRequest: { ...podRequest, acceptedKey: { ...event.key, acceptedAtMs: now.wallMs } },
      }
    case 'request-ended': {
      const { requestId, message, isUnclear, isHeld } = event
      if (podRequest?.id !== requestId || podRequest.state === 'ended') return job
      const ended = { ...podRequest, state: isUnclear ? ('unclear' as const) : ('ended' as const) }
      if (phase !== 'queued') return podRequest.state === ended.state ? job : { ...job, podRequest: ended }
      return { ...(isHeld ? toPhase(job, 'held', now, message) : { ...job, message }), podRequest: ended }
    }
    case 'pod-kept':
      if (podRequest?.id !== event.requestId || !podRequest.isOwned || podRequest.isKept) return job
      return { ...job, podRequest: { ...podRequest, isKept: true } }
    case 'pod-released': {
      if (podRequest?.id !== event.requestId || !podRequest.isOwned) return job
      const { isOwned: _owned, isKept: _kept, ...released } = podRequest
      return { ...job, podRequest: released }
    }
    case 'not-requested':
      return phase === 'queued' && job.message !== event.message ? { ...job, message: event.message } : job
  }
}
