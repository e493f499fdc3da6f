import type { ConfirmationAnswer } from '../core/confirmation/confirmation-prompt'
import type { QuestionView } from '../core/confirmation/question-queue'
import type { Result } from '../core/base/result'
import type { HandlersOf, RequestError } from './ipc'

/*
 * The contract of the confirmation window. It is separate from that of the other windows, so that neither can
 * make the other's requests.
 */

export interface ConfirmationRequests {
  /** The open question; null when there is none. */
  confirmation: () => QuestionView | null
  /**
   * `typed` is null for a refusal, and empty where the button is the whole answer. Main validates it or uses it
   * as the passphrase; the page only passes it on.
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
export type ConfirmationHandlers = HandlersOf<ConfirmationRequests>
