import type { ProviderError } from './provider'

/** Of a request that threw although providers do not throw: it was sent, and what became of it is not known. */
export function unreadableError(message: string): ProviderError {
  return { kind: 'unreadable', message, status: null, retryAfterMs: null, requestId: null }
}
