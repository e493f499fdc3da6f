import type { ProviderError, ProviderErrorKind } from '../../core/pods/provider'

/** An error that is known without an answer. `message` is ours: nothing from outside is in it. */
export function localError(
  kind: ProviderErrorKind,
  message: string,
  retryAfterMs: number | null = null,
): ProviderError {
  return { kind, message, status: null, retryAfterMs, requestId: null }
}
