import type { Command } from 'commander'
import type { Commands } from './command-types'

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
