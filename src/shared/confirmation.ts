import type { ConfirmationAnswer, ConfirmationView } from '../core/confirmation/confirmation-prompt'
import type { PassphraseView } from '../core/confirmation/passphrase-prompt'
import type { Result } from '../core/base/result'
import type { RequestError } from './ipc'

/*
 * The contract of the confirmation and passphrase window. It is separate from that of the other windows, so
 * that neither can make the other's requests.
 */

export type PromptView = ({ readonly kind: 'confirmation' } & ConfirmationView) | PassphraseView

export interface ConfirmationRequests {
  /** The open prompt; null when there is none. */
  confirmation: () => PromptView | null
  /**
   * `typed` is null for a refusal. Main validates it or uses it as the passphrase; the page only passes it
   * on.
   */
  answerConfirmation: (token: string, typed: string | null) => ConfirmationAnswer
}

export type ConfirmationRequestName = keyof ConfirmationRequests

export const confirmationChannel = (name: ConfirmationRequestName): string => `podkeeper:confirmation:${name}`

/** Exposed to the page as `window.confirmation`. */
export type ConfirmationBridge = {
  readonly [K in ConfirmationRequestName]: (
    ...args: Parameters<ConfirmationRequests[K]>
  ) => Promise<Result<ReturnType<ConfirmationRequests[K]>, RequestError>>
}

/** Implemented in main. */
export type ConfirmationHandlers = {
  readonly [K in ConfirmationRequestName]: (
    ...args: Parameters<ConfirmationRequests[K]>
  ) =>
    | Promise<Result<ReturnType<ConfirmationRequests[K]>, RequestError>>
    | Result<ReturnType<ConfirmationRequests[K]>, RequestError>
}
