import {
  type ApiAddressSource,
  disconnectQuestion,
  type LeftAccount,
  replaceKeyQuestion,
  sameAccountQuestion,
  sendKeyQuestion,
  startDemoQuestion,
  switchAccountQuestion,
} from '../../core/confirmation/account-questions'
import { isOwnOrLocal } from '../../providers/choose-base-url'
import type { KeyCheckResult } from '../../shared/ipc'
import { type Ask, askWhether } from '../../core/confirmation/question-queue'
import { ok, type Result } from '../../core/base/result'

/** What an account asks in main's own window; false: the person refused. Errors are sentences. */
export interface AccountPrompts {
  /** Asks nothing about Runpod's own address, and addresses of this computer. */
  maySendKey(url: URL, source: ApiAddressSource): Promise<Result<boolean, string>>
  /** `isPossiblySame`: nothing tells whether the next key belongs to the account that is left. */
  maySwitch(
    left: LeftAccount,
    nextKeyEnding: string,
    isPossiblySame: boolean,
  ): Promise<Result<boolean, string>>
  /** `earlierKeyEnding`: of the key whose account it may be. */
  mayAnswer(
    keyEnding: string,
    earlierKeyEnding: string,
    isSameAccount: boolean,
  ): Promise<Result<boolean, string>>
  mayStartDemo(left: LeftAccount): Promise<Result<boolean, string>>
  mayDisconnect(left: LeftAccount): Promise<Result<boolean, string>>
}

export function createAccountPrompts(ask: Ask): AccountPrompts {
  return {
    maySendKey: async (url, source) =>
      isOwnOrLocal(url) ? ok(true) : askWhether(ask, sendKeyQuestion(url.host, source)),
    maySwitch: (left, nextKeyEnding, isPossiblySame) =>
      askWhether(ask, (isPossiblySame ? replaceKeyQuestion : switchAccountQuestion)(left, nextKeyEnding)),
    mayAnswer: (keyEnding, earlierKeyEnding, isSameAccount) =>
      askWhether(ask, sameAccountQuestion(keyEnding, earlierKeyEnding, isSameAccount)),
    mayStartDemo: (left) => askWhether(ask, startDemoQuestion(left)),
    mayDisconnect: (left) => askWhether(ask, disconnectQuestion(left)),
  }
}

export const NOT_A_KEY: KeyCheckResult = {
  kind: 'not-a-key',
  message:
    'The clipboard holds nothing that looks like an API key, so it was not sent anywhere. Copy the key in Runpod, then paste again.',
}
