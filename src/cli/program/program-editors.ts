import { type Command, Option } from 'commander'
import type { Commands } from './command-types'

/** The commands that open pods in editors. */
export function addEditors(
  program: Command,
  commands: Pick<Commands, 'open' | 'sshConfig'>,
  exit: (code: number) => void,
): void {
  program
    .command('open')
    .description('open a folder of a pod in VS Code, Cursor, Zed or another editor of this computer')
    .argument('<pod>', 'pod name or id')
    .option(
      '--with <editor>',
      'code, cursor, zed, custom, or a command (default: the first that is installed)',
    )
    .option('--folder <path>', 'folder on the pod (default: where a volume is mounted)')
    .option('-y, --yes', 'add the line to ~/.ssh/config without asking')
    .addHelpText('after', OPEN_HELP)
    .action(async (pod: string, _options: unknown, command: Command) =>
      exit(await commands.open(pod, command.optsWithGlobals())),
    )
  program
    .command('ssh-config')
    .description('print the SSH hosts of your pods; write them for ssh and editors, or remove them')
    .addOption(
      new Option('--write', 'write them, and add one line to ~/.ssh/config after asking').conflicts('remove'),
    )
    .option('--remove', 'remove them, and the line')
    .option('-y, --yes', 'change ~/.ssh/config without asking')
    .addHelpText('after', SSH_CONFIG_HELP)
    .action(async (_options: unknown, command: Command) =>
      exit(await commands.sshConfig(command.optsWithGlobals())),
    )
}

const OPEN_HELP = `
Needs direct SSH, a host key that you accepted, and an editor that works over SSH: VS Code and Cursor with their
extension Remote - SSH, Zed, or a command in which {alias} is the pod's SSH name and {folder} the folder. No shell reads
it. The first time, it asks before it adds one line to ~/.ssh/config.

Examples:
  podkeeper open llama-70b-sft
  podkeeper open llama-70b-sft --with cursor --folder /workspace/code
  podkeeper open llama-70b-sft --with 'emacsclient -n /ssh:{alias}:{folder}'`

const SSH_CONFIG_HELP = `
Each pod with a host key that you accepted gets a name, such as pod-llama-70b-sft-k7q2x1. ssh then connects to it with the
same keys as Podkeeper, and accepts that host key only. The hosts are in ~/.ssh/podkeeper.d. The app and podkeeper watch
keep them up to date while ~/.ssh/config includes them.

Examples:
  podkeeper ssh-config
  podkeeper ssh-config --write && ssh pod-llama-70b-sft-k7q2x1
  podkeeper ssh-config --remove`
