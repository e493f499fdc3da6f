import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { errorText } from '../../core/base/text/error-text'
import { MAX_BACKUP_BYTES, parseBackup, serializeBackup } from '../../node/data-folder/backup/backup-codec'
import { makeBackup } from '../../node/data-folder/backup/make-backup'
import { restoreBackup } from '../../node/data-folder/backup/restore-backup'
import { openUserFile } from '../../node/data-folder/files/replace-file'
import { readDataFile } from '../../node/data-folder/files/read-data-file'
import { refusalText } from '../../node/data-folder/lock/folder-lock'
import { acquireFolderLock } from '../account/active-folder'
import { backupText } from '../commands/backup/backup-text'
import { promptLine } from '../commands/confirm-by-name'
import type { CommandRun } from '../output/command-run'
import { CliExit, exitCodes } from '../output/exit'
import type { Commands } from '../program/command-types'
import type { CliContext } from './context/cli-context'

/** The commands that move what Podkeeper knows to another computer. */
export function createBackupCommands(context: CliContext): Pick<Commands, 'backup' | 'restore'> {
  const { clock, output } = context

  function write(path: string, text: string): void {
    if (existsSync(path)) throw new CliExit(exitCodes.failed, backupText.exists(path))
    try {
      const file = openUserFile(path)
      file.append(text)
      file.finish()
    } catch (cause) {
      throw new CliExit(exitCodes.failed, backupText.notMade(errorText(cause)))
    }
  }

  function read(path: string): string {
    try {
      const text = readDataFile(path, MAX_BACKUP_BYTES)
      if (text !== null) return text
    } catch (cause) {
      throw new CliExit(exitCodes.failed, backupText.notRead(path, errorText(cause)))
    }
    throw new CliExit(exitCodes.failed, backupText.notRead(path, backupText.noFile))
  }

  async function confirm(folder: string, { isConfirmed, keyboard }: CommandRun): Promise<void> {
    if (isConfirmed || !existsSync(join(folder, 'config.json'))) return
    output.progress(`${backupText.replaces} ${folder}.`)
    if (keyboard === null) throw new CliExit(exitCodes.usage, backupText.needsYes)
    if ((await promptLine(keyboard, backupText.ask)) !== 'yes')
      throw new CliExit(exitCodes.failed, backupText.refused(''))
  }

  return {
    async backup(path, options) {
      const folder = context.dataFolderOf(options)
      const hasSecrets = options.withSecrets === true
      let made: ReturnType<typeof makeBackup>
      try {
        made = makeBackup(folder, hasSecrets, clock.now().wallMs)
      } catch (cause) {
        throw new CliExit(exitCodes.failed, backupText.notMade(errorText(cause)))
      }
      write(resolve(path), serializeBackup(made.backup))
      if (hasSecrets) output.progress(backupText.hasSecrets)
      else if (made.leftOut > 0) output.progress(backupText.leftOut)
      if (made.inKeyring > 0) output.progress(backupText.inKeyring(made.inKeyring))
      output.result(backupText.made(path, Object.keys(made.backup.files).length))
      return exitCodes.ok
    },

    async restore(path, options) {
      const parsed = parseBackup(read(path))
      if (!parsed.ok) throw new CliExit(exitCodes.failed, backupText.refused(parsed.error))
      const folder = context.writableFolderOf(options)
      await confirm(folder, context.runOf(options))
      const lock = context.lockDataFolder(options)
      const role = await acquireFolderLock(lock)
      try {
        if (role.kind !== 'active') {
          const code = role.kind === 'passive' ? exitCodes.folderLocked : exitCodes.failed
          throw new CliExit(code, backupText.inUse(refusalText(role)))
        }
        const now = clock.now()
        const aside = restoreBackup(folder, parsed.value, now)
        output.result(backupText.restored(parsed.value.madeAtMs, now.wallMs))
        output.result(backupText.aside(join(folder, aside)))
        if (Object.hasOwn(parsed.value.files, 'queue.jsonl')) output.result(backupText.queue)
        return exitCodes.ok
      } catch (cause) {
        if (cause instanceof CliExit) throw cause
        throw new CliExit(exitCodes.failed, backupText.notRestored(errorText(cause), folder))
      } finally {
        lock.dispose()
      }
    },
  }
}
