import type { ProviderError, ProviderErrorKind } from '../../core/pods/provider'

/** An error that is detected without a response. `message` is fixed text and contains no external input. */
export function localError(
  kind: ProviderErrorKind,
  message: string,
  retryAfterMs: number | null = null,
): ProviderError {
  return { kind, message, status: null, retryAfterMs, requestId: null }
}
