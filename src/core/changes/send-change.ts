import { fail, type Result } from '../base/result'
import { MINUTE_MS, SECOND_MS } from '../base/time/time'
import { type ProviderError, unreadableError } from '../pods/provider'

/** One request that changes something, and how to find out what became of it. */
export interface SendableChange {
  /** Sends exactly one request. `isShown`: the reply itself shows the effect. */
  send(): Promise<Result<{ readonly isShown: boolean }, ProviderError>>
  /** Reads whether the effect is there; null: it couldn't be read. */
  isSeen(): Promise<boolean | null>
}

export type ChangeOutcome =
  | { readonly kind: 'done' }
  /** Refused, so that nothing was done. */
  | { readonly kind: 'refused'; readonly error: ProviderError }
  /** Sent, and nothing showed an effect for so long. `isAccepted`: the service replied that it is done. */
  | { readonly kind: 'not-seen'; readonly isAccepted: boolean; readonly wasRead: boolean }

/** When the effect is looked for, ms after the reply. See docs/product-rules.md#115-volumes-and-edits. */
export const LOOK_AFTER_MS: readonly number[] = [
  5 * SECOND_MS,
  15 * SECOND_MS,
  30 * SECOND_MS,
  MINUTE_MS,
  2 * MINUTE_MS,
  5 * MINUTE_MS,
]

/** What a change waits on besides its requests. */
export interface ChangeFollowUp {
  /** Resolves to true after `ms`, and to false as soon as nothing more is to be found out. */
  readonly pause: (ms: number) => Promise<boolean>
  readonly isEnded: () => boolean
  /** Called when the effect has to be looked for. Null: the service replied that it is done. */
  readonly onUnclear: (error: ProviderError | null) => void
}

/**
 * Sends a change once and finds out what became of it. After a reply that leaves that open it is read, never sent
 * again. Null: it ended before that was known.
 */
export async function sendChange(
  change: SendableChange,
  { pause, isEnded, onUnclear }: ChangeFollowUp,
): Promise<ChangeOutcome | null> {
  const reply = await change.send().catch(toFailure)
  if (!reply.ok && isClearRefusal(reply.error)) return { kind: 'refused', error: reply.error }
  let wasRead = false
  const isSeen = async (): Promise<boolean> => {
    const seen = isEnded() ? null : await change.isSeen().catch(() => null)
    wasRead ||= seen !== null
    return seen === true
  }
  // Also after a clear reply, so that what is shown is current.
  if (reply.ok && ((await isSeen()) || reply.value.isShown)) return { kind: 'done' }
  onUnclear(reply.ok ? null : reply.error)
  let passedMs = 0
  for (const afterMs of LOOK_AFTER_MS) {
    if (!(await pause(afterMs - passedMs))) return null
    passedMs = afterMs
    if (await isSeen()) return { kind: 'done' }
  }
  return isEnded() ? null : { kind: 'not-seen', isAccepted: reply.ok, wasRead }
}

/** Whether an error says that nothing was done. */
export const isClearRefusal = ({ kind }: ProviderError): boolean =>
  kind !== 'unreachable' && kind !== 'unreadable'

/** Of a provider without such a request. */
export const NOT_SUPPORTED: ProviderError = {
  kind: 'invalid',
  message: 'This account doesn’t support that.',
  status: null,
  retryAfterMs: null,
  requestId: null,
}

/** An exception says nothing about what was done. */
const toFailure = (cause: unknown): Result<never, ProviderError> => fail(unreadableError(cause))
