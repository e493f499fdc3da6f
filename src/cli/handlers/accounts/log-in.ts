import type { KnownAccount } from '../../../core/settings/account-identity'
import { createProvider, ENVIRONMENT, findBaseUrl } from '../../account/account'
import { findAccount } from '../../account/account-list'
import { dataFiles } from '../../account/config'
import { accountsBefore } from '../../account/identify-account'
import { readEarlierKeys } from '../../account/key-file'
import { login, newNameProblem, promptSameAccount, readSecret } from '../../commands/login/login'
import { loginLabs } from '../../commands/login/login-labs'
import { CliExit, exitCodes } from '../../output/exit'
import { withNothing } from '../../output/nothing-text'
import type { LoginOptions } from '../../program/command-types'
import type { CliContext } from '../context/cli-context'
import { accountCommandText } from '../context/cli-text'
import { listAll } from './listed-accounts'
import { renameInApp } from './rename-account'

/** The key of Hubify that is given becomes that of labs. */
export async function logInLabs(context: CliContext, options: LoginOptions): Promise<number> {
  if (options.account !== undefined || options.sameAccount || options.otherAccount)
    throw new CliExit(exitCodes.usage, accountCommandText.labOption)
  const path = dataFiles(context.writableFolderOf(options)).key
  const baseUrl = findBaseUrl(context.keySourcesOf(options), null, 'hubify')
  const named = listAll(context, options, readEarlierKeys(path)).filter(
    ({ isKept, isInApp }) => isKept || isInApp,
  )
  const keyboard = context.runOf(options).keyboard
  const { message, accounts } = await loginLabs({
    text: await readSecret(
      keyboard,
      context.process.stdin,
      baseUrl.host,
      (text) => void context.process.stderr.write(text),
    ),
    baseUrl,
    path,
    hubify: context.hubifyKeysOf(options),
    labs: options.lab ?? [],
    name: options.name?.trim() ?? null,
    usesAnnouncedRoutes: options.announcedRoutes ?? null,
    named,
  })
  context.output.result(message)
  const config = context.readFolderConfig(options)
  for (const { id, name } of accounts)
    if (config.appAccounts.some((account) => account.id === id && account.name !== name))
      await renameInApp(context, options, id, name)
  if (context.environmentKeys.hubify) context.output.progress(accountCommandText.alsoHubifyKey)
  return exitCodes.ok
}

/** Checks the key of Runpod that is given, and keeps it. */
export async function logInRunpod(context: CliContext, options: LoginOptions): Promise<number> {
  if (options.lab !== undefined || options.announcedRoutes !== undefined)
    throw new CliExit(exitCodes.usage, accountCommandText.needsHubify)
  const folder = context.writableFolderOf(options)
  const config = context.readFolderConfig(options)
  const baseUrl = findBaseUrl(context.keySourcesOf(options), null)
  const path = dataFiles(folder).key
  const earlier = readEarlierKeys(path)
  const named = listAll(context, options, earlier).filter(({ isKept, isInApp }) => isKept || isInApp)
  const problem = options.name === undefined ? null : newNameProblem([], '', options.name)
  if (problem !== null) throw new CliExit(exitCodes.usage, withNothing(problem, 'saved'))
  const asked = options.account === undefined ? null : findAccount(named, options.account)
  const keyboard = context.runOf(options).keyboard
  const prompt = (message: string): unknown => context.process.stderr.write(message)
  const { message, account } = await login({
    text: await readSecret(keyboard, context.process.stdin, baseUrl.host, prompt),
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
  context.output.result(message)
  if (asked !== null && asked.id !== account.id)
    context.output.progress(accountCommandText.otherAccount(account.name, asked.name))
  const isRenamed = config.appAccounts.some(({ id, name }) => id === account.id && name !== account.name)
  if (isRenamed) await renameInApp(context, options, account.id, account.name)
  if (context.environmentKeys.runpod) context.output.progress(accountCommandText.alsoRunpodKey(ENVIRONMENT))
  return exitCodes.ok
}

/** The account that is asked about first is the latest one, or the one that a person named. */
const askedLast = (accounts: readonly KnownAccount[], accountId: string | null): readonly KnownAccount[] => [
  ...accounts.filter(({ id }) => id !== accountId),
  ...accounts.filter(({ id }) => id === accountId),
]
