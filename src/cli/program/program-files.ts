import { type Command, InvalidArgumentError } from 'commander'
import type { Commands } from './command-types'

const UNITS: Readonly<Record<string, number>> = { '': 1, k: 1e3, m: 1e6, g: 1e9, t: 1e12 }

/** "500MB" or "1.5 GB" in bytes. */
export function parseSize(text: string): number {
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)\s*([kmgt]?)b?$/i.exec(text.trim()) ?? []
  const factor = UNITS[unit.toLowerCase()]
  if (amount !== undefined && factor !== undefined) return Math.floor(Number(amount) * factor)
  throw new InvalidArgumentError('It must be a size, such as 500MB or 20GB.')
}

/** The commands about files of pods. */
export function addFiles(
  program: Command,
  commands: Pick<Commands, 'cp' | 'ls'>,
  exit: (code: number) => void,
): void {
  program
    .command('cp')
    .description('copy files and folders between a pod and this computer')
    .argument('<paths...>', 'what to copy, and where to: POD:PATH on a pod, PATH here')
    .option('--no-resume', 'copy everything from the start, even what is already there')
    .option('--max-size <size>', 'copy nothing if it is more than this, such as 20GB', parseSize)
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Needs direct SSH, a host key that you accepted, and an SSH key without a passphrase. Paths on a pod begin at its home folder
unless they begin with /. Folders are copied with all that is in them. A file gets its name once it is whole. After ^C or a
failure, the same command continues: files that are there are left alone, and parts of large files are continued and checked.

Examples:
  podkeeper cp llama-70b-sft:/workspace/out .
  podkeeper cp data train.py llama-70b-sft:/workspace
  podkeeper cp --max-size 20GB llama-70b-sft:/workspace/checkpoints ./checkpoints`,
    )
    .action(async (paths: readonly string[], _options: unknown, command: Command) =>
      exit(await commands.cp(paths, command.optsWithGlobals())),
    )

  program
    .command('ls')
    .description('list a folder of a pod')
    .argument('<path>', 'POD:PATH')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Examples:
  podkeeper ls llama-70b-sft:/workspace
  podkeeper ls --json llama-70b-sft: | jq -r '.files[].name'`,
    )
    .action(async (path: string, _options: unknown, command: Command) =>
      exit(await commands.ls(path, command.optsWithGlobals())),
    )
}
