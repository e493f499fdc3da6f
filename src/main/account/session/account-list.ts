import type { AccountId } from '../../../core/pods/pod'
import { fail, ok } from '../../../core/base/result'
import {
  type AccountRecord,
  inOrder,
  keyIdOf,
  withAccountChanges,
} from '../../../core/settings/account-record'
import type { Settings } from '../../../core/settings/settings'
import { accountSettings } from '../../../core/money/account-settings'
import { openActionsProblem } from '../key/key-store'
import type { AccountProviders } from '../watched/account-providers'
import { createWatchedAccount, type WatchedAccount } from '../watched/watched-account'
import type { AccountSessionOptions, SessionContext } from '../account-session-options'
import { sessionText } from '../account-text'

/** The accounts of the session, in the person's order. */
export interface AccountList {
  readonly all: () => readonly WatchedAccount[]
  readonly records: () => readonly AccountRecord[]
  readonly find: (accountId: AccountId) => WatchedAccount | null
  /**
   * An account for each stored one, in their order. Those that are not listed yet, as right after the start, are added.
   */
  readonly stored: () => readonly WatchedAccount[]
  /** Adds an account to those that are shown; whether it is stored is another matter. */
  readonly add: (record: AccountRecord) => WatchedAccount
  readonly remove: (account: WatchedAccount) => void
  /** Call when the stored order changed. */
  readonly reorder: () => void
}

/** What adds, changes and removes accounts, and reads their keys. */
export interface AccountListContext extends SessionContext {
  readonly list: AccountList
  readonly providers: AccountProviders
  readonly isDemo: () => boolean
  readonly leaveDemo: () => Promise<void>
}

/** When an account is added, Unix ms: not before any job that is there, whatever the clock says. */
export function addedNow({ clock, folderHost }: Pick<AccountSessionOptions, 'clock' | 'folderHost'>): number {
  const createdAtMs = folderHost.queue.view().jobs.map((job) => job.createdAtMs)
  return Math.max(clock.now().wallMs, ...createdAtMs)
}

/**
 * Clears the clipboard if it still holds `text`, from which the key was taken, and the key is stored encrypted: without a
 * keyring the clipboard may have the only copy.
 */
export async function clearTakenKey(
  {
    store,
    readClipboard,
    writeClipboard,
  }: Pick<AccountSessionOptions, 'store' | 'readClipboard' | 'writeClipboard'>,
  text: string,
  keyId: string,
): Promise<void> {
  const isStored = store.accounts().some((one) => keyIdOf(one) === keyId && one.encryptedKey !== null)
  if (isStored && (await readClipboard()) === text) await writeClipboard('')
}

/** The account that a key turns out to be for goes on under its own name, with its own budgets. */
function withOwnNameAndBudgets(
  record: AccountRecord,
  { name, color, monthlyBudgetUsd, dailyBudgetUsd, watchesNewPods, watchesEndpoints }: AccountRecord,
): AccountRecord {
  const budgets = { monthlyBudgetUsd: monthlyBudgetUsd ?? null, dailyBudgetUsd: dailyBudgetUsd ?? null }
  return withAccountChanges(record, {
    name,
    color,
    ...budgets,
    ...(watchesNewPods !== undefined && { watchesNewPods }),
    ...(watchesEndpoints !== undefined && { watchesEndpoints }),
  })
}

export function createAccountList(context: SessionContext): AccountList {
  const { store } = context.session
  let accounts: readonly WatchedAccount[] = []

  function add(initial: AccountRecord): WatchedAccount {
    // Kept where the disk does not take it.
    let record = initial
    const stored = (): AccountRecord => {
      record = store.accounts().find(({ id }) => id === record.id) ?? record
      return record
    }
    const added: WatchedAccount = createWatchedAccount(context, {
      record: stored,
      settings: (): Settings => accountSettings(store.settings(), stored(), accounts.length),
      hasOthers: () => accounts.length > 1,
      becomes(next, apiAccountId) {
        const problem = openActionsProblem(added.accountSnapshot().snapshot, next.id, sessionText.tryAgain)
        if (problem !== null) return fail(problem)
        const other = accounts.find((one) => one !== added && one.record().id === next.id)
        const otherProblem =
          other && openActionsProblem(other.accountSnapshot().snapshot, '', sessionText.tryAgain)
        if (typeof otherProblem === 'string') return fail(otherProblem)
        const merged = other === undefined ? next : withOwnNameAndBudgets(next, other.record())
        const saved = store.saveAccount(merged, apiAccountId, record.id)
        if (!saved.ok) return fail(sessionText.notStored(saved.error))
        if (next.id === record.id && next.possibleAccountId === record.possibleAccountId) return ok(undefined)
        if (other) remove(other)
        added.pause()
        record = merged
        added.watchAgain()
        return ok(undefined)
      },
    })
    accounts = inStoredOrder([...accounts, added])
    return added
  }

  function inStoredOrder(all: readonly WatchedAccount[]): readonly WatchedAccount[] {
    const ids = store.accounts().map(({ id }) => id)
    const records = inOrder(
      all.map((one) => one.record()),
      ids,
    )
    return records.flatMap(({ id }) => all.find((one) => one.record().id === id) ?? [])
  }

  function remove(account: WatchedAccount): void {
    account.pause()
    account.dispose()
    accounts = accounts.filter((one) => one !== account)
  }

  const find = (accountId: AccountId): WatchedAccount | null =>
    accounts.find((one) => one.record().id === accountId) ?? null

  return {
    all: () => accounts,
    records: () => accounts.map((one) => one.record()),
    find,
    stored: () => store.accounts().map((record) => find(record.id) ?? add(record)),
    add,
    remove,
    reorder() {
      accounts = inStoredOrder(accounts)
    },
  }
}
