import { rateLimitPauseMs } from '../base/time/jitter'
import { type Intent, toPhase } from './intent'
import type { IntentRules } from './intent-rules'
import type { Pod } from '../pods/pod'
import { RUNPOD_NAME } from '../pods/labs/service-name'
import type { ProviderError } from '../pods/provider'
import type { Result } from '../base/result'
import { type Instant, longestElapsedMs } from '../base/time/time'

/** The intent after the reply of `service` to its request. 0 ≤ `random` < 1, for the pause after a 429. */
export function withReply(
  intent: Intent,
  reply: Result<Pod | null, ProviderError>,
  now: Instant,
  rules: IntentRules,
  random = 0,
  service = RUNPOD_NAME,
): Intent {
  if (intent.phase !== 'sent') return intent
  if (reply.ok) return toPhase(intent, 'accepted', now, null)
  const { error } = reply
  switch (error.kind) {
    case 'rate-limited':
      return afterRateLimit(intent, error, now, rules, { random, service })
    case 'no-capacity':
      if (intent.waitsForGpu) return waitForRetry(intent, error.message, now, rules)
      return { ...toRefused(intent, now, error.message), lacksGpu: intent.action === 'start' }
    case 'not-found':
      // A pod that is not found needs no termination; reads confirm that.
      if (intent.action === 'terminate') return toPhase(intent, 'accepted', now, null)
      return toRefused(intent, now, error.message)
    case 'forbidden':
      return toRefused(intent, now, error.message, 'forbidden')
    case 'conflict':
      return { ...intent, isDisputed: true, message: error.message }
    case 'unreachable':
    case 'unreadable':
      return { ...intent, message: `No clear response, so its effect is being checked. ${error.message}` }
    default:
      return toRefused(intent, now, error.message)
  }
}

/** The intent after the API refused it, so that nothing happened. */
export function toRefused(
  intent: Intent,
  now: Instant,
  message: string | null,
  refusal: 'forbidden' | 'other' = 'other',
): Intent {
  return { ...toPhase(intent, 'failed', now, message), refusal }
}

/**
 * A 429 means that nothing was done. A rule's action is not retried: the rule decides again on the current
 * state.
 */
function afterRateLimit(
  intent: Intent,
  error: ProviderError,
  now: Instant,
  rules: IntentRules,
  { random, service }: { readonly random: number; readonly service: string },
): Intent {
  const { requestedAt, origin, action, waitsForGpu, podName } = intent
  const rateLimitedTries = intent.rateLimitedTries + 1
  const waitMs = rateLimitPauseMs(rateLimitedTries, error.retryAfterMs ?? rules.undoMs, random)
  if (waitsForGpu) {
    const message = `${service} asks to wait. ${error.message}`
    return { ...waitForRetry(intent, message, now, rules, waitMs), rateLimitedTries }
  }
  if (origin !== 'person')
    return {
      ...toRefused(intent, now, `${service} asked to wait, so nothing was done. ${error.message}`),
      waitMs,
    }
  const isTerminate = action === 'terminate'
  if (
    longestElapsedMs(requestedAt, now) + waitMs <=
    (isTerminate ? rules.confirmationValidMs : rules.retryWindowMs)
  )
    return {
      ...toPhase(intent, 'scheduled', now, `${service} asks to wait. ${error.message}`),
      waitMs,
      rateLimitedTries,
    }
  const prefix = isTerminate
    ? `${service} asks to wait for longer than a confirmation holds, so ${podName} was not terminated.`
    : `${service} kept postponing it:`
  return toRefused(intent, now, `${prefix} ${error.message}`)
}

/** The attempt certainly did nothing; schedules the next one with a growing delay of at least `minWaitMs`. */
export function waitForRetry(
  intent: Intent,
  message: string,
  now: Instant,
  rules: IntentRules,
  minWaitMs = 0,
): Intent {
  if (intent.isCalledOff) return toPhase(intent, 'cancelled', now, null)
  const backoffMs = Math.round(rules.gpuRetryMs * 1.2 ** intent.gpuTries)
  const waitMs = Math.max(minWaitMs, Math.min(backoffMs, Math.max(rules.gpuRetryMs, rules.gpuRetryMaxMs)))
  return { ...toPhase(intent, 'waiting', now, message), waitMs, gpuTries: intent.gpuTries + 1 }
}
