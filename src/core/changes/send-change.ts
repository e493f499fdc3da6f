import type { Clock } from '../base/clock'
import type { Result } from '../base/result'
import { MINUTE_MS, SECOND_MS } from '../base/time'
import type { ProviderError } from '../pods/provider'

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
  /** Sent, and nothing showed an effect for so long. `isAccepted`: the service said that it is done. */
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

/**
 * Sends a change once and finds out what became of it. After a reply that leaves that open it is read, never sent again.
 * `onUnclear` is called when it has to be looked for; null: it ended because `isDisposed`.
 */
export async function sendChange(
  change: SendableChange,
  clock: Pick<Clock, 'schedule'>,
  onUnclear: (error: ProviderError | null) => void,
  isDisposed: () => boolean,
): Promise<ChangeOutcome | null> {
  const reply = await change.send()
  if (!reply.ok && !isUnclear(reply.error)) return { kind: 'refused', error: reply.error }
  let wasRead = false
  const isSeen = async (): Promise<boolean> => {
    const seen = await change.isSeen()
    wasRead ||= seen !== null
    return seen === true
  }
  // Also after a clear reply, so that what is shown is current.
  if (reply.ok && ((await isSeen()) || reply.value.isShown)) return { kind: 'done' }
  if (isDisposed()) return null
  onUnclear(reply.ok ? null : reply.error)
  let passedMs = 0
  for (const afterMs of LOOK_AFTER_MS) {
    await pause(clock, afterMs - passedMs)
    passedMs = afterMs
    if (isDisposed()) return null
    if (await isSeen()) return { kind: 'done' }
  }
  return { kind: 'not-seen', isAccepted: reply.ok, wasRead }
}

const isUnclear = ({ kind }: ProviderError): boolean => kind === 'unreachable' || kind === 'unreadable'

const pause = (clock: Pick<Clock, 'schedule'>, ms: number): Promise<void> =>
  new Promise((resolve) => void clock.schedule(ms, resolve))
