import { Argument, type Command, Option } from 'commander'
import { type AccountsVerb, accountsVerbs } from './commands/accounts'
import type { Commands } from './command-types'

/** The commands that add, list, rename and remove accounts. */
export function addAccounts(
  program: Command,
  commands: Pick<Commands, 'accounts' | 'login' | 'logout'>,
  exit: (code: number) => void,
): void {
  addLoginOptions(
    program
      .command('accounts')
      .description('list, add, rename or remove accounts')
      .addArgument(new Argument('[verb]', 'what to do').choices(accountsVerbs).default('list'))
      .argument('[account]', 'the account, by its name or id; of add, its name')
      .argument('[name]', 'of rename, its new name')
      .option('--json', 'print the list for programs'),
  )
    .addHelpText('after', ACCOUNTS_HELP)
    .action(
      async (
        verb: AccountsVerb,
        first: string | undefined,
        second: string | undefined,
        _options: unknown,
        command: Command,
      ) => exit(await commands.accounts(verb, first, second, command.optsWithGlobals())),
    )

  addLoginOptions(
    program
      .command('login')
      .description('try an API key and keep it, as another account or in the place of the key of its account')
      .option('--name <name>', 'what to call the account'),
  )
    .addHelpText('after', LOGIN_HELP)
    .action(async (_options: unknown, command: Command) =>
      exit(await commands.login(command.optsWithGlobals())),
    )

  program
    .command('logout')
    .description('remove a kept key; with several, the one of --account')
    .action(async (_options: unknown, command: Command) =>
      exit(await commands.logout(command.optsWithGlobals())),
    )
}

const addLoginOptions = (command: Command): Command =>
  command
    .addOption(
      new Option('--same-account', 'it belongs to the account of the earlier key').conflicts('otherAccount'),
    )
    .addOption(new Option('--other-account', 'it belongs to another account').conflicts('sameAccount'))
    .option('--lab <labs...>', 'with --provider hubify: these labs of the key; all unless given')
    .option('--announced-routes', 'with --provider hubify: use routes that Hubify has announced')
    .option('--no-announced-routes', 'stop that')

const ACCOUNTS_HELP = `
list shows the accounts of kept keys, of RUNPOD_API_KEY (called environment) and of the app. add is login, and remove is
logout: what is known of the account stays in the data folder. Names are unique, whatever their case.

Examples:
  podkeeper accounts
  podkeeper accounts add Lab
  podkeeper accounts rename Runpod Work
  podkeeper accounts remove Lab`

const LOGIN_HELP = `
The key is asked for without showing it, or read from stdin. It is tried at once, and kept in a file that only
you may read, for the address that it was tried at. A key of an account that has one already replaces it, any other
adds an account. RUNPOD_API_KEY is an account beside the kept ones. A key is never an argument: those can be read by
everybody on the machine. Where nothing tells whether a new key belongs to the account of an earlier one, the command
asks.

With --provider hubify the key is one of Hubify, and each of its labs becomes an account.

Examples:
  podkeeper login
  podkeeper login --name Lab
  podkeeper login --provider hubify --lab dark-energy
  pass show runpod | podkeeper login`
