import { Argument, type Command, Option } from 'commander'
import { type AccountsVerb, accountsVerbs } from '../commands/arguments'
import type { Commands } from './command-types'

/** The commands that add, list, rename, remove and check accounts. */
export function addAccounts(
  program: Command,
  commands: Pick<Commands, 'accounts' | 'doctor' | 'lab' | 'login' | 'logout'>,
  exit: (code: number) => void,
): void {
  addLoginOptions(
    program
      .command('accounts')
      .description('list, add, rename or remove accounts')
      .addArgument(new Argument('[verb]', 'action').choices(accountsVerbs).default('list'))
      .argument('[account]', "account name or id; with add, the new account's name")
      .argument('[name]', 'with rename, the new name')
      .option('--json', 'print JSON'),
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
      .description('check an API key and save it as a new account, or replace the key of its account')
      .option('--name <name>', 'name for the account')
      .option('--server <url>', 'enter a token of the Pods API there, which keeps the account from now on')
      .option('--ca <file>', "with --server: PEM file of who signed the server's certificate"),
  )
    .addHelpText('after', LOGIN_HELP)
    .action(async (_options: unknown, command: Command) =>
      exit(await commands.login(command.optsWithGlobals())),
    )

  program
    .command('doctor')
    .description('check accounts and this computer: key, permissions, figures, clock, data folder')
    .option('--quick', 'leave out what takes minutes: how often figures change')
    .option('--json', 'print JSON with stable, documented fields')
    .option('--record <file>', 'write the replies to this new file, with all that is private replaced')
    .addHelpText('after', DOCTOR_HELP)
    .action(async (_options: unknown, command: Command) =>
      exit(await commands.doctor(command.optsWithGlobals())),
    )

  program
    .command('lab')
    .description("show labs of Hubify, or change a lab's settings there")
    .argument('[verb]', 'show or set', 'show')
    .argument('[setting]', 'with set, idleAlertMinutes or autoScheduleEnabled')
    .argument('[value]', 'with set, the new value')
    .option('--json', 'print JSON')
    .addHelpText('after', LAB_HELP)
    .action(
      async (
        verb: string,
        name: string | undefined,
        value: string | undefined,
        _options: unknown,
        command: Command,
      ) => exit(await commands.lab(verb, name, value, command.optsWithGlobals())),
    )

  program
    .command('logout')
    .description('remove a saved key (with several, use --account)')
    .option('--server', 'remove the server that keeps the account, instead of its key')
    .action(async (_options: unknown, command: Command) =>
      exit(await commands.logout(command.optsWithGlobals())),
    )
}

const DOCTOR_HELP = `
Asks one question after the other, with one request each, and changes nothing. It prints what was seen: what the key may
read, which figures come and how often they change, request limits, the clock, SSH keys, and where the data folder is. How
often figures change takes up to 16 minutes; --quick leaves that out. The exit code is 8 if something doesn't work.

With --record, it also writes the replies to a new file that only you can read. Names, ids, addresses, variables, keys,
log lines and unknown fields are replaced in it. See docs/cli.md, Recordings.

Examples:
  podkeeper doctor
  podkeeper doctor --quick --account Work
  podkeeper doctor --json | jq -r '.accounts[].checks[] | select(.verdict == "problem") | .message'
  podkeeper doctor --record replies.json`

const addLoginOptions = (command: Command): Command =>
  command
    .addOption(
      new Option('--same-account', 'the key belongs to the same account as the earlier key').conflicts(
        'otherAccount',
      ),
    )
    .addOption(
      new Option('--other-account', 'the key belongs to a different account').conflicts('sameAccount'),
    )
    .option('--lab <labs...>', 'with --provider hubify: only these labs (default: all labs of the key)')
    .option('--announced-routes', 'with --provider hubify: use API routes that Hubify has announced')
    .option('--no-announced-routes', 'stop using announced routes')

const ACCOUNTS_HELP = `
list shows the accounts of saved keys, of RUNPOD_API_KEY (named environment) and of the app. add does the same as login,
and remove the same as logout: the account's history is removed, and its rules, costs and activity stay in the data
folder. Names are unique and not case-sensitive.

Examples:
  podkeeper accounts
  podkeeper accounts add Lab
  podkeeper accounts rename Runpod Work
  podkeeper accounts remove Lab`

const LOGIN_HELP = `
Prompts for the key without showing it, or reads it from stdin. The key is checked immediately and saved in a file that
only you can read, for the address where it was checked. If its account already has a key, that key is replaced;
otherwise an account is added. RUNPOD_API_KEY is a separate account. There is no option for the key, because everyone on
the machine can read command arguments. If it is unclear whether a new key belongs to an earlier account, the command asks.

With --provider hubify, enter a Hubify key. Each of its labs becomes an account.

With --server, an account whose key is here is kept by podkeeper serve on another computer: only that one stops pods by rules
and sends alerts. See docs/cli.md, Kept by a server.

Examples:
  podkeeper login
  podkeeper login --name Lab
  podkeeper login --provider hubify --lab dark-energy
  podkeeper login --server https://pods.example.org --account Lab
  pass show runpod | podkeeper login`

const LAB_HELP = `
The settings are those of Hubify, and each lab has its own. Podkeeper's own settings, such as when it alerts, are
podkeeper settings. The API has announced this but may not offer it yet; the command then says where to change them.

Examples:
  podkeeper lab
  podkeeper lab set idleAlertMinutes 30 --account dark-energy
  podkeeper lab set autoScheduleEnabled true`
