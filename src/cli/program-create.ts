import { type Command, InvalidArgumentError, Option } from 'commander'
import { keepChoices } from './commands/control/keep'
import type { Commands } from './command-types'

/** The commands that create pods and show what there is to choose from. */
export function addCreation(
  program: Command,
  commands: Pick<Commands, 'create' | 'rebuild' | 'gpus' | 'volumes' | 'templates'>,
  exit: (code: number) => void,
): void {
  addCreateOptions(
    program
      .command('create')
      .description('create a pod')
      .argument('[account]', 'where, by its name or id; needed if there are several'),
  )
    .addHelpText('after', CREATE_HELP)
    .action(async (account: string | undefined, _options: unknown, command: Command) =>
      exit(await commands.create(account, command.optsWithGlobals())),
    )

  addCreateOptions(
    program
      .command('rebuild')
      .description('create another pod like this one, elsewhere; the old one stays')
      .argument('<pod>', 'its name or id'),
  )
    .addHelpText('after', REBUILD_HELP)
    .action(async (pod: string, _options: unknown, command: Command) =>
      exit(await commands.rebuild(pod, command.optsWithGlobals())),
    )

  program
    .command('gpus')
    .description('show GPU types with price and stock')
    .option('--available', 'only those that are free')
    .option('--count <number>', 'for so many in one pod (1)', number)
    .addOption(new Option('--cloud <cloud>', 'where (secure)').choices(['secure', 'community']))
    .option('--json', 'for programs')
    .action(async (_options: unknown, command: Command) =>
      exit(await commands.gpus(command.optsWithGlobals())),
    )

  program
    .command('templates')
    .description('show templates of pods')
    .addOption(
      new Option('--source <source>', 'whose (own)').choices(['own', 'official', 'verified', 'community']),
    )
    .option('--json', 'for programs')
    .action(async (_options: unknown, command: Command) =>
      exit(await commands.templates(command.optsWithGlobals())),
    )

  addVolumes(program, commands, exit)
}

const addCreateOptions = (command: Command): Command =>
  command
    .option('--gpu <types>', 'GPU types to try in this order, with commas: "H100 SXM,A100 SXM"')
    .option('--count <number>', 'how many GPUs (1)', number)
    .option('--cpu <flavor>', 'a pod without GPUs instead')
    .option('--vcpus <number>', 'how many vCPUs (2)', number)
    .addOption(
      new Option('--cloud <cloud>', 'where to look (secure)').choices(['secure', 'community', 'any']),
    )
    .option('--data-center <ids...>', 'only there')
    .option('--image <image>', 'its image')
    .option('--template <template>', 'what it is set up from, by name or id')
    .option('--args <text>', 'arguments of its image')
    .option('--name <name>', 'what to call it; a name that is free unless given')
    .option('--disk <gb>', 'its container disk, which a stop wipes (50, or that of the template)')
    .option('--persistent <gb>', 'a disk that a stop keeps, on the machine of the pod')
    .option('--volume <volume>', 'a network volume, by name or id; of a lab, the GB of its volume')
    .option('--mount <path>', 'where that is in the pod (/workspace)')
    .option('--env <variables...>', 'NAME=value, or NAME for the value that this command has')
    .option('--env-file <file>', 'lines of NAME=value')
    .option('--port <ports...>', 'such as 8888/http; 22/tcp comes with SSH')
    .option('--cuda <versions...>', 'only machines with these CUDA versions')
    .option('--min-cuda <version>', 'only machines with this CUDA version or a later one')
    .option('--registry <id>', 'the id of the credentials for a private image')
    .option('--no-ssh', 'without SSH')
    .option('--jupyter', 'with Jupyter, where the image has it')
    .option('--global-networking', 'with a private address that reaches your pods elsewhere')
    .option('--max-hours <hours>', 'stop it after them; of a lab, Hubify terminates it')
    .option('--budget <usd>', 'alert once it cost so much in a month')
    .option('--stop-at-budget', 'and stop it then')
    .option('--auto-stop', 'select it for automatic stops')
    .addOption(
      new Option('--keep <time>', 'keep it running').choices(
        Object.keys(keepChoices).filter((name) => name !== 'off'),
      ),
    )
    .option('--allow-data-loss', 'an automatic stop may lose data, where nothing survives')
    .option('--when-free', 'when nothing is free, try again until something is')
    .option('--max-price <usd>', 'with --when-free: the most that it may cost per hour, disks included')
    .option('--wait-hours <hours>', 'with --when-free: give up after them (8)')
    .option('--over-budget', 'although a budget is used up')
    .option('--preset <file>', 'fill in what a preset says')
    .option('--save-preset <file>', 'keep this as a preset, without values of variables')
    .option('--wait', 'until it runs')
    .option('--dry-run', 'print the request and its price, and send nothing')
    .option('-y, --yes', 'without a question')
    .option('--json', 'print the outcome for programs')

function addVolumes(
  program: Command,
  commands: Pick<Commands, 'volumes'>,
  exit: (code: number) => void,
): void {
  program
    .command('volumes')
    .description('show, create, grow, rename or delete network volumes')
    .argument('[verb]', 'list, create, grow, rename or delete', 'list')
    .argument('[volume]', 'by its name or id; of create, its name')
    .argument('[value]', 'of grow and create, its size in GB; of rename, its new name')
    .option('--data-center <id>', 'of create: where')
    .option('--high-performance', 'of create: a faster one, which costs more')
    .option('--confirm-name <name>', 'of delete: its name, in place of typing it when asked')
    .option('-y, --yes', 'without a question')
    .option('--json', 'for programs')
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

function number(text: string): number {
  const value = Number(text)
  if (text.trim() !== '' && Number.isFinite(value)) return value
  throw new InvalidArgumentError('It must be a number.')
}

const CREATE_HELP = `
It is sent once: without a clear answer the account is read until it is known whether there is a pod. If nothing is free, the
next GPU type is tried. With --when-free it is tried for hours, so that takes --max-price and --max-hours; ^C ends it, and
after a kill the app or the next watch goes on, unless it has variables with values of their own.

Values of variables are never printed or kept; those that are arguments can be read by everybody on the machine, so give
a secret as NAME alone, or as a secret of the account: NAME={{ RUNPOD_SECRET_name }}.

Hubify has announced this for its labs, so it may be missing there; the command then says where to create the pod.

Examples:
  podkeeper create --gpu "H100 SXM,A100 SXM" --template PyTorch --max-hours 8
  podkeeper create --gpu "RTX 4090" --image example/pytorch:2.8 --persistent 100 --env HF_TOKEN --dry-run
  podkeeper create --gpu H200 --volume data --image example/sft:1 --when-free --max-price 4.50 --max-hours 12
  podkeeper create dark-energy --gpu H200 --max-hours 8 --env EXPERIMENT_ID=EXP-054 --volume 100`

const REBUILD_HELP = `
The new pod has the configuration of the old one, its variables included, and whatever options say. With a network volume
the data comes along; a disk of the pod does not, and that is said before the question. The old pod is never touched: end it
with podkeeper terminate.

Examples:
  podkeeper rebuild trainer --gpu "H100 SXM,A100 SXM"
  podkeeper rebuild trainer --cloud any --data-center EU-RO-1 --dry-run`

const VOLUMES_HELP = `
A network volume costs money until it is deleted, with and without a pod. It only grows.

Examples:
  podkeeper volumes
  podkeeper volumes create data 100 --data-center US-KS-2
  podkeeper volumes grow data 200
  podkeeper volumes delete data`
