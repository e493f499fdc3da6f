import { existsSync } from 'node:fs'
import { errorText } from '../../core/base/text/error-text'
import { isOpen } from '../../core/intents/intent'
import type { KnownAccount } from '../../core/settings/account-identity'
import type { AppConfig } from '../../core/settings/config-schema'
import { historyFolder } from '../../node/data-folder/records/history-files'
import { readCreates, readIntents } from '../../node/data-folder/journal/journal'
import { createUsageHistories } from '../../node/usage-histories'
import {
  type ChosenKey,
  chooseKeys,
  createProvider,
  ENVIRONMENT,
  findBaseUrl,
  type KeySources,
} from '../account/account'
import { accountsText, findAccount, listAccounts, type ListedAccount } from '../account/account-list'
import { acquireFolderLock } from '../account/active-folder'
import { dataFiles } from '../account/config'
import { accountsBefore } from '../account/identify-account'
import {
  changeStoredKeys,
  deleteStoredKeys,
  readEarlierKeys,
  readStoredKeys,
  storedAccountId,
  type StoredCliKey,
} from '../account/key-file'
import { openLiveConfig } from '../account/live-config'
import { accountsJson, accountsLines, removedText } from '../commands/accounts'
import type { AccountsVerb } from '../commands/arguments'
import { type HistoryOutcome, keyRemovedText } from '../commands/accounts-text'
import { loginLabs } from '../commands/login/login-labs'
import { login, newNameProblem, promptSameAccount, readSecret } from '../commands/login/login'
import { printResult } from '../output/command-run'
import { CliExit, exitCodes } from '../output/exit'
import { withNothing } from '../output/nothing-text'
import { createServerLogins } from './account-server'
import type { CliContext } from './context/cli-context'
import { accountCommandText, chooseAccountText } from './context/cli-text'
import type { Commands, GlobalOptions, LoginOptions } from '../program/command-types'

/** The commands that add, list, rename and remove accounts. */
export function createAccountCommands(context: CliContext): Pick<Commands, 'login' | 'logout' | 'accounts'> {
  const { clock, output } = context
  const { runpod: environmentKey, hubify: environmentHubifyKey } = context.environmentKeys
  const { stdin, stderr } = context.process

  const server = createServerLogins(context)

  const keyPath = (options: GlobalOptions): string => dataFiles(context.dataFolderOf(options)).key

  /** All accounts, whatever address they are at. `keys`: those that are kept. */
  function listAll(
    options: GlobalOptions,
    keys: readonly StoredCliKey[],
    labs: readonly ChosenKey[] = [],
  ): readonly ListedAccount[] {
    const ofEnvironment = [...environmentKeyOf(context.keySourcesOf(options)), ...labs]
    const kept = keys.flatMap((key): ChosenKey[] =>
      URL.canParse(key.baseUrl)
        ? [{ ...key, source: 'kept', baseUrl: new URL(key.baseUrl), accountId: storedAccountId(key) }]
        : [],
    )
    return listAccounts(context.readFolderConfig(options), [...ofEnvironment, ...kept])
  }

  /** The key of Hubify that is given becomes that of labs. */
  async function logInLabs(options: LoginOptions): Promise<number> {
    if (options.account !== undefined || options.sameAccount || options.otherAccount)
      throw new CliExit(exitCodes.usage, accountCommandText.labOption)
    const path = dataFiles(context.writableFolderOf(options)).key
    const baseUrl = findBaseUrl(context.keySourcesOf(options), null, 'hubify')
    const named = listAll(options, readEarlierKeys(path)).filter(({ isKept, isInApp }) => isKept || isInApp)
    const keyboard = context.runOf(options).keyboard
    const { message, accounts } = await loginLabs({
      text: await readSecret(keyboard, stdin, baseUrl.host, (text) => void stderr.write(text)),
      baseUrl,
      path,
      hubify: context.hubifyKeysOf(options),
      labs: options.lab ?? [],
      name: options.name?.trim() ?? null,
      usesAnnouncedRoutes: options.announcedRoutes ?? null,
      named,
    })
    output.result(message)
    const config = context.readFolderConfig(options)
    for (const { id, name } of accounts)
      if (config.appAccounts.some((account) => account.id === id && account.name !== name))
        await renameInApp(options, id, name)
    if (environmentHubifyKey) output.progress(accountCommandText.alsoHubifyKey)
    return exitCodes.ok
  }

  async function logIn(options: LoginOptions): Promise<number> {
    if (options.server !== undefined) return server.logIn(options, options.server)
    if (options.provider === 'hubify') return logInLabs(options)
    if (options.lab !== undefined || options.announcedRoutes !== undefined)
      throw new CliExit(exitCodes.usage, accountCommandText.needsHubify)
    const folder = context.writableFolderOf(options)
    const config = context.readFolderConfig(options)
    const baseUrl = findBaseUrl(context.keySourcesOf(options), null)
    const path = dataFiles(folder).key
    const earlier = readEarlierKeys(path)
    const named = listAll(options, earlier).filter(({ isKept, isInApp }) => isKept || isInApp)
    const problem = options.name === undefined ? null : newNameProblem([], '', options.name)
    if (problem !== null) throw new CliExit(exitCodes.usage, withNothing(problem, 'saved'))
    const asked = options.account === undefined ? null : findAccount(named, options.account)
    const keyboard = context.runOf(options).keyboard
    const prompt = (message: string): unknown => stderr.write(message)
    const { message, account } = await login({
      text: await readSecret(keyboard, stdin, baseUrl.host, prompt),
      baseUrl,
      path,
      name: options.name?.trim() ?? null,
      named,
      createProvider: (key) => createProvider(baseUrl, key, context),
      accounts: askedLast(accountsBefore(config, earlier), asked?.id ?? null),
      podIdsOf: context.podIdsOf(options, config),
      isSameAccount: options.sameAccount || options.otherAccount ? options.sameAccount === true : null,
      askSameAccount: async (known) => keyboard && promptSameAccount(keyboard, known, prompt),
    })
    output.result(message)
    if (asked !== null && asked.id !== account.id)
      output.progress(accountCommandText.otherAccount(account.name, asked.name))
    const isRenamed = config.appAccounts.some(({ id, name }) => id === account.id && name !== account.name)
    if (isRenamed) await renameInApp(options, account.id, account.name)
    if (environmentKey) output.progress(accountCommandText.alsoRunpodKey(ENVIRONMENT))
    return exitCodes.ok
  }

  async function logOut(options: GlobalOptions & { server?: unknown }): Promise<number> {
    if (options.server === true) return server.logOut(options)
    const path = keyPath(options)
    const keys = readKeysToRemove(path)
    const kept = listAll(options, keys).filter(({ isKept }) => isKept)
    if (keys.length > 1 && options.account === undefined)
      throw new CliExit(exitCodes.usage, chooseAccountText.toRemove(accountsText(kept)))
    const account = options.account === undefined ? (kept[0] ?? null) : findAccount(kept, options.account)
    if (account === null)
      output.result(deleteStoredKeys(path) ? keyRemovedText(null, 'runpod', path) : accountCommandText.noKey)
    else {
      const problem = openActionProblem(options, account)
      if (problem !== null) throw new CliExit(exitCodes.failed, problem)
      if (keys.length < 2) deleteStoredKeys(path)
      else changeStoredKeys(path, (all) => all.filter((key) => storedAccountId(key) !== account.id))
      const history = await removeHistory(options, account)
      output.result(removedText(account, path, keys.length > 1, history))
    }
    if (environmentKey) output.progress(accountCommandText.stillRunpodKey)
    if (environmentHubifyKey) output.progress(accountCommandText.stillHubifyKey)
    return exitCodes.ok
  }

  /** The history goes with the account, unless a program goes on watching it. */
  async function removeHistory(
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
        nowMs: () => clock.now().wallMs,
        onProblem: () => {},
      })
      await histories.remove(id)
    } catch (cause) {
      output.progress(accountCommandText.historyNotRemoved(errorText(cause)))
    } finally {
      lock.dispose()
    }
    return existsSync(historyFolder(dataFolder, id)) ? 'kept' : 'removed'
  }

  /** An action whose end nobody would follow any more. */
  function openActionProblem(options: GlobalOptions, { id, isInApp }: ListedAccount): string | null {
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

  async function rename(options: GlobalOptions, query: string, name: string): Promise<number> {
    context.writableFolderOf(options)
    const path = keyPath(options)
    const accounts = listAll(options, readStoredKeys(path)).filter(({ isKept, isInApp }) => isKept || isInApp)
    const account = findAccount(accounts, query)
    const problem = newNameProblem(accounts, account.id, name)
    if (problem !== null) throw new CliExit(exitCodes.usage, withNothing(problem, 'changed'))
    const newName = name.trim()
    if (account.isInApp) await renameInApp(options, account.id, newName)
    if (account.isKept)
      changeStoredKeys(path, (keys) =>
        keys.map((key) => (storedAccountId(key) === account.id ? { ...key, name: newName } : key)),
      )
    output.result(accountCommandText.renamed(account.name, newName))
    return exitCodes.ok
  }

  /** Throws a `CliExit` where the app's file cannot be written. */
  async function renameInApp(options: GlobalOptions, accountId: string, name: string): Promise<void> {
    const lock = context.lockDataFolder(options)
    try {
      // Who holds the lock migrates a folder of an older format. Others see by the folder whether they may write.
      await acquireFolderLock(lock).catch(() => {})
      const config = openLiveConfig({
        folder: context.dataFolderOf(options),
        nowMs: () => clock.now().wallMs,
        mayWrite: () => ({ ok: true, value: undefined }),
        reportedProblems: [],
        report: (text) => output.progress(text),
      })
      const renamed = config.update((before) => withName(before, accountId, name))
      if (!renamed.ok) throw new CliExit(exitCodes.failed, accountCommandText.notRenamed(renamed.error))
    } finally {
      lock.dispose()
    }
  }

  return {
    login: logIn,
    logout: logOut,
    async accounts(verb, first, second, options) {
      switch (verb) {
        case 'add':
          if (second !== undefined) throw usage('add')
          return logIn({ ...options, ...(first !== undefined && { name: first }) })
        case 'rename':
          if (first === undefined || second === undefined) throw usage('rename')
          return rename(options, first, second)
        case 'remove':
          if (first === undefined || second !== undefined) throw usage('remove')
          return logOut({ ...options, account: first })
        case 'list': {
          if (first !== undefined) throw usage('list')
          const labs = (await context.listedKeys(options)).filter(
            ({ source, lab }) => source === 'environment' && lab !== undefined,
          )
          const all = listAll(options, readStoredKeys(keyPath(options)), labs).filter(
            ({ provider }) => options.provider === undefined || provider === options.provider,
          )
          const accounts = options.account === undefined ? all : [findAccount(all, options.account)]
          const run = context.runOf(options)
          const serverOf = server.hostsOf(options)
          printResult(
            run,
            () => accountsJson(accounts, serverOf),
            () => accountsLines(accounts, run.columns, serverOf),
          )
          return exitCodes.ok
        }
      }
    },
  }

  function environmentKeyOf(sources: KeySources): readonly ChosenKey[] {
    if (!environmentKey) return []
    try {
      return chooseKeys({ ...sources, storedKeys: () => [] }).keys
    } catch (cause) {
      if (cause instanceof CliExit) return []
      throw cause
    }
  }
}

/** The account that is asked about first is the latest one, or the one that a person named. */
const askedLast = (accounts: readonly KnownAccount[], accountId: string | null): readonly KnownAccount[] => [
  ...accounts.filter(({ id }) => id !== accountId),
  ...accounts.filter(({ id }) => id === accountId),
]

/** Keys that cannot be read are removed all the same. */
const readKeysToRemove = readEarlierKeys

const usage = (verb: AccountsVerb): CliExit => new CliExit(exitCodes.usage, accountCommandText.usage[verb])

const withName = (config: AppConfig, accountId: string, name: string): AppConfig => ({
  ...config,
  accounts: config.accounts.map((account) => (account.id === accountId ? { ...account, name } : account)),
})
