import type { Clock } from '../../core/base/clock'
import { fail, ok, type Result } from '../../core/base/result'
import { MINUTE_MS } from '../../core/base/time'
import type { AccountId } from '../../core/pods/pod'
import type { Provider } from '../../core/pods/provider'
import { type AccountRecord, keyIdOf } from '../../core/settings/config-schema'
import type { Snapshot } from '../../core/view/snapshot'
import type { AppStore } from '../settings/app-store'
import type { AccountPrompts } from './account-prompts'
import { type KeyStore, openActionsProblem } from './key/key-store'

export interface AccountIdentityOptions {
  readonly clock: Clock
  readonly store: Pick<AppStore, 'account' | 'knownAccounts' | 'saveAccount'>
  readonly keyStore: Pick<KeyStore, 'accountFor'>
  readonly prompts: Pick<AccountPrompts, 'mayAnswer'>
  /** The snapshot of the watched account. */
  readonly snapshot: () => Snapshot | undefined
  /** Goes on watching with the same key, as `account`. */
  readonly watchAs: (account: AccountRecord) => Promise<void>
  /** See `AccountSession`: account changes run one after the other. */
  readonly runExclusively: <T>(change: () => Promise<T>) => Promise<T>
  /** Shows a sentence to the person. */
  readonly notify: (text: string) => void
  /** Writes to the log; must not throw. */
  readonly report: (what: string, cause: unknown) => void
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

/** For display. */
const NOT_ASKED = 'This is not asked any more.'

export function createAccountIdentity(options: AccountIdentityOptions): AccountIdentity {
  const { clock, store, keyStore, prompts, snapshot, watchAs, runExclusively, notify, report } = options
  let followed: Provider | null = null
  let cancelRetry = (): void => {}

  async function ask(provider: Provider): Promise<void> {
    if (followed !== provider) return
    let isDone = false
    try {
      const read = await provider.readAccountId?.()
      if (read?.ok) isDone = await runExclusively(() => settle(provider, read.value))
      else isDone = read === undefined || read.error.kind === 'gone'
    } catch (cause) {
      report('The account of the key could not be found out', cause)
    }
    if (isDone || followed !== provider) return
    cancelRetry()
    cancelRetry = clock.schedule(RETRY_MS, () => void ask(provider))
  }

  /** Follows what the API says. False when that has to be tried again. */
  async function settle(provider: Provider, apiAccountId: string): Promise<boolean> {
    const account = watchedAccount()
    if (followed !== provider || account === null) return true
    const { baseUrl, keyEnding, encryptedKey } = account
    const keyId = keyIdOf(account)
    const podIds = snapshot()?.pods.map(({ id }) => id) ?? []
    const found = keyStore.accountFor({ keyId, baseUrl, apiAccountId, podIds }, snapshot())
    if (openActionsProblem(snapshot(), found.id, '') !== null) return false
    const next = { ...found, keyId, baseUrl, keyEnding, encryptedKey }
    const isSame = next.id === account.id && next.possibleAccountId === account.possibleAccountId
    const isKnown = store
      .knownAccounts()
      .some((each) => each.id === next.id && each.apiAccountId === apiAccountId)
    if (isSame && isKnown) return true
    if (!store.saveAccount(next, apiAccountId).ok) return false
    if (isSame) return true
    await watchAs(next)
    notify(
      next.id === account.possibleAccountId
        ? 'Runpod says that this key belongs to the same account as before, so its rules apply again.'
        : 'Runpod says that this key belongs to another account than before, so the rules of that account apply, if it has any. Those of the other account are kept.',
    )
    return true
  }

  /** The stored account, if it is the watched one. */
  function watchedAccount(): AccountRecord | null {
    const account = store.account()
    return account !== null && snapshot()?.account?.id === account.id ? account : null
  }

  async function answer(isSameAccount: boolean): Promise<Result<boolean, string>> {
    const account = watchedAccount()
    const earlierKeyEnding = snapshot()?.account?.earlierKeyEnding
    if (account === null || earlierKeyEnding === undefined) return fail(NOT_ASKED)
    const agreed = await prompts.mayAnswer(account.keyEnding, earlierKeyEnding, isSameAccount)
    if (!agreed.ok || !agreed.value) return agreed
    return runExclusively(() => applyAnswer(account.id, isSameAccount))
  }

  async function applyAnswer(accountId: AccountId, isSameAccount: boolean): Promise<Result<true, string>> {
    const account = watchedAccount()
    // Another key may have been pasted meanwhile.
    if (account?.id !== accountId || account.possibleAccountId === undefined) return fail(NOT_ASKED)
    const { possibleAccountId, ...record } = account
    const next = isSameAccount ? { ...record, id: possibleAccountId } : record
    const problem = openActionsProblem(snapshot(), next.id, 'answer again')
    if (problem !== null) return fail(problem)
    const saved = store.saveAccount(next)
    if (!saved.ok) return fail(`Your answer could not be stored: ${saved.error}.`)
    await watchAs(next)
    return ok(true)
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
