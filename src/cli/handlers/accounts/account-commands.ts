import { readStoredKeys } from '../../account/key-file'
import { findAccount } from '../../account/account-list'
import { accountsJson, accountsLines } from '../../commands/accounts'
import type { AccountsVerb } from '../../commands/arguments'
import { printResult } from '../../output/command-run'
import { CliExit, exitCodes } from '../../output/exit'
import type { Commands, GlobalOptions, LoginOptions } from '../../program/command-types'
import type { CliContext } from '../context/cli-context'
import { accountCommandText } from '../context/cli-text'
import { createServerLogins } from './account-server'
import { keyPathOf, listAll } from './listed-accounts'
import { logInLabs, logInRunpod } from './log-in'
import { logOut } from './log-out'
import { renameAccount } from './rename-account'

/** The commands that add, list, rename and remove accounts. */
export function createAccountCommands(context: CliContext): Pick<Commands, 'login' | 'logout' | 'accounts'> {
  const server = createServerLogins(context)

  async function login(options: LoginOptions): Promise<number> {
    if (options.server !== undefined) return server.logIn(options, options.server)
    return options.provider === 'hubify' ? logInLabs(context, options) : logInRunpod(context, options)
  }

  async function list(options: GlobalOptions): Promise<number> {
    const labs = (await context.listedKeys(options)).filter(
      ({ source, lab }) => source === 'environment' && lab !== undefined,
    )
    const all = listAll(context, options, readStoredKeys(keyPathOf(context, options)), labs).filter(
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

  return {
    login,
    logout: (options) => (options.server === true ? server.logOut(options) : logOut(context, options)),
    async accounts(verb, first, second, options) {
      switch (verb) {
        case 'add':
          if (second !== undefined) throw usage('add')
          return login({ ...options, ...(first !== undefined && { name: first }) })
        case 'rename':
          if (first === undefined || second === undefined) throw usage('rename')
          return renameAccount(context, options, first, second)
        case 'remove':
          if (first === undefined || second !== undefined) throw usage('remove')
          return logOut(context, { ...options, account: first })
        case 'list':
          if (first !== undefined) throw usage('list')
          return list(options)
      }
    },
  }
}

const usage = (verb: AccountsVerb): CliExit => new CliExit(exitCodes.usage, accountCommandText.usage[verb])
