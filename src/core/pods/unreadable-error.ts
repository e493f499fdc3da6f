import type { ProviderError } from './provider'

/** Of a request that threw although providers do not throw: it was sent, and what became of it is not known. */
export function unreadableError(cause: unknown): ProviderError {
  const message = cause instanceof Error ? cause.message : String(cause)
  return { kind: 'unreadable', message, status: null, retryAfterMs: null, requestId: null }
}
