import { type Command, InvalidArgumentError, Option } from 'commander'
import { auditKinds, auditTones } from '../../core/audit-log/audit-log'
import type { Commands } from './command-types'
import { parseSince } from './program-logs'

const HELP = `
Reads the log in the data folder. No API key is needed, and nothing is sent. An action that --since,
--outcome or --search finds is printed with all of its steps.

Examples:
  podkeeper activity -n 200
  podkeeper activity --kind intent --outcome bad --since 7d
  podkeeper activity --search "idle 6 h" --csv -n 1000 > stops.csv
  podkeeper activity --pod llama-70b-sft --json | jq -r 'select(.kind == "alert") | .at + " " + .text'`

function parseCount(text: string): number {
  const count = Number(text)
  if (Number.isSafeInteger(count) && count > 0) return count
  throw new InvalidArgumentError('It must be a whole number above 0.')
}

/** `podkeeper activity`: docs/cli.md#activity. */
export function addActivity(command: Command, commands: Commands, exit: (code: number) => void): void {
  command
    .command('activity')
    .description('show alerts, actions and events of the app and of watches')
    .option('--pod <pod>', 'only entries of this pod, by name or id')
    .addOption(new Option('--kind <kind>', 'only entries of this kind').choices(auditKinds))
    .addOption(
      new Option(
        '--outcome <tone>',
        'only actions with this outcome, and other entries of this tone',
      ).choices(auditTones),
    )
    .addOption(
      new Option('--since <time>', 'only entries since this time: 10m, 2h, 7d or a time').argParser(
        parseSince,
      ),
    )
    .option('--search <words>', 'only entries that contain all of these words')
    .addOption(
      new Option('-n, --lines <count>', 'how many of the newest entries to show')
        .default(50)
        .argParser(parseCount),
    )
    .addOption(new Option('--json', 'print one JSON object per line').conflicts('csv'))
    .addOption(new Option('--csv', 'print CSV for spreadsheets').conflicts('json'))
    .addHelpText('after', HELP)
    .action(async (_options: unknown, one: Command) => exit(await commands.activity(one.optsWithGlobals())))
}
