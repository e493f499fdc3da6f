import { fail, ok, type Result } from '../../../core/base/result'
import { MINUTE_MS } from '../../../core/base/time/time'
import { questionClosedText } from '../../../core/confirmation/confirmation-prompt'
import type { AccountId } from '../../../core/pods/pod'
import type { Provider } from '../../../core/pods/provider'
import { type AccountRecord, keyIdOf } from '../../../core/settings/account-record'
import type { Snapshot } from '../../../core/view/snapshot'
import type { SessionContext } from '../account-session-options'
import { accountText } from '../account-text'

export interface AccountIdentityOptions {
  /** The watched account; null while it is not watched. */
  readonly account: () => AccountRecord | null
  /** The snapshot of the watched account. */
  readonly snapshot: () => Snapshot | undefined
  /** Goes on watching with the same key, as `account`. The error is a sentence: that cannot be now. */
  readonly becomes: (account: AccountRecord, apiAccountId: string | null) => Result<void, string>
  /** Shows a sentence to the person. */
  readonly notify: (text: string) => void
}

/**
 * Finds out which account the watched key belongs to, while it is watched: from the API, or from the person. See
 * docs/product-rules.md#12-unreliable-replies.
 */
export interface AccountIdentity {
  /** Asks the API for the account of this key until it tells. */
  follow(provider: Provider): void
  /** Call when the key is no longer watched. */
  stop(): void
  /** The person's answer to whether this is the earlier account. False: it was not confirmed in main's own window. */
  readonly answer: (isSameAccount: boolean) => Promise<Result<boolean, string>>
}

const RETRY_MS = 5 * MINUTE_MS

export function createAccountIdentity(
  { session, keyStore, prompts, runExclusively }: SessionContext,
  { account, snapshot, becomes, notify }: AccountIdentityOptions,
): AccountIdentity {
  let followed: Provider | null = null
  let cancelRetry = (): void => {}

  async function ask(provider: Provider): Promise<void> {
    if (followed !== provider) return
    let isDone = false
    try {
      const read = await provider.readAccountId?.()
      if (read?.ok) isDone = await runExclusively(async () => settle(provider, read.value))
      else isDone = read === undefined || read.error.kind === 'gone'
    } catch (cause) {
      session.log.warn('The account of the key could not be determined', cause)
    }
    if (isDone || followed !== provider) return
    cancelRetry()
    cancelRetry = session.clock.schedule(RETRY_MS, () => void ask(provider))
  }

  /** Follows what the API says. False when that has to be tried again. */
  function settle(provider: Provider, apiAccountId: string): boolean {
    const watched = account()
    if (followed !== provider || watched === null) return true
    const { possibleAccountId, ...record } = watched
    const keyId = keyIdOf(watched)
    const podIds = snapshot()?.pods.map(({ id }) => id) ?? []
    const found = keyStore.accountFor({ keyId, baseUrl: watched.baseUrl, apiAccountId, podIds })
    const next: AccountRecord = { ...record, ...found, keyId }
    const isSame = next.id === watched.id && next.possibleAccountId === possibleAccountId
    const isKnown = session.store
      .knownAccounts()
      .some((each) => each.id === next.id && each.apiAccountId === apiAccountId)
    if (isSame && isKnown) return true
    if (!becomes(next, apiAccountId).ok) return false
    if (isSame) return true
    notify(next.id === possibleAccountId ? accountText.sameAccount : accountText.differentAccount)
    return true
  }

  async function answer(isSameAccount: boolean): Promise<Result<boolean, string>> {
    const watched = account()
    const earlierKeyEnding = snapshot()?.account?.earlierKeyEnding
    if (watched === null || earlierKeyEnding === undefined) return fail(questionClosedText)
    const agreed = await prompts.mayAnswer(watched.keyEnding, earlierKeyEnding, isSameAccount)
    if (!agreed.ok || !agreed.value) return agreed
    return runExclusively(async () => applyAnswer(watched.id, isSameAccount))
  }

  function applyAnswer(accountId: AccountId, isSameAccount: boolean): Result<true, string> {
    const watched = account()
    // The account may have been removed or identified meanwhile.
    if (watched?.id !== accountId || watched.possibleAccountId === undefined) return fail(questionClosedText)
    const { possibleAccountId, ...record } = watched
    const next = isSameAccount ? { ...record, id: possibleAccountId, keyId: keyIdOf(watched) } : record
    const became = becomes(next, null)
    return became.ok ? ok(true) : became
  }

  return {
    follow(provider) {
      cancelRetry()
      followed = provider
      void ask(provider)
    },
    stop() {
      cancelRetry()
      followed = null
    },
    answer,
  }
}
