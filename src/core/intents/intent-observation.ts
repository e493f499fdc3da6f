import { waitAgain } from './intent-reply'
import { type Intent, type IntentAction, type IntentRules, isOpen, moveTo } from './intent'
import type { Pod } from '../pods/pod'
import { elapsedMs, type Instant, SECOND_MS } from '../base/time'

/** Uptimes that the API keeps for a moment may run back by this, seconds. */
const UPTIME_TOLERANCE_S = 10

/**
 * The intent after a look at its pod (null: gone, confirmed). A look that was asked for before the action
 * was sent says nothing. "Did not happen" is said only after a look from past the deadline.
 */
export function withLook(
  intent: Intent,
  pod: Pod | null,
  lookedAt: Instant,
  now: Instant,
  rules: IntentRules,
): Intent {
  if (intent.phase === 'waiting') return whileWaiting(intent, pod, lookedAt, now)
  if (!isOpen(intent) || intent.sentAt === null || intent.phase === 'scheduled') return intent
  if (!isAfter(lookedAt, intent.sentAt)) return intent
  const { action } = intent
  const isGone = pod === null || pod.phase === 'terminated'
  if (isGone && action === 'terminate') return moveTo(intent, 'observed', now, null)
  if (isGone) return moveTo(intent, 'failed', now, 'The pod is gone.')
  const end = endSeen(intent, pod, lookedAt)
  if (end) return moveTo(intent, end.phase, now, end.message)
  if (intent.isDisputed && !(action === 'start' && pod.phase === 'creating'))
    return moveTo(intent, 'failed', now, intent.message)
  if (elapsedMs(intent.sentAt, lookedAt) < deadlineMs(action, rules)) return intent
  const words = `The pod is still ${pod.phase}.${intent.message === null ? '' : ` ${intent.message}`}`
  // Whoever asked for a start when a GPU is free meant every try; this one is seen to have done nothing.
  const isWorthAnother = intent.waitsForGpu && pod.phase === 'stopped' && !intent.isCalledOff
  return isWorthAnother ? waitAgain(intent, words, now, rules) : moveTo(intent, 'did-not-happen', now, words)
}

/** What a look at a pod that is there says of an action that was sent; null: nothing yet. */
function endSeen(
  intent: Intent,
  pod: Pod,
  lookedAt: Instant,
): { readonly phase: 'observed' | 'failed'; readonly message: string | null } | null {
  const seen = (message: string | null = null) => ({ phase: 'observed', message }) as const
  switch (intent.action) {
    case 'stop':
      if (pod.phase === 'stopped') return seen()
      return isAnotherRun(intent, pod) ? seen('It stopped, and was started again since.') : null
    case 'start':
      if (pod.phase === 'running') return seen()
      return pod.phase === 'error' ? { phase: 'failed', message: reasonOf(pod) } : null
    case 'restart':
      if (pod.phase === 'error') return { phase: 'failed', message: reasonOf(pod) }
      return pod.phase === 'running' && isRestarted(intent, pod, lookedAt) ? seen() : null
    case 'terminate':
      return null
  }
}

function whileWaiting(intent: Intent, pod: Pod | null, lookedAt: Instant, now: Instant): Intent {
  if (!isAfter(lookedAt, intent.phaseAt)) return intent
  const { podName } = intent
  if (pod === null || pod.phase === 'terminated')
    return moveTo(intent, 'cancelled', now, `${podName} is gone, so it waits for no GPU any more.`)
  switch (pod.phase) {
    case 'running':
    case 'creating':
      return moveTo(intent, 'cancelled', now, `${podName} was started by someone else.`)
    case 'error':
      return moveTo(intent, 'cancelled', now, `${podName} waits for no GPU any more: ${reasonOf(pod)}`)
    default:
      return intent
  }
}

/** How long after it was sent an action that was not seen to have happened did not happen, ms. */
export function deadlineMs(action: IntentAction, rules: IntentRules): number {
  return {
    stop: rules.stopDeadlineMs,
    start: rules.startDeadlineMs,
    restart: rules.restartDeadlineMs,
    terminate: rules.terminateDeadlineMs,
  }[action]
}

const reasonOf = ({ statusReason }: Pod): string => statusReason ?? 'Runpod reports an error for this pod.'

function isAnotherRun({ podStartedAtMs }: Intent, pod: Pod): boolean {
  return podStartedAtMs !== null && pod.startedAtMs !== null && pod.startedAtMs > podStartedAtMs
}

/** Whether the container is a younger one than that which was to be restarted. */
function isRestarted(intent: Intent, pod: Pod, lookedAt: Instant): boolean {
  const { sentAt, podUptimeS } = intent
  if (isAnotherRun(intent, pod)) return true
  const uptimeS = pod.telemetry?.uptimeS ?? null
  if (uptimeS === null || sentAt === null) return false
  if (podUptimeS !== null && uptimeS < podUptimeS - UPTIME_TOLERANCE_S) return true
  // Of a pod that was not up for long. Between two runs only the wall clock tells, and that may have been set.
  return sentAt.runId === lookedAt.runId && (uptimeS + 1) * SECOND_MS <= elapsedMs(sentAt, lookedAt)
}

/** Whether the look at `a` came after the moment `b`. A look is always of the present run. */
function isAfter(a: Instant, b: Instant): boolean {
  return a.runId !== b.runId || a.monotonicMs >= b.monotonicMs
}
