import { existsSync } from 'node:fs'
import { errorText } from '../../../core/base/text/error-text'
import { isOpen } from '../../../core/intents/intent'
import { readCreates, readIntents } from '../../../node/data-folder/journal/journal'
import { historyFolder } from '../../../node/data-folder/records/history-files'
import { createUsageHistories } from '../../../node/usage-histories'
import { accountsText, findAccount, type ListedAccount } from '../../account/account-list'
import { acquireFolderLock } from '../../account/active-folder'
import { dataFiles } from '../../account/config'
import { changeStoredKeys, deleteStoredKeys, readEarlierKeys, storedAccountId } from '../../account/key-file'
import { removedText } from '../../commands/accounts'
import { type HistoryOutcome, keyRemovedText } from '../../commands/accounts-text'
import { CliExit, exitCodes } from '../../output/exit'
import type { GlobalOptions } from '../../program/command-types'
import type { CliContext } from '../context/cli-context'
import { accountCommandText, chooseAccountText } from '../context/cli-text'
import { keyPathOf, listAll } from './listed-accounts'

/** Removes a kept key, and the account's history unless a program goes on watching it. */
export async function logOut(context: CliContext, options: GlobalOptions): Promise<number> {
  const path = keyPathOf(context, options)
  // Keys that cannot be read are removed all the same.
  const keys = readEarlierKeys(path)
  const kept = listAll(context, options, keys).filter(({ isKept }) => isKept)
  if (keys.length > 1 && options.account === undefined)
    throw new CliExit(exitCodes.usage, chooseAccountText.toRemove(accountsText(kept)))
  const account = options.account === undefined ? (kept[0] ?? null) : findAccount(kept, options.account)
  if (account === null)
    context.output.result(
      deleteStoredKeys(path) ? keyRemovedText(null, 'runpod', path) : accountCommandText.noKey,
    )
  else {
    const problem = openActionProblem(context, options, account)
    if (problem !== null) throw new CliExit(exitCodes.failed, problem)
    if (keys.length < 2) deleteStoredKeys(path)
    else changeStoredKeys(path, (all) => all.filter((key) => storedAccountId(key) !== account.id))
    const history = await removeHistory(context, options, account)
    context.output.result(removedText(account, path, keys.length > 1, history))
  }
  if (context.environmentKeys.runpod) context.output.progress(accountCommandText.stillRunpodKey)
  if (context.environmentKeys.hubify) context.output.progress(accountCommandText.stillHubifyKey)
  return exitCodes.ok
}

/** The history goes with the account, unless a program goes on watching it. */
async function removeHistory(
  context: CliContext,
  options: GlobalOptions,
  { id, isInApp, isInEnvironment }: ListedAccount,
): Promise<HistoryOutcome> {
  const dataFolder = context.dataFolderOf(options)
  if (!existsSync(historyFolder(dataFolder, id))) return 'none'
  if (isInApp || isInEnvironment) return 'kept'
  const lock = context.lockDataFolder(options)
  try {
    await acquireFolderLock(lock)
    const histories = createUsageHistories({
      dataFolder,
      mayWrite: () => lock.mayWrite().ok,
      nowMs: () => context.clock.now().wallMs,
      onProblem: () => {},
    })
    await histories.remove(id)
  } catch (cause) {
    context.output.progress(accountCommandText.historyNotRemoved(errorText(cause)))
  } finally {
    lock.dispose()
  }
  return existsSync(historyFolder(dataFolder, id)) ? 'kept' : 'removed'
}

/** An action whose end nobody would follow any more. */
function openActionProblem(
  context: CliContext,
  options: GlobalOptions,
  { id, isInApp }: ListedAccount,
): string | null {
  if (isInApp) return null
  const files = dataFiles(context.dataFolderOf(options))
  const actions = (readIntents(files.journal) ?? []).map((intent) => ({ ...intent, name: intent.podName }))
  const creates = (readCreates(files.creates) ?? []).map((create) => ({
    ...create,
    name: create.plan.name,
  }))
  const names = [...actions, ...creates].flatMap((each) =>
    each.accountId === id && isOpen(each) ? [each.name] : [],
  )
  return names.length === 0 ? null : accountCommandText.openAction(names)
}
