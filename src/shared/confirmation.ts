import type { ConfirmationAnswer, ConfirmationView } from '../core/confirmation/confirmation-prompt'
import type { PassphraseView } from '../core/confirmation/passphrase-prompt'
import type { Result } from '../core/base/result'
import type { RequestError } from './ipc'

/*
 * All that the window of confirmations and passphrases may ask, apart from the contract of the other windows: none of them can ask this,
 * and it can ask nothing of theirs.
 */

export type QuestionView = ({ readonly kind: 'confirmation' } & ConfirmationView) | PassphraseView

export interface ConfirmationRequests {
  /** The question that is open; null: none is. */
  confirmation: () => QuestionView | null
  /** `typed` null: no. Main compares it, or takes it as the passphrase; the page only hands it on. */
  answerConfirmation: (token: string, typed: string | null) => ConfirmationAnswer
}

export type ConfirmationRequestName = keyof ConfirmationRequests

export const confirmationChannel = (name: ConfirmationRequestName): string => `podkeeper:confirmation:${name}`

/** What the page sees as `window.confirmation`. */
export type ConfirmationBridge = {
  readonly [K in ConfirmationRequestName]: (
    ...args: Parameters<ConfirmationRequests[K]>
  ) => Promise<Result<ReturnType<ConfirmationRequests[K]>, RequestError>>
}

/** The handlers that main implements. */
export type ConfirmationHandlers = {
  readonly [K in ConfirmationRequestName]: (
    ...args: Parameters<ConfirmationRequests[K]>
  ) =>
    | Promise<Result<ReturnType<ConfirmationRequests[K]>, RequestError>>
    | Result<ReturnType<ConfirmationRequests[K]>, RequestError>
}
