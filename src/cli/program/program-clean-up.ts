import type { Command } from 'commander'
import type { Commands } from './command-types'

const HELP = `
Lists network volumes that no pod mounts, pods that were seen stopped for 14 days, templates with secrets in plain text, and
SSH keys of the account that are not on this computer. Of variables, only names are printed. Nothing is deleted: use
"podkeeper volumes delete" and "podkeeper terminate". If something can't be told, the list says so and the exit code is 1.

Examples:
  podkeeper clean-up
  podkeeper clean-up --json | jq ".accounts[].perMonth"`

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
    .addHelpText('after', HELP)
    .action(async (_options: unknown, command: Command) =>
      exit(await commands.cleanUp(command.optsWithGlobals())),
    )
}
