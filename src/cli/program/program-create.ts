import { type Command, InvalidArgumentError, Option } from 'commander'
import { keepChoices } from '../commands/arguments'
import type { Commands } from './command-types'

/** The commands that create pods and show what there is to choose from. */
export function addCreation(
  program: Command,
  commands: Pick<Commands, 'create' | 'rebuild' | 'gpus' | 'volumes' | 'endpoints' | 'templates'>,
  exit: (code: number) => void,
): void {
  addCreateOptions(
    program
      .command('create')
      .description('create a pod')
      .argument('[account]', 'account name or id; required if there are several'),
  )
    .addHelpText('after', CREATE_HELP)
    .action(async (account: string | undefined, _options: unknown, command: Command) =>
      exit(await commands.create(account, command.optsWithGlobals())),
    )

  addCreateOptions(
    program
      .command('rebuild')
      .description('create a copy of a pod elsewhere; the old pod stays')
      .argument('<pod>', 'pod name or id'),
  )
    .option('--no-takeover', 'leave rules and terminal tabs with the old pod')
    .addHelpText('after', REBUILD_HELP)
    .action(async (pod: string, _options: unknown, command: Command) =>
      exit(await commands.rebuild(pod, command.optsWithGlobals())),
    )

  program
    .command('gpus')
    .description('show GPU types with prices and availability')
    .option('--available', 'only GPU types that are available')
    .option('--count <number>', 'how many GPUs in one pod (default: 1)', wholeNumber)
    .addOption(
      new Option('--cloud <cloud>', 'cloud to search (default: secure)').choices(['secure', 'community']),
    )
    .option('--json', 'print JSON')
    .action(async (_options: unknown, command: Command) =>
      exit(await commands.gpus(command.optsWithGlobals())),
    )

  program
    .command('templates')
    .description('show pod templates')
    .addOption(
      new Option('--source <source>', 'which templates (default: own)').choices([
        'own',
        'official',
        'verified',
        'community',
      ]),
    )
    .option('--json', 'print JSON')
    .action(async (_options: unknown, command: Command) =>
      exit(await commands.templates(command.optsWithGlobals())),
    )

  addVolumes(program, commands, exit)
  addEndpoints(program, commands, exit)
}

const addCreateOptions = (command: Command): Command =>
  command
    .option('--gpu <types>', 'GPU types to try, in order, comma-separated: "H100 SXM,A100 SXM"')
    .option('--count <number>', 'number of GPUs (default: 1)', wholeNumber)
    .option('--cpu <flavor>', 'create a CPU pod of this flavor instead')
    .option('--vcpus <number>', 'number of vCPUs (default: 2)', wholeNumber)
    .addOption(
      new Option('--cloud <cloud>', 'cloud to search (default: secure)').choices([
        'secure',
        'community',
        'any',
      ]),
    )
    .option('--data-center <ids...>', 'only these data centers')
    .option('--image <image>', 'container image')
    .option('--template <template>', 'template name or id')
    .option('--args <text>', 'arguments for the image')
    .option('--name <name>', 'pod name (default: an unused name)')
    .option('--disk <gb>', "container disk size, erased when the pod stops (default: 50, or the template's)")
    .option('--persistent <gb>', "size of a disk on the pod's machine that survives a stop")
    .option('--volume <volume>', 'network volume name or id; for a lab, its volume size in GB')
    .option('--mount <path>', 'mount path of the disk or volume (default: /workspace)')
    .option('--env <variables...>', 'NAME=value, or NAME to use the value from your environment')
    .option('--env-file <file>', 'file with lines of NAME=value')
    .option('--port <ports...>', 'ports to expose, such as 8888/http; SSH adds 22/tcp')
    .option('--cuda <versions...>', 'only machines with these CUDA versions')
    .option('--min-cuda <version>', 'only machines with this CUDA version or a later one')
    .option('--registry <id>', 'id of the registry credentials for a private image')
    .option('--no-ssh', 'turn off SSH')
    .option('--own-key', 'create an SSH key for this pod alone, in ~/.ssh/podkeeper-pods')
    .option('--jupyter', 'start Jupyter, if the image has it')
    .option('--global-networking', 'private network with your pods in other data centers')
    .option('--max-hours <hours>', 'stop the pod after this time; in a lab, Hubify terminates it')
    .option('--budget <usd>', 'alert when the pod has cost this much in a month')
    .option('--stop-at-budget', 'stop the pod when its budget is spent')
    .option('--auto-stop', 'select the pod for automatic stops')
    .addOption(
      new Option('--keep <time>', 'keep the pod running').choices(
        Object.keys(keepChoices).filter((name) => name !== 'off'),
      ),
    )
    .option('--allow-data-loss', 'let automatic stops lose data if nothing survives a stop')
    .option('--when-free', 'if no GPU is free, retry until one is')
    .option('--max-price <usd>', 'with --when-free: maximum price per hour, including disks')
    .option('--wait-hours <hours>', 'with --when-free: stop trying after this many hours (default: 8)')
    .option('--over-budget', 'create even if a budget is used up')
    .option('--preset <preset>', 'use the options of a preset: the name of a saved one, or a file')
    .option('--save-preset <file>', 'save these options as a preset, without variable values')
    .option('--wait', 'wait until the pod can be used: it runs and, if it has SSH, SSH is reachable')
    .option('--dry-run', 'print the request and its price, without sending anything')
    .option('-y, --yes', 'skip confirmation')
    .option('--json', 'print the result as JSON')

function addVolumes(
  program: Command,
  commands: Pick<Commands, 'volumes'>,
  exit: (code: number) => void,
): void {
  program
    .command('volumes')
    .description('show, create, grow, rename or delete network volumes')
    .argument('[verb]', 'list, create, grow, rename or delete', 'list')
    .argument('[volume]', 'volume name or id; with create, the new name')
    .argument('[value]', 'with create and grow, size in GB; with rename, the new name')
    .option('--data-center <id>', 'with create: data center')
    .option('--high-performance', 'with create: a faster volume, which costs more')
    .option('--confirm-name <name>', 'with delete: confirm with the volume name instead of typing it')
    .option('-y, --yes', 'skip confirmation')
    .option('--json', 'print JSON')
    .addHelpText('after', VOLUMES_HELP)
    .action(
      async (
        verb: string,
        volume: string | undefined,
        value: string | undefined,
        _options: unknown,
        command: Command,
      ) => exit(await commands.volumes(verb, volume, value, command.optsWithGlobals())),
    )
}

/** `podkeeper clean-up`: docs/cli.md#clean-up. */
export function addCleanUp(
  program: Command,
  commands: Pick<Commands, 'cleanUp'>,
  exit: (code: number) => void,
): void {
  program
    .command('clean-up')
    .description('list what an account may have left over, and what it costs a month')
    .option('--json', 'print JSON with stable, documented fields')
    .addHelpText('after', CLEAN_UP_HELP)
    .action(async (_options: unknown, command: Command) =>
      exit(await commands.cleanUp(command.optsWithGlobals())),
    )
}

function addEndpoints(
  program: Command,
  commands: Pick<Commands, 'endpoints'>,
  exit: (code: number) => void,
): void {
  program
    .command('endpoints')
    .description('show serverless endpoints, or set the minimum of one to 0')
    .argument('[verb]', 'list or set-min-0', 'list')
    .argument('[endpoint]', 'endpoint name or id')
    .option('-y, --yes', 'skip confirmation')
    .option('--json', 'print JSON')
    .addHelpText('after', ENDPOINTS_HELP)
    .action(async (verb: string, endpoint: string | undefined, _options: unknown, command: Command) =>
      exit(await commands.endpoints(verb, endpoint, command.optsWithGlobals())),
    )
}

function wholeNumber(text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text.trim())) return Number(text)
  throw new InvalidArgumentError('It must be a whole number, at least 1.')
}

const CREATE_HELP = `
The request is sent once. Without a clear response, the command reads the account until it knows whether the pod exists. If
no GPU is free, the next GPU type is tried. --when-free retries for hours, so it requires --max-price and --max-hours. ^C
cancels. If the command is killed, the app or the next watch continues, unless you gave variables with values.

Variable values are never printed or saved. Everyone on the machine can read command arguments, so pass a secret as NAME
alone, or as a secret of the account: NAME={{ RUNPOD_SECRET_name }}.

For labs, Hubify has announced this but may not offer it yet. The command then says where to create the pod.

Examples:
  podkeeper create --gpu "H100 SXM,A100 SXM" --template PyTorch --max-hours 8
  podkeeper create --gpu "RTX 4090" --image example/pytorch:2.8 --persistent 100 --env HF_TOKEN --dry-run
  podkeeper create --gpu H200 --volume data --image example/sft:1 --when-free --max-price 4.50 --max-hours 12
  podkeeper create dark-energy --gpu H200 --max-hours 8 --env EXPERIMENT_ID=EXP-054 --volume 100`

const REBUILD_HELP = `
The new pod has the configuration of the old one, including its variables, plus any options you give. Data on a network volume
is kept; data on the pod's own disks is not copied, and the command says so before it asks. Rules, budget and keep running are
taken over, and so are terminal tabs where the app is open; a permission to lose data is not. The old pod is never changed. To
delete it, use podkeeper terminate.

Examples:
  podkeeper rebuild trainer --gpu "H100 SXM,A100 SXM"
  podkeeper rebuild trainer --cloud any --data-center EU-RO-1 --dry-run`

const VOLUMES_HELP = `
A network volume costs money until you delete it, even without a pod. It can grow but not shrink.

Examples:
  podkeeper volumes
  podkeeper volumes create data 100 --data-center US-KS-2
  podkeeper volumes grow data 200
  podkeeper volumes delete data`

const CLEAN_UP_HELP = `
Lists network volumes that no pod mounts, pods that were seen stopped for 14 days, templates with secrets in plain text, and
SSH keys of the account that are not on this computer. Of variables, only names are printed. Nothing is deleted: use
"podkeeper volumes delete" and "podkeeper terminate". If something can't be told, the list says so and the exit code is 1.

Examples:
  podkeeper clean-up
  podkeeper clean-up --json | jq ".accounts[].perMonth"`

const ENDPOINTS_HELP = `
The minimum of an endpoint is the number of workers that always run and cost money, with or without requests. Prices are the most
that Runpod's price list says. NOW is what its workers do at this moment; the app and a watch tell since when they have been idle.

Examples:
  podkeeper endpoints
  podkeeper endpoints set-min-0 image-generator`
