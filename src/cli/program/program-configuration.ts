import type { Command } from 'commander'
import type { Commands } from './command-types'

/** The commands that read and write the configuration as a file. */
export function addConfiguration(
  program: Command,
  commands: Pick<Commands, 'apply' | 'export'>,
  exit: (code: number) => void,
): void {
  program
    .command('apply')
    .description('make settings, rules, channels and tokens as a file says')
    .argument('<file>', 'YAML or JSON; - reads stdin')
    .option('--check', 'write nothing; exit code 8 if something differs')
    .option('--diff', 'print each difference')
    .option('--allow-data-loss', 'let automatic stops lose data where the file says so, without asking')
    .option('--json', 'print JSON')
    .addHelpText('after', APPLY_HELP)
    .action(async (file: string, _options: unknown, command: Command) =>
      exit(await commands.apply(file, command.optsWithGlobals())),
    )

  program
    .command('export')
    .description('print settings, rules, channels and tokens as a file for apply, without secrets')
    .addHelpText('after', EXPORT_HELP)
    .action(async (_options: unknown, command: Command) =>
      exit(await commands.export(command.optsWithGlobals())),
    )
}

const APPLY_HELP = `
All of the file is applied or nothing. What it doesn't name stays as it is, except in the sections that only names
(settings, rules, channels, tokens). docs/cli.md describes the fields.

  podkeeper: 1
  settings: { idleAlertAfterMin: 20 }
  accounts:
    Lab:
      autoStop: selected
      allPods: { maxHours: 24 }
      rules:
        - { name: scratch, match: { name: "scratch-*", gpu: "4090" }, isAutoStopped: true, maxHours: 4 }
  channels:
    - { name: Chat, kind: slack, address: { env: SLACK_WEBHOOK }, route: critical }
  tokens:
    - { name: grafana, scopes: [pods:read] }

Examples:
  podkeeper apply lab.yaml --check --diff
  podkeeper apply lab.yaml`

const EXPORT_HELP = `
Examples:
  podkeeper export > lab.yaml`
