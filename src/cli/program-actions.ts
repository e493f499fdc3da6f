import type { Command } from 'commander'
import type { IntentAction } from '../core/intents/intent'
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
  if (action === 'stop')
    subcommand.option('-y, --yes', 'send it at once, without a question and the time to take it back')
  if (action === 'restart')
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
Where nothing surely survives, it asks first; without a terminal it then takes --yes.
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
