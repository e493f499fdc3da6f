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

/** The commands that move what Podkeeper knows to another computer. */
export function addBackup(
  program: Command,
  commands: Pick<Commands, 'backup' | 'restore'>,
  exit: (code: number) => void,
): void {
  program
    .command('backup')
    .description('write settings, rules, channels, queue, costs and activity to a new file')
    .argument('<file>', 'a file that does not exist yet')
    .option('--with-secrets', 'also API keys, addresses of channels and values of variables, as plain text')
    .addHelpText('after', BACKUP_HELP)
    .action(async (file: string, _options: unknown, command: Command) =>
      exit(await commands.backup(file, command.optsWithGlobals())),
    )

  program
    .command('restore')
    .description('replace the data folder by a backup; keeps what was there')
    .argument('<file>', 'written by podkeeper backup')
    .option('--yes', 'do not ask')
    .addHelpText('after', RESTORE_HELP)
    .action(async (file: string, _options: unknown, command: Command) =>
      exit(await commands.restore(file, command.optsWithGlobals())),
    )
}

const BACKUP_HELP = `
The file is readable for you only. What the system keyring of this computer holds can't be moved. History (charts of pods)
and what is under way, such as stops and messages, are not in it.

Examples:
  podkeeper backup podkeeper-backup.json
  podkeeper backup podkeeper-backup.json --with-secrets`

const RESTORE_HELP = `
No app or watch may be active on the data folder. The queue is paused then, and its jobs are held, because they may have
run since the backup: release the ones that you want, and resume the queue.

Examples:
  podkeeper restore podkeeper-backup.json`
