import { Argument, Command, InvalidArgumentError, Option } from 'commander'
import { type ShellName, shells } from './commands/completions'
import type { Commands, GlobalOptions } from './command-types'
import { addAccounts } from './program-accounts'
import { addActions } from './program-actions'
import { addCreation } from './program-create'
import { addRules } from './program-rules'
import { providerKinds } from '../core/settings/account-record'
import { costsBy } from '../core/money/costs/costs-table'

const EXIT_CODES = `
Exit codes:
  0    done
  1    it failed, or did not happen; the message says why
  2    the command was not understood
  3    no key, or one that Runpod does not accept
  4    Runpod could not be reached, or something else answered
  5    no such pod, or several by that name
  6    another Podkeeper acts on this data folder, and does not do this for you
  7    some accounts could not be read; what was printed is about the others
  130  ended by ^C, or taken back (129: hangup, 143: terminated)`

const LOOK_HELP = `
It reads /proc in the pod by SSH, twice, a minute apart, and writes nothing there. The pod's host key must have been
accepted in a terminal of the app before, and a key must open without a passphrase: nothing is asked.

Examples:
  podkeeper look llama-70b-sft
  podkeeper look --json llama-70b-sft | jq -r .verdict`

/** The command line definition for commander. `exit` receives the exit code of the command that ran. */
export function createProgram(version: string, commands: Commands, exit: (code: number) => void): Command {
  const program = new Command('podkeeper')
    .description('Watches rented Runpod pods: what each one does and costs. Starts, stops and ends them.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show help')
    .helpCommand(false)
    .option(
      '--base-url <url>',
      "address of the provider's API, https or loopback (RUNPOD_API_BASE_URL, HUBIFY_API_BASE_URL)",
    )
    .addOption(
      new Option('--provider <provider>', 'only its accounts, and what --base-url is for').choices(
        providerKinds,
      ),
    )
    .option('--data-dir <folder>', "Podkeeper's data folder; the app's own unless given")
    .option('--account <account>', 'only this account: its name, its id, or environment; all unless given')
    .option('--no-color', 'no colours (also: NO_COLOR)')
    .showHelpAfterError('podkeeper --help shows what there is.')
    .addHelpText(
      'after',
      `
Examples:
  podkeeper demo                     look around with made-up pods, no key needed
  podkeeper login                    give an API key; a read-only one is enough to watch
  podkeeper login --name Lab         add another account
  podkeeper login --provider hubify  add the labs of a key of Hubify
  podkeeper status                   what runs, what it does, what it costs
  podkeeper stop llama-70b-sft       stop a pod by name, with 5 s to take it back
  podkeeper status --json | jq -r '.pods[] | select(.state == "running") | .name'
  podkeeper activity --pod anomaly-v3   what was told, asked for and seen of a pod
  podkeeper watch --log json         one JSON object per line, for a server's log
${EXIT_CODES}`,
    )

  const addCommand = <Options>(
    name: string,
    description: string,
    run: (options: GlobalOptions & Options) => Promise<number>,
  ): Command =>
    program
      .command(name)
      .description(description)
      .action(async (_options: unknown, command: Command) => {
        exit(await run(command.optsWithGlobals<GlobalOptions & Options>()))
      })

  const logOption = (): Option =>
    new Option('--log <format>', 'a line per change instead of a live table').choices(['text', 'json'])

  addCommand('status', 'show the pods once', commands.status)
    .option('--json', 'for programs; the fields are documented and stay')
    .addHelpText(
      'after',
      `
One look says what a GPU does at this moment, not since when: podkeeper watch does. An account that cannot be read is
said, and the others are shown.

Examples:
  podkeeper status
  podkeeper status --json | jq '.burn.perHourUsd'`,
    )

  addCommand('watch', 'watch the pods, and alert when one sits idle', commands.watch)
    .addOption(logOption())
    .option('--or-demo', 'without a key, watch made-up pods')
    .addHelpText(
      'after',
      `
On a terminal a live table; q or ^C ends it. In a pipe, or with --log, a line per change.
While the app runs, or another watch, this one only shows: a data folder has one that alerts and acts. All accounts
are watched at once, except those that are paused in the app.

Examples:
  podkeeper watch
  podkeeper watch --log text | tee pods.log
  podkeeper watch --log json >> pods.jsonl`,
    )

  addCommand('demo', 'watch made-up pods on the built-in simulator', commands.demo).addOption(logOption())

  addActions(program, commands, exit)
  addCreation(program, commands, exit)
  addRules(program, commands, exit)

  program
    .command('look')
    .description('look inside a running pod for a minute: processes, disk, network')
    .argument('<pod>', 'its name or id')
    .option('--json', 'print the result for programs')
    .addHelpText('after', LOOK_HELP)
    .action(async (pod: string, _options: unknown, command: Command) =>
      exit(await commands.look(pod, command.optsWithGlobals())),
    )

  addCommand('costs', 'what a month cost, by the bills and by what was seen', commands.costs)
    .option('--month <month>', 'such as 2026-11; the current one unless given (UTC)')
    .addOption(new Option('--by <what>', 'what to list it by').choices(costsBy).default('pod'))
    .addOption(new Option('--json', 'for programs; the fields are documented and stay').conflicts('csv'))
    .addOption(new Option('--csv', 'for spreadsheets').conflicts('json'))
    .addHelpText(
      'after',
      `
Bills come an hour late or more, and are final three hours after the hour that they are of: what is newer is as the
app saw it, where it runs. The cents of all rows add up to the sum, and with several accounts the sums to that of all.

Examples:
  podkeeper costs
  podkeeper costs --month 2026-10 --by gpu
  podkeeper costs --csv > november.csv`,
    )

  addCommand(
    'activity',
    'show what was told, asked for and seen, by the app and by watches',
    commands.activity,
  )
    .option('--pod <pod>', 'only of this pod, by its name or id')
    .addOption(
      new Option('-n, --lines <count>', 'the newest so many').default(50).argParser((text: string) => {
        const count = Number(text)
        if (Number.isSafeInteger(count) && count > 0) return count
        throw new InvalidArgumentError('It must be a whole number above 0.')
      }),
    )
    .option('--json', 'one object per line, for programs')
    .addHelpText(
      'after',
      `
It reads the log in the data folder: no key is needed, and nothing is asked of Runpod.

Examples:
  podkeeper activity -n 200
  podkeeper activity --pod llama-70b-sft --json | jq -r 'select(.kind == "alert") | .at + " " + .text'`,
    )

  addAccounts(program, commands, exit)

  program
    .command('completions')
    .description('print completions for a shell')
    .addArgument(new Argument('<shell>', 'the shell').choices(shells))
    .action(async (shell: ShellName) => exit(await commands.completions(shell)))
    .addHelpText(
      'after',
      `
Examples:
  source <(podkeeper completions bash)                                      in ~/.bashrc
  podkeeper completions zsh > ~/.zfunc/_podkeeper                           a folder of your fpath
  podkeeper completions fish > ~/.config/fish/completions/podkeeper.fish`,
    )
  return program
}
