import type { Command } from 'commander'
import type { Commands } from './command-types'

/** The command that changes how a pod is set up. */
export function addEdit(
  program: Command,
  commands: Pick<Commands, 'edit'>,
  exit: (code: number) => void,
): void {
  program
    .command('edit')
    .description('change the name, lock, image, arguments, ports, variables, disks or networking of a pod')
    .argument('<pod>', 'pod name or id')
    .option('--name <name>', 'new name')
    .option('--lock', "lock the pod, so that it can't be stopped or terminated")
    .option('--unlock', 'unlock it')
    .option('--image <image>', 'container image')
    .option('--args <text>', 'arguments for the image; empty to use those of the image')
    .option('--registry <id>', 'id of the registry credentials for a private image')
    .option('--no-registry', 'no registry credentials')
    .option('--global-networking', 'private network with your pods in other data centers')
    .option('--no-global-networking', 'leave that network')
    .option('--port <ports...>', 'all ports to expose, such as 22/tcp 8888/http')
    .option(
      '--env <variables...>',
      'variables to add or replace: NAME=value, or NAME to use the value from your environment',
    )
    .option('--env-file <file>', 'file with lines of NAME=value')
    .option('--remove-env <names...>', 'variables to remove')
    .option('--disk <gb>', 'container disk size')
    .option('--persistent <gb>', 'size of the disk that survives a stop, which can only grow')
    .option('--dry-run', 'print what would change and the request, without sending anything')
    .option('-y, --yes', 'skip confirmation')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', EDIT_HELP)
    .action(async (pod: string, _options: unknown, command: Command) =>
      exit(await commands.edit(pod, command.optsWithGlobals())),
    )
}

const EDIT_HELP = `
A new name and the lock take effect at once, global networking when the pod starts or restarts next. All other
changes restart a running pod and wipe what isn't on a volume, so the command says that and asks first. On a
stopped pod they take effect when it starts. The request is sent once; without a clear response, the command
reads the pod to find out what became of it.

Variables that you don't name keep their values. Values are never printed or saved.

Examples:
  podkeeper edit trainer --name trainer-v2
  podkeeper edit trainer --lock
  podkeeper edit trainer --image example/pytorch:2.9 --port 22/tcp 8888/http --dry-run
  podkeeper edit trainer --env HF_TOKEN --remove-env SEED --yes`
