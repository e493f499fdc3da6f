import { Argument, Command, InvalidArgumentError, Option } from 'commander'
import { parseHistorySpan, type ShellName, shells } from '../commands/arguments'
import type { CliProcess, StandardOutput } from '../output/cli-process'
import type { Commands, GlobalOptions } from './command-types'
import { addAccounts } from './program-accounts'
import { addActions } from './program-actions'
import { addActivity } from './program-activity'
import { addChannels } from './program-channel'
import { addCleanUp, addCreation } from './program-create'
import { addEdit } from './program-edit'
import { addEditors } from './program-editors'
import { addFiles } from './program-files'
import { addGuard } from './program-guard'
import { addLogs } from './program-logs'
import { addQueue } from './program-queue'
import { addBackup, addConfiguration } from './program-configuration'
import { addRules } from './program-rules'
import { addServe } from './program-serve'
import { usageDetails } from '../../core/history/usage'
import { providerKinds } from '../../core/settings/account-record'
import { costsBy } from '../../core/money/costs/costs-table'

const EXIT_CODES = `
Exit codes:
  0    done
  1    failed, or did not happen; the message says why
  2    invalid command or options
  3    no key, or one that the API does not accept
  4    the API could not be reached, or something else answered
  5    no such pod, or several pods with that name
  6    another Podkeeper is active on this data folder and can't do this for you
  7    some accounts could not be read; the output is about the others
  8    podkeeper doctor found a problem
  10   ended after the request was sent, which continues
  130  ended by ^C, or undone (129: hangup, 143: terminated)`

const LOOK_HELP = `
Reads /proc in the pod over SSH, twice, one minute apart, and writes nothing there. You must have accepted the pod's host
key in one of the app's terminals, and need an SSH key that opens without a passphrase, because the command asks nothing.

Examples:
  podkeeper look llama-70b-sft
  podkeeper look --json llama-70b-sft | jq -r .verdict`

const DISK_HELP = `
Runs df, and for --folders du, in the pod over SSH; writes nothing there. Needs what podkeeper look needs.

Examples:
  podkeeper disk llama-70b-sft
  podkeeper disk llama-70b-sft --folders /workspace`

const HISTORY_HELP = `
Reads the history in the data folder. No API key is needed, and nothing is sent. Samples are kept for a day at
least, minutes for a week, hours for 90 days. Time in which nothing was observed has no row.

Examples:
  podkeeper history llama-70b-sft
  podkeeper history llama-70b-sft --since 7d --csv > week.csv
  podkeeper history llama-70b-sft --since 90m --by sample --json | jq '.rows[-1].gpu.mean'`

/** Of help that is not printed on a terminal. */
const DEFAULT_COLUMNS = 80

/**
 * The command line definition for commander. `exit` receives the exit code of the command that ran. Help and errors are
 * printed to the streams, and thrown as a `CommanderError`.
 */
export function createProgram(
  version: string,
  commands: Commands,
  { stdout, stderr }: Pick<CliProcess, 'stdout' | 'stderr'>,
  exit: (code: number) => void,
): Command {
  const columnsOf = ({ columns = DEFAULT_COLUMNS }: StandardOutput): number => columns
  const program = new Command('podkeeper')
    // Commands of the program inherit both from here.
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void stdout.write(text),
      writeErr: (text) => void stderr.write(text),
      getOutHelpWidth: () => columnsOf(stdout),
      getErrHelpWidth: () => columnsOf(stderr),
    })
    .description('Watch rented GPU pods: what each one does and costs. Start, stop and terminate them.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show help')
    .helpCommand(false)
    .option(
      '--base-url <url>',
      'provider API address, https or loopback (RUNPOD_API_BASE_URL, HUBIFY_API_BASE_URL)',
    )
    .addOption(
      new Option(
        '--provider <provider>',
        'only accounts of this provider; also the one --base-url is for',
      ).choices(providerKinds),
    )
    .option('--data-dir <folder>', "Podkeeper's data folder (default: the app's)")
    .option('--account <account>', 'only this account: name, id or environment (default: all)')
    .option('--no-color', 'turn off colors (also: NO_COLOR)')
    .showHelpAfterError('Run podkeeper --help for a list of commands.')
    .addHelpText(
      'after',
      `
Examples:
  podkeeper demo                     try it with simulated pods, no key needed
  podkeeper login                    save an API key; a read-only key is enough to watch
  podkeeper login --name Lab         add another account
  podkeeper login --provider hubify  add the labs of a Hubify key
  podkeeper status                   show pods, activity and costs
  podkeeper stop llama-70b-sft       stop a pod by name, with 5 s to undo
  podkeeper status --json | jq -r '.pods[] | select(.state == "running") | .name'
  podkeeper logs -f llama-70b-sft    follow what a pod prints
  podkeeper cp llama-70b-sft:/workspace/out .   copy files from a pod
  podkeeper activity --pod anomaly-v3   show alerts, actions and events of a pod
  podkeeper watch --log json         print one JSON object per line, for a server log
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
    new Option('--log <format>', 'print a line per change instead of a live table').choices(['text', 'json'])

  addCommand('status', 'show the pods once', commands.status)
    .option('--json', 'print JSON with stable, documented fields')
    .addHelpText(
      'after',
      `
Shows what each GPU does right now. To see how long a pod has been idle, use podkeeper watch. If an account cannot be
read, the command says so and shows the others.

Examples:
  podkeeper status
  podkeeper status --json | jq '.burn.perHourUsd'`,
    )

  addCommand('watch', 'watch pods, and alert when one sits idle', commands.watch)
    .addOption(logOption())
    .option('--or-demo', 'without a key, watch simulated pods')
    .addHelpText(
      'after',
      `
On a terminal, shows a live table; press q or ^C to quit. In a pipe, or with --log, prints a line per change.
While the app or another watch is running, this one is read-only: only one program per data folder sends alerts and acts.
Watches all accounts, except those that are paused in the app.

Examples:
  podkeeper watch
  podkeeper watch --log text | tee pods.log
  podkeeper watch --log json >> pods.jsonl`,
    )

  addCommand('demo', 'watch simulated pods, without a key', commands.demo).addOption(logOption())

  addActions(program, commands, exit)
  addCreation(program, commands, exit)
  addEdit(program, commands, exit)
  addRules(program, commands, exit)
  addConfiguration(program, commands, exit)
  addBackup(program, commands, exit)
  addGuard(program, commands, exit)
  addQueue(program, commands, exit)
  addChannels(program, commands, exit)

  program
    .command('look')
    .description('look inside a running pod for a minute: processes, disk, network')
    .argument('<pod>', 'pod name or id')
    .option('--json', 'print JSON')
    .addHelpText('after', LOOK_HELP)
    .action(async (pod: string, _options: unknown, command: Command) =>
      exit(await commands.look(pod, command.optsWithGlobals())),
    )

  program
    .command('disk')
    .description('show how full the disks of a running pod are')
    .argument('<pod>', 'pod name or id')
    .option('--folders <path>', 'measure the largest folders of the disk that is mounted there')
    .option('--json', 'print JSON')
    .addHelpText('after', DISK_HELP)
    .action(async (pod: string, _options: unknown, command: Command) =>
      exit(await commands.disk(pod, command.optsWithGlobals())),
    )

  addLogs(program, commands, exit)
  addFiles(program, commands, exit)
  addForward(program, commands, exit)
  addEditors(program, commands, exit)

  addCommand('costs', 'show what a month cost, from bills and from what Podkeeper observed', commands.costs)
    .option('--month <month>', 'month such as 2026-11, in UTC (default: the current month)')
    .addOption(new Option('--by <what>', 'group by').choices(costsBy).default('pod'))
    .addOption(new Option('--json', 'print JSON with stable, documented fields').conflicts('csv'))
    .addOption(new Option('--csv', 'print CSV for spreadsheets').conflicts('json'))
    .addHelpText(
      'after',
      `
Bills arrive an hour or more late, and are final three hours after the hour they cover. Newer costs are as observed by the
app or a watch, if one runs. The cents of all rows add up to the total; with several accounts, their totals add up to the
grand total.

Examples:
  podkeeper costs
  podkeeper costs --month 2026-10 --by gpu
  podkeeper costs --csv > november.csv`,
    )

  addCleanUp(program, commands, exit)

  program
    .command('history')
    .description('show what a pod did over time, as the app or a watch observed it')
    .argument('<pod>', 'pod name or id')
    .addOption(
      new Option('--since <time>', 'how far back, such as 90m, 24h or 30d')
        .default(parseHistorySpan('24h'), '24h')
        .argParser((text: string) => {
          const ms = parseHistorySpan(text)
          if (ms !== null) return ms
          throw new InvalidArgumentError('It must be a time up to 90d, such as 90m, 24h or 30d.')
        }),
    )
    .addOption(
      new Option('--by <step>', 'one row for each (default: minute up to 3h, else hour)').choices(
        usageDetails,
      ),
    )
    .addOption(new Option('--json', 'print JSON with stable, documented fields').conflicts('csv'))
    .addOption(new Option('--csv', 'print CSV for spreadsheets').conflicts('json'))
    .addHelpText('after', HISTORY_HELP)
    .action(async (pod: string, _options: unknown, command: Command) =>
      exit(await commands.history(pod, command.optsWithGlobals())),
    )

  addActivity(program, commands, exit)
  addAccounts(program, commands, exit)
  addServe(program, commands, exit)

  program
    .command('completions')
    .description('print a shell completion script')
    .addArgument(new Argument('<shell>', 'shell').choices(shells))
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

/** The command that forwards ports of pods. */
function addForward(
  program: Command,
  commands: Pick<Commands, 'forward'>,
  exit: (code: number) => void,
): void {
  program
    .command('forward')
    .description('reach ports of a pod at 127.0.0.1 until ^C: Jupyter, TensorBoard, ComfyUI, …')
    .argument('<pod>', 'pod name or id')
    .argument('[ports...]', 'PORT, or LOCAL:PORT (default: the last ones of the pod, else known services)')
    .option('--list', 'list what listens on the pod, and forward nothing')
    .option('--forget', 'remove the saved ports of the pod')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Needs direct SSH, a host key that you accepted, and an SSH key without a passphrase. Only this computer can reach the
ports. If one is in use here, the next free one is used. The ports return when the connection does, also after a restart
of the pod. The link to Jupyter has the token of the running server, so treat it like a password.

Examples:
  podkeeper forward llama-70b-sft
  podkeeper forward llama-70b-sft 8888 3000:6006
  podkeeper forward --list llama-70b-sft`,
    )
    .action(async (pod: string, ports: readonly string[], _options: unknown, command: Command) =>
      exit(await commands.forward(pod, ports, command.optsWithGlobals())),
    )
}
