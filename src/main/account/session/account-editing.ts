import type { AccountId } from '../../../core/pods/pod'
import { fail, ok, type Result } from '../../../core/base/result'
import {
  type AccountRecordChanges,
  nameProblem,
  withAccountChanges,
} from '../../../core/settings/account-record'
import type { AccountListContext } from './account-list'
import type { AccountSession } from '../account-session-types'
import { openActionsProblem } from '../key/key-store'
import type { WatchedAccount } from '../watched/watched-account'
import { accountText, sessionText } from '../account-text'

export const isToBeWatched = (account: WatchedAccount): boolean =>
  account.monitor() === null && account.record().isPaused !== true

/** See `AccountSession`. `restore`: connects the accounts whose keys can be read. */
export function createAccountEditing(
  context: AccountListContext,
  restore: () => Promise<void>,
): Pick<AccountSession, 'changeAccount' | 'removeAccount'> {
  const { list, prompts, runExclusively, isDemo, onChange } = context
  const { store, auditLog, folderHost, lastSnapshots, log } = context.session

  async function change(accountId: AccountId, given: AccountRecordChanges): Promise<Result<void, string>> {
    const { name } = given
    const changes = name === undefined ? given : { ...given, name: name.trim() }
    const account = list.find(accountId)
    if (account === null) return fail(accountText.notConnected)
    const before = account.record()
    const isPausing = changes.isPaused === true && before.isPaused !== true
    const problem =
      (changes.name === undefined ? null : nameProblem(list.records(), accountId, changes.name)) ??
      (isPausing ? openActionsProblem(account.accountSnapshot().snapshot, '', sessionText.pauseAgain) : null)
    if (problem !== null) return fail(problem)
    const saved = store.saveAccount(withAccountChanges(before, changes), null)
    if (!saved.ok) return fail(sessionText.notStored(saved.error))
    auditLog.recordChange(before, account.record())
    // What was observed before says nothing of now, so it is not shown.
    if (isPausing) {
      account.pause({ reason: sessionText.paused, canTryAgain: false })
      lastSnapshots.forget(accountId)
    }
    // One that is watched goes on as it is.
    else if (!isDemo() && isToBeWatched(account) && !account.watchAgain()) void restore()
    onChange()
    return ok(undefined)
  }

  /** Asked outside of `runExclusively`: a question without an answer holds up no other account. */
  async function removeAccount(accountId: AccountId): Promise<Result<boolean, string>> {
    const account = list.find(accountId)
    if (account === null) return fail(sessionText.removed)
    const mayRemove = await prompts.mayRemove(account.record())
    if (!mayRemove.ok || !mayRemove.value) return mayRemove
    return runExclusively(() => remove(account, accountId))
  }

  async function remove(account: WatchedAccount, accountId: AccountId): Promise<Result<boolean, string>> {
    // It may have been removed meanwhile, or have turned out to be another one.
    if (list.find(accountId) !== account) return fail(sessionText.removed)
    const problem = openActionsProblem(account.accountSnapshot().snapshot, '', sessionText.removeAgain)
    if (problem !== null) return fail(problem)
    const record = account.record()
    const erased = store.removeAccount(accountId)
    // With the key still on the disk, it would be watched again after the next start.
    if (!erased.ok) return fail(sessionText.keyNotErased(erased.error))
    list.remove(account)
    lastSnapshots.forget(accountId)
    auditLog.recordRemoval(record)
    onChange()
    // Before the account can be added again.
    await folderHost.usageHistories
      .remove(accountId)
      .catch((cause: unknown) => log.warn('The history of a removed account stays', cause))
    return ok(true)
  }

  return {
    changeAccount: (accountId, changes) => runExclusively(() => change(accountId, changes)),
    removeAccount,
  }
}
