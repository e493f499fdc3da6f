import { type Intent, type IntentRules, longestElapsedMs, toPhase } from './intent'
import type { Pod } from '../pods/pod'
import type { ProviderError } from '../pods/provider'
import type { Result } from '../base/result'
import type { Instant } from '../base/time'

/** The intent after the reply to its request. */
export function withReply(
  intent: Intent,
  reply: Result<Pod | null, ProviderError>,
  now: Instant,
  rules: IntentRules,
): Intent {
  if (intent.phase !== 'sent') return intent
  if (reply.ok) return toPhase(intent, 'accepted', now, null)
  const { error } = reply
  switch (error.kind) {
    case 'rate-limited':
      return afterRateLimit(intent, error, now, rules)
    case 'no-capacity':
      if (intent.waitsForGpu) return waitForRetry(intent, error.message, now, rules)
      return { ...toPhase(intent, 'failed', now, error.message), lacksGpu: intent.action === 'start' }
    case 'not-found':
      // A pod that is not found needs no termination; reads confirm that.
      if (intent.action === 'terminate') return toPhase(intent, 'accepted', now, null)
      return toPhase(intent, 'failed', now, error.message)
    case 'conflict':
      return { ...intent, isDisputed: true, message: error.message }
    case 'unreachable':
    case 'unreadable':
      return { ...intent, message: `No clear answer, so its effect is being checked. ${error.message}` }
    default:
      return toPhase(intent, 'failed', now, error.message)
  }
}

/**
 * A 429 means that nothing was done. A rule's action is not retried: the rule decides again on the current
 * state.
 */
function afterRateLimit(intent: Intent, error: ProviderError, now: Instant, rules: IntentRules): Intent {
  const { requestedAt, origin, action, waitsForGpu, podName } = intent
  if (waitsForGpu) return waitForRetry(intent, `Runpod asks to wait. ${error.message}`, now, rules, error)
  if (origin !== 'person')
    return toPhase(intent, 'failed', now, `Runpod asked to wait, so nothing was done. ${error.message}`)
  const waitMs = error.retryAfterMs ?? rules.undoMs
  const isTerminate = action === 'terminate'
  if (
    longestElapsedMs(requestedAt, now) + waitMs <=
    (isTerminate ? rules.confirmationValidMs : rules.retryWindowMs)
  )
    return { ...toPhase(intent, 'scheduled', now, `Runpod asks to wait. ${error.message}`), waitMs }
  const prefix = isTerminate
    ? `Runpod asks to wait for longer than a confirmation holds, so ${podName} was not terminated.`
    : 'Runpod kept putting it off:'
  return toPhase(intent, 'failed', now, `${prefix} ${error.message}`)
}

/** The attempt certainly did nothing; schedules the next one with a growing delay. */
export function waitForRetry(
  intent: Intent,
  message: string,
  now: Instant,
  rules: IntentRules,
  { retryAfterMs }: Pick<ProviderError, 'retryAfterMs'> = { retryAfterMs: null },
): Intent {
  if (intent.isCalledOff) return toPhase(intent, 'cancelled', now, null)
  const backoffMs = Math.round(rules.gpuRetryMs * 1.2 ** intent.gpuTries)
  const waitMs = Math.max(
    retryAfterMs ?? 0,
    Math.min(backoffMs, Math.max(rules.gpuRetryMs, rules.gpuRetryMaxMs)),
  )
  return { ...toPhase(intent, 'waiting', now, message), waitMs, gpuTries: intent.gpuTries + 1 }
}
