import {
  type ApiAddressSource,
  disconnectQuestion,
  type LeftAccount,
  replaceKeyQuestion,
  sendKeyQuestion,
  startDemoQuestion,
  switchAccountQuestion,
} from '../../core/confirmation/account-questions'
import { isOwnOrLocal } from '../../providers/choose-base-url'
import type { KeyCheckResult } from '../../shared/ipc'
import type { Ask } from '../../core/confirmation/question-queue'

/** What an account asks in main's own window; false: the person refused. */
export interface AccountPrompts {
  /** Asks nothing about Runpod's own address, and addresses of this computer. */
  maySendKey(url: URL, source: ApiAddressSource): Promise<boolean>
  /** `isPossiblySame`: nothing tells whether the next key belongs to the account that is left. */
  maySwitch(left: LeftAccount, nextKeyEnding: string, isPossiblySame: boolean): Promise<boolean>
  mayStartDemo(left: LeftAccount): Promise<boolean>
  mayDisconnect(left: LeftAccount): Promise<boolean>
}

export function createAccountPrompts(ask: Ask): AccountPrompts {
  return {
    maySendKey: async (url, source) =>
      isOwnOrLocal(url) || (await ask(sendKeyQuestion(url.host, source))) !== null,
    maySwitch: async (left, nextKeyEnding, isPossiblySame) =>
      (await ask((isPossiblySame ? replaceKeyQuestion : switchAccountQuestion)(left, nextKeyEnding))) !==
      null,
    mayStartDemo: async (left) => (await ask(startDemoQuestion(left))) !== null,
    mayDisconnect: async (left) => (await ask(disconnectQuestion(left))) !== null,
  }
}

export const NOT_A_KEY: KeyCheckResult = {
  kind: 'not-a-key',
  message:
    'The clipboard holds nothing that looks like an API key, so it was not sent anywhere. Copy the key in Runpod, then paste again.',
}
