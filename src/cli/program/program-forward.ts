import type { Command } from 'commander'
import type { Commands } from './command-types'

/** The command that forwards ports of pods. */
export function addForward(
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
