import {
  addAccountQuestion,
  type ApiAddressSource,
  type LeftAccount,
  removeAccountQuestion,
  sameAccountQuestion,
  sendKeyQuestion,
  startDemoQuestion,
} from '../../core/confirmation/account-questions'
import { isOwnOrLocal } from '../../providers/choose-base-url'
import type { ProviderKind } from '../../core/settings/account-record'
import type { FailedKeyCheck } from '../../shared/requests/account-requests'
import { type Ask, askWhether } from '../../core/confirmation/question-queue'
import { ok, type Result } from '../../core/base/result'
import { accountText } from './account-text'

/** What an account asks in main's own window; false: the person refused. Errors are sentences. */
export interface AccountPrompts {
  /** Asks nothing about the provider's own address, and addresses of this computer. */
  maySendKey(url: URL, source: ApiAddressSource, provider?: ProviderKind): Promise<Result<boolean, string>>
  /** `added`: as for `addAccountQuestion`. */
  mayAdd(keyEnding: string, host: string, added: number | readonly string[]): Promise<Result<boolean, string>>
  /** `earlierKeyEnding`: of the key whose account it may be. */
  mayAnswer(
    keyEnding: string,
    earlierKeyEnding: string,
    isSameAccount: boolean,
  ): Promise<Result<boolean, string>>
  mayStartDemo(left: readonly LeftAccount[]): Promise<Result<boolean, string>>
  mayRemove(account: LeftAccount): Promise<Result<boolean, string>>
}

export function createAccountPrompts(ask: Ask): AccountPrompts {
  return {
    maySendKey: async (url, source, provider) =>
      isOwnOrLocal(url, provider) ? ok(true) : askWhether(ask, sendKeyQuestion(url.host, source, provider)),
    mayAdd: (keyEnding, host, added) => askWhether(ask, addAccountQuestion(keyEnding, host, added)),
    mayAnswer: (keyEnding, earlierKeyEnding, isSameAccount) =>
      askWhether(ask, sameAccountQuestion(keyEnding, earlierKeyEnding, isSameAccount)),
    mayStartDemo: (left) => askWhether(ask, startDemoQuestion(left)),
    mayRemove: (account) => askWhether(ask, removeAccountQuestion(account)),
  }
}

export const NOT_A_KEY: FailedKeyCheck = { kind: 'not-a-key', message: accountText.noKeyInClipboard }

export const NOT_A_HUBIFY_KEY: FailedKeyCheck = {
  kind: 'not-a-key',
  message: accountText.noHubifyKeyInClipboard,
}
