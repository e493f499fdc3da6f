import type { Command } from 'commander'
import type { IntentAction } from '../../core/intents/intent'
import type { Commands } from './command-types'

/** The commands that act on a pod. */
export function addActions(
  program: Command,
  commands: Pick<Commands, 'act'>,
  exit: (code: number) => void,
): void {
  for (const action of ['start', 'stop', 'restart', 'terminate'] as const)
    addAction(program, action, commands, exit)
}

function addAction(
  program: Command,
  action: IntentAction,
  commands: Pick<Commands, 'act'>,
  exit: (code: number) => void,
): void {
  const subcommand = program
    .command(action)
    .description(actionDescriptions[action])
    .argument('<pod>', 'pod name or id')
    .option('--no-wait', 'exit once the request is accepted, without waiting for the result')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', actionHelp[action])
    .action(async (pod: string, _options: unknown, command: Command) =>
      exit(await commands.act(action, pod, command.optsWithGlobals())),
    )
  if (action === 'start') subcommand.option('--when-free', 'if no GPU is free, retry until one is')
  if (action === 'terminate')
    subcommand.option('--confirm-name <name>', 'confirm with the pod name instead of typing it')
  if (action === 'stop')
    subcommand
      .option('-y, --yes', 'send immediately, without confirmation or undo')
      .option('--directly', 'send it from here, also where a server keeps the account')
  if (action === 'restart') subcommand.option('-y, --yes', 'send immediately, without undo')
}

const actionDescriptions: Readonly<Record<IntentAction, string>> = {
  terminate: 'delete a pod and its disks, after you type its name',
  start: 'start a stopped pod and wait until it runs',
  stop: 'stop a pod; you have 5 s to undo',
  restart: 'restart a running pod in place; you have 5 s to undo',
}

const actionHelp: Readonly<Record<IntentAction, string>> = {
  terminate: `
Shows what is deleted and what is kept, and asks for the pod's name. Network volumes are kept. Everything else is deleted
and can't be recovered. Without a terminal, use --confirm-name. The request is sent immediately, and never twice.

Examples:
  podkeeper terminate comfy-scratch
  podkeeper terminate --confirm-name comfy-scratch --json comfy-scratch`,
  start: `
A stopped pod is tied to its machine, whose GPUs may be in use by others. With --when-free, the command retries after a
minute, then at growing intervals, for up to 8 h. ^C cancels. If the command is killed, the app or the next watch
continues.

Examples:
  podkeeper start anomaly-v3
  podkeeper start --no-wait abc123def456
  podkeeper start --when-free anomaly-v3`,
  stop: `
Shows what is kept and what is lost, then waits: press u or ^C to undo. Killing the command in that time also undoes the
stop, unless the app or a watch carries it out. If the stop may lose all data, the command asks first; without a terminal,
use --yes.
After sending the request, the command waits until the pod has stopped. The request is never sent twice.

Examples:
  podkeeper stop llama-70b-sft
  podkeeper stop --yes --json abc123def456`,
  restart: `
Interrupts running work and resets the container disk. Volumes are kept. As with stop, you have 5 s to press u or ^C to
undo, and the request is never sent twice. The command waits until the pod's uptime is shorter than before.

Examples:
  podkeeper restart llama-70b-sft`,
}
