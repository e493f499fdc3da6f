import { Argument, Command, InvalidArgumentError, Option } from 'commander'
import type { IntentAction } from '../core/intents/intent'
import { type ShellName, shells } from './commands/completions'
import { type CostsBy, costsBy } from '../core/money/costs/costs-table'

export interface GlobalOptions {
  readonly baseUrl?: string
  readonly dataDir?: string
  readonly color: boolean
}

export type LogFormat = 'text' | 'json'

/** The commands. Each resolves with its exit code or rejects with a `CliExit`. */
export interface Commands {
  readonly status: (options: GlobalOptions & { json?: true }) => Promise<number>
  readonly watch: (options: GlobalOptions & { log?: LogFormat; orDemo?: true }) => Promise<number>
  readonly demo: (options: GlobalOptions & { log?: LogFormat }) => Promise<number>
  readonly act: (
    action: IntentAction,
    pod: string,
    options: GlobalOptions & {
      yes?: true
      wait: boolean
      json?: true
      whenFree?: true
      confirmName?: string
    },
  ) => Promise<number>
  readonly look: (pod: string, options: GlobalOptions & { json?: true }) => Promise<number>
  readonly costs: (
    options: GlobalOptions & { month?: string; by: CostsBy; json?: true; csv?: true },
  ) => Promise<number>
  readonly activity: (
    options: GlobalOptions & { pod?: string; lines: number; json?: true },
  ) => Promise<number>
  readonly login: (options: GlobalOptions & { sameAccount?: true; otherAccount?: true }) => Promise<number>
  readonly logout: (options: GlobalOptions) => Promise<number>
  readonly completions: (shell: ShellName) => Promise<number>
}

const EXIT_CODES = `
Exit codes:
  0    done
  1    it failed, or did not happen; the message says why
  2    the command was not understood
  3    no key, or one that Runpod does not accept
  4    Runpod could not be reached, or something else answered
  5    no such pod, or several by that name
  6    another Podkeeper acts on this data folder
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
    .option('--base-url <url>', "address of Runpod's API, https or loopback (RUNPOD_API_BASE_URL)")
    .option('--data-dir <folder>', "Podkeeper's data folder; the app's own unless given")
    .option('--no-color', 'no colours (also: NO_COLOR)')
    .showHelpAfterError('podkeeper --help shows what there is.')
    .addHelpText(
      'after',
      `
Examples:
  podkeeper demo                     look around with made-up pods, no key needed
  podkeeper login                    give an API key; a read-only one is enough to watch
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
One look says what a GPU does at this moment, not since when: podkeeper watch does.

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
While the app runs, or another watch, this one only shows: a data folder has one that alerts and acts.

Examples:
  podkeeper watch
  podkeeper watch --log text | tee pods.log
  podkeeper watch --log json >> pods.jsonl`,
    )

  addCommand('demo', 'watch made-up pods on the built-in simulator', commands.demo).addOption(logOption())

  for (const action of ['start', 'stop', 'restart', 'terminate'] as const)
    addAction(program, action, commands, exit)

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
app saw it, where it runs. The cents of all rows add up to the sum.

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

  addCommand('login', 'try an API key and keep it', commands.login)
    .addOption(
      new Option('--same-account', 'it belongs to the account of the earlier key').conflicts('otherAccount'),
    )
    .addOption(new Option('--other-account', 'it belongs to another account').conflicts('sameAccount'))
    .addHelpText(
      'after',
      `
The key is asked for without showing it, or read from stdin. It is tried at once, and kept in a file that only
you may read, for the address that it was tried at. RUNPOD_API_KEY goes before it. It is never an argument: those
can be read by everybody on the machine. Where nothing tells whether a new key belongs to the account of the
earlier one, the command asks.

Examples:
  podkeeper login
  pass show runpod | podkeeper login`,
    )
  addCommand('logout', 'remove the kept key', commands.logout)

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

function addAction(
  program: Command,
  action: IntentAction,
  commands: Commands,
  exit: (code: number) => void,
): void {
  const subcommand = program
    .command(action)
    .description(actionDescriptions[action])
    .argument('<pod>', 'its name or id')
    .option('--no-wait', 'end once Runpod accepted it, without waiting to see it happen')
    .option('--json', 'print the outcome for programs')
    .addHelpText('after', actionHelp[action])
    .action(async (pod: string, _options: unknown, command: Command) =>
      exit(await commands.act(action, pod, command.optsWithGlobals())),
    )
  if (action === 'start') subcommand.option('--when-free', 'when no GPU is free, ask again until one is')
  if (action === 'terminate')
    subcommand.option('--confirm-name <name>', 'its name, in place of typing it when asked')
  if (action === 'stop' || action === 'restart')
    subcommand.option('-y, --yes', 'send it at once, without the time to take it back')
}

const actionDescriptions: Readonly<Record<IntentAction, string>> = {
  terminate: 'destroy a pod and its disks, once its name was typed',
  start: 'start a stopped pod, and wait until it runs',
  stop: 'stop a pod; there are 5 s to take it back',
  restart: 'restart a running pod in place; there are 5 s to take it back',
}

const actionHelp: Readonly<Record<IntentAction, string>> = {
  terminate: `
It says what is destroyed and what is kept, and asks for the pod's name. Network volumes stay; nothing else does, and nothing
brings it back. Without a terminal it takes --confirm-name. It is sent at once, and never twice.

Examples:
  podkeeper terminate comfy-scratch
  podkeeper terminate --confirm-name comfy-scratch --json comfy-scratch`,
  start: `
A stopped pod is tied to its machine, whose GPUs others may have taken. With --when-free the command asks again every minute, ever
more slowly, for 8 h at most; ^C ends that, and after a kill the app or the next watch waits on.

Examples:
  podkeeper start anomaly-v3
  podkeeper start --no-wait abc123def456
  podkeeper start --when-free anomaly-v3`,
  stop: `
It says what stays and what is lost, and then waits: u or ^C takes it back. A kill in that time takes it back too.
What was sent is followed until the pod is seen to have stopped; it is never sent twice.

Examples:
  podkeeper stop llama-70b-sft
  podkeeper stop --yes --json abc123def456`,
  restart: `
What the pod does is broken off and its container disk starts anew; volumes stay. As with stop, u or ^C takes it back
within 5 s, and it is never sent twice. It is followed until the pod is seen up for a shorter time than before.

Examples:
  podkeeper restart llama-70b-sft`,
}
