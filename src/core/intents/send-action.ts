import type { Intent } from './intent'
import type { Pod } from '../pods/pod'
import type { Provider, ProviderError } from '../pods/provider'
import { fail, type Result } from '../base/result'

/** Sends the single request of an intent. */
export function sendAction(
  provider: Provider,
  { action, podId }: Intent,
): Promise<Result<Pod | null, ProviderError>> {
  switch (action) {
    case 'start':
      return provider.startPod(podId)
    case 'stop':
      return provider.stopPod(podId)
    case 'restart':
      return provider.restartPod(podId)
    case 'terminate':
      return provider.terminatePod(podId)
  }
}

/** Providers do not throw. If one does, the request may have been sent, so the outcome is unknown. */
export function toUnreadableError(cause: unknown): Result<never, ProviderError> {
  const message = cause instanceof Error ? cause.message : String(cause)
  return fail({ kind: 'unreadable', message, status: null, retryAfterMs: null, requestId: null })
}
