import { toRefused, waitForRetry } from './intent-reply'
import { type Intent, type IntentAction, isOpen, toPhase } from './intent'
import type { IntentRules } from './intent-rules'
import { serviceOf } from '../pods/labs/service-name'
import type { Pod } from '../pods/pod'
import { UPTIME_TOLERANCE_S } from '../pods/confirmed-uptime'
import { elapsedMs, type Instant, MINUTE_MS, SECOND_MS } from '../base/time/time'

/**
 * The intent after its pod was read (null: confirmed gone). A read that was requested before the action was
 * sent is ignored. `did-not-happen` requires a read from after the deadline.
 */
export function withObservation(
  intent: Intent,
  pod: Pod | null,
  observedAt: Instant,
  now: Instant,
  rules: IntentRules,
): Intent {
  if (intent.phase === 'waiting') return waitingAfterObservation(intent, pod, observedAt, now)
  if (!isOpen(intent) || intent.sentAt === null || intent.phase === 'scheduled') return intent
  if (!isAfter(observedAt, intent.sentAt)) return intent
  const { action } = intent
  const isGone = pod === null || pod.phase === 'terminated'
  if (isGone && action === 'terminate') return toPhase(intent, 'observed', now, null)
  if (isGone) return toPhase(intent, 'failed', now, 'The pod is gone.')
  if (hasLeftError(intent, pod))
    return withObservation({ ...intent, earlierError: null }, pod, observedAt, now, rules)
  const isOverdue = elapsedMs(intent.sentAt, observedAt) >= deadlineMs(action, rules)
  const outcome = observedOutcome(intent, pod, observedAt, isOverdue)
  if (outcome) return toPhase(intent, outcome.phase, now, outcome.message)
  if (intent.isDisputed && !(action === 'start' && pod.phase === 'creating'))
    return toRefused(intent, now, intent.message)
  if (!isOverdue) return intent
  const message = `The pod is still ${pod.phase}.${intent.message === null ? '' : ` ${intent.message}`}`
  // A request to start when a GPU is free covers every attempt, and this one is known to have done nothing.
  const shouldRetry = intent.waitsForGpu && pod.phase === 'stopped' && !intent.isCalledOff
  return shouldRetry
    ? waitForRetry(intent, message, now, rules)
    : toPhase(intent, 'did-not-happen', now, message)
}

/** How long after it was sent a stop that was not confirmed counts as the reason that the pod is stopped, ms. */
const LATE_STOP_MS = 30 * MINUTE_MS

/**
 * A stop that was not confirmed by its deadline, corrected once the pod is seen stopped. `intent` must be the last one
 * of its pod. See docs/product-rules.md#47-honest-results.
 */
export function withLateStop(intent: Intent, pod: Pod | null, observedAt: Instant, now: Instant): Intent {
  const { action, phase, sentAt } = intent
  if (action !== 'stop' || phase !== 'did-not-happen' || sentAt === null || pod?.phase !== 'stopped')
    return intent
  const isLateStop = isAfter(observedAt, sentAt) && elapsedMs(sentAt, observedAt) <= LATE_STOP_MS
  return isLateStop ? toPhase(intent, 'observed', now, null) : intent
}

/** The outcome that an existing pod shows for a sent action; null: none yet. */
function observedOutcome(
  intent: Intent,
  pod: Pod,
  observedAt: Instant,
  isOverdue: boolean,
): { readonly phase: 'observed' | 'failed'; readonly message: string | null } | null {
  const observed = (message: string | null = null) => ({ phase: 'observed', message }) as const
  const isFailed = pod.phase === 'error' && (isOverdue || isNewError(intent, pod))
  switch (intent.action) {
    case 'stop':
      if (pod.phase === 'stopped') return observed()
      return isNewRun(intent, pod) ? observed('It stopped, and has been started again since.') : null
    case 'start':
      if (pod.phase === 'running') return observed()
      return isFailed ? { phase: 'failed', message: errorReason(pod) } : null
    case 'restart':
      if (isFailed) return { phase: 'failed', message: errorReason(pod) }
      return pod.phase === 'running' && isRestarted(intent, pod, observedAt) ? observed() : null
    case 'terminate':
      return null
  }
}

function waitingAfterObservation(intent: Intent, pod: Pod | null, observedAt: Instant, now: Instant): Intent {
  if (!isAfter(observedAt, intent.phaseAt)) return intent
  const { podName } = intent
  if (pod === null || pod.phase === 'terminated')
    return toPhase(intent, 'cancelled', now, `${podName} is gone, so Podkeeper stopped waiting for a GPU.`)
  switch (pod.phase) {
    case 'running':
    case 'creating':
      return toPhase(intent, 'cancelled', now, `${podName} was started by someone else.`)
    case 'error':
      if (!isNewError(intent, pod)) return intent
      return toPhase(
        intent,
        'cancelled',
        now,
        `Stopped waiting for a GPU for ${podName}: ${errorReason(pod)}`,
      )
    default:
      return hasLeftError(intent, pod) ? { ...intent, earlierError: null } : intent
  }
}

/** How long after it was sent an unobserved action counts as not having happened, ms. */
export function deadlineMs(action: IntentAction, rules: IntentRules): number {
  return {
    stop: rules.stopDeadlineMs,
    start: rules.startDeadlineMs,
    restart: rules.restartDeadlineMs,
    terminate: rules.terminateDeadlineMs,
  }[action]
}

const errorReason = (pod: Pod): string =>
  pod.statusReason ?? `${serviceOf(pod)} reports an error for this pod.`

/** Whether the pod shows that it is not any more in the error that it had when the action was requested. */
function hasLeftError({ earlierError }: Intent, { phase }: Pod): boolean {
  return earlierError !== null && phase !== 'error' && phase !== 'unknown'
}

/** Whether the error that the pod shows arose after the action was requested. */
function isNewError({ earlierError, podStartedAtMs }: Intent, { statusReason, startedAtMs }: Pod): boolean {
  return earlierError === null || earlierError.reason !== statusReason || podStartedAtMs !== startedAtMs
}

function isNewRun({ podStartedAtMs }: Intent, pod: Pod): boolean {
  return podStartedAtMs !== null && pod.startedAtMs !== null && pod.startedAtMs > podStartedAtMs
}

/** Whether the container is younger than the one that was to be restarted. */
function isRestarted(intent: Intent, pod: Pod, observedAt: Instant): boolean {
  const { sentAt, podUptimeS } = intent
  if (isNewRun(intent, pod)) return true
  const uptimeS = pod.telemetry?.uptimeS ?? null
  if (uptimeS === null || sentAt === null) return false
  if (podUptimeS !== null && uptimeS < podUptimeS - UPTIME_TOLERANCE_S) return true
  // For a pod with a short uptime. Across processes only the wall clock is available, and it may have been
  // changed.
  return sentAt.runId === observedAt.runId && (uptimeS + 1) * SECOND_MS <= elapsedMs(sentAt, observedAt)
}

/** Whether `a` is later than `b`. A read is always from the current process. */
function isAfter(a: Instant, b: Instant): boolean {
  return a.runId !== b.runId || a.monotonicMs >= b.monotonicMs
}
