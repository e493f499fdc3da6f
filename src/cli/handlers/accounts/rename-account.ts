import { accountCommandText } from '../context/cli-text'
import type { CliContext } from '../context/cli-context'
import type { AppConfig } from '../../../core/settings/config-schema'
import { findAccount } from '../../account/account-list'
import { acquireFolderLock } from '../../account/active-folder'
import { changeStoredKeys, readStoredKeys, storedAccountId } from '../../account/key-file'
import { openLiveConfig } from '../../account/live-config'
import { newNameProblem } from '../../commands/login/login'
import { CliExit, exitCodes } from '../../output/exit'
import { withNothing } from '../../output/nothing-text'
import type { GlobalOptions } from '../../program/command-types'
import { keyPathOf, listAll } from './listed-accounts'

/** Renames an account wherever it is known: in the app's file and beside its kept key. */
export async function renameAccount(
  context: CliContext,
  options: GlobalOptions,
  query: string,
  name: string,
): Promise<number> {
  context.writableFolderOf(options)
  const path = keyPathOf(context, options)
  const accounts = listAll(context, options, readStoredKeys(path)).filter(
    ({ isKept, isInApp }) => isKept || isInApp,
  )
  const account = findAccount(accounts, query)
  const problem = newNameProblem(accounts, account.id, name)
  if (problem !== null) throw new CliExit(exitCodes.usage, withNothing(problem, 'changed'))
  const newName = name.trim()
  if (account.isInApp) await renameInApp(context, options, account.id, newName)
  if (account.isKept)
    changeStoredKeys(path, (keys) =>
      keys.map((key) => (storedAccountId(key) === account.id ? { ...key, name: newName } : key)),
    )
  context.output.result(accountCommandText.renamed(account.name, newName))
  return exitCodes.ok
}

/** Throws a `CliExit` where the app's file cannot be written. */
export async function renameInApp(
  context: CliContext,
  options: GlobalOptions,
  accountId: string,
  name: string,
): Promise<void> {
  const lock = context.lockDataFolder(options)
  try {
    // Who holds the lock migrates a folder of an older format. Others see by the folder whether they may write.
    await acquireFolderLock(lock).catch(() => {})
    const config = openLiveConfig({
      folder: context.dataFolderOf(options),
      nowMs: () => context.clock.now().wallMs,
      mayWrite: () => ({ ok: true, value: undefined }),
      reportedProblems: [],
      report: (text) => context.output.progress(text),
    })
    const renamed = config.update((before) => withName(before, accountId, name))
    if (!renamed.ok) throw new CliExit(exitCodes.failed, accountCommandText.notRenamed(renamed.error))
  } finally {
    lock.dispose()
  }
}

const withName = (config: AppConfig, accountId: string, name: string): AppConfig => ({
  ...config,
  accounts: config.accounts.map((account) => (account.id === accountId ? { ...account, name } : account)),
})
