import { type Intent, type IntentRules, moveTo, sinceMs } from './intent'
import type { Pod } from '../pods/pod'
import type { ProviderError } from '../pods/provider'
import type { Result } from '../base/result'
import type { Instant } from '../base/time'

/** The intent after the answer to its request. */
export function withReply(
  intent: Intent,
  reply: Result<Pod | null, ProviderError>,
  now: Instant,
  rules: IntentRules,
): Intent {
  if (intent.phase !== 'sent') return intent
  if (reply.ok) return moveTo(intent, 'accepted', now, null)
  const { error } = reply
  switch (error.kind) {
    case 'rate-limited':
      return putOff(intent, error, now, rules)
    case 'no-capacity':
      if (intent.waitsForGpu) return waitAgain(intent, error.message, now, rules)
      return { ...moveTo(intent, 'failed', now, error.message), lacksGpu: intent.action === 'start' }
    case 'not-found':
      // What is not there needs no ending; looks confirm it.
      if (intent.action === 'terminate') return moveTo(intent, 'accepted', now, null)
      return moveTo(intent, 'failed', now, error.message)
    case 'conflict':
      return { ...intent, isDisputed: true, message: error.message }
    case 'unreachable':
    case 'unreadable':
      return { ...intent, message: `No clear answer, so its effect is being checked. ${error.message}` }
    default:
      return moveTo(intent, 'failed', now, error.message)
  }
}

/** After a 429, which did nothing. What a rule asked for is not tried again: the rule decides anew, on what is true then. */
function putOff(intent: Intent, error: ProviderError, now: Instant, rules: IntentRules): Intent {
  const { requestedAt, origin, action, waitsForGpu, podName } = intent
  if (waitsForGpu) return waitAgain(intent, `Runpod asks to wait. ${error.message}`, now, rules, error)
  if (origin !== 'person')
    return moveTo(intent, 'failed', now, `Runpod asked to wait, so nothing was done. ${error.message}`)
  const waitMs = error.retryAfterMs ?? rules.undoMs
  const isTerminate = action === 'terminate'
  if (sinceMs(requestedAt, now) + waitMs <= (isTerminate ? rules.confirmedForMs : rules.retryForMs))
    return { ...moveTo(intent, 'scheduled', now, `Runpod asks to wait. ${error.message}`), waitMs }
  const words = isTerminate
    ? `Runpod asks to wait for longer than a confirmation holds, so ${podName} was not terminated.`
    : 'Runpod kept putting it off:'
  return moveTo(intent, 'failed', now, `${words} ${error.message}`)
}

/** A try that surely did nothing: the next one, later each time. */
export function waitAgain(
  intent: Intent,
  message: string,
  now: Instant,
  rules: IntentRules,
  { retryAfterMs }: Pick<ProviderError, 'retryAfterMs'> = { retryAfterMs: null },
): Intent {
  if (intent.isCalledOff) return moveTo(intent, 'cancelled', now, null)
  const slower = Math.round(rules.gpuRetryMs * 1.2 ** intent.gpuTries)
  const waitMs = Math.max(
    retryAfterMs ?? 0,
    Math.min(slower, Math.max(rules.gpuRetryMs, rules.gpuRetrySlowestMs)),
  )
  return { ...moveTo(intent, 'waiting', now, message), waitMs, gpuTries: intent.gpuTries + 1 }
}
