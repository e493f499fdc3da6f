import type { AuditEntry } from '../../core/audit-log/audit-log'
import { settingEntries } from '../../core/audit-log/settings-audit'
import { errorText } from '../../core/base/text/error-text'
import { fail, ok } from '../../core/base/result'
import { type ApplyConfig, createConfigApplier } from '../../node/data-folder/apply-config'
import type { ChangeSetting } from '../../node/control/control-session'
import { type OpenAuditLog, openAuditLog } from '../../node/data-folder/records/audit-log'
import { nameOfComputer } from '../../node/data-folder/computer-file'
import type { FolderLock, LockRole } from '../../node/data-folder/lock/folder-lock'
import { CliExit, exitCodes } from '../output/exit'
import { dataFolderText } from './account-text'
import { dataFiles } from './config'
import type { Settings } from '../../core/settings/settings'
import type { LiveConfig } from './live-config'

/** Throws a `CliExit` if the journal cannot be opened, because no action may be sent without one. */
export async function acquireFolderLock(lock: FolderLock): Promise<LockRole> {
  try {
    return await lock.start()
  } catch (cause) {
    throw new CliExit(exitCodes.failed, dataFolderText.journalUnusable(errorText(cause)))
  }
}

/** The audit log of the folder, written only while this process is active. */
export function openActivity(
  folder: string,
  lock: FolderLock,
  settings: () => Settings,
  reportNotice: (problem: string) => void,
): OpenAuditLog {
  return openAuditLog({
    folder: dataFiles(folder).activity,
    mayWrite: () => lock.mayWrite(),
    computer: () => nameOfComputer(settings()),
    maxFiles: () => settings().activityLogMb,
    onWriteProblem: (problem) => reportNotice(problem ?? dataFolderText.activityWritten),
  })
}

/** Changes settings and rules of the folder, and logs what matters to the guard. */
export function createConfigChangers(
  config: LiveConfig,
  record: (entry: AuditEntry) => void,
  nowMs: () => number,
): { readonly changeSetting: ChangeSetting; readonly applyConfig: ApplyConfig } {
  const recordSettings = (after: Settings, before: Settings): void => {
    for (const entry of settingEntries(after, before, nowMs())) record(entry)
  }
  return {
    changeSetting(name, value) {
      const before = config.settings()
      const changed = config.changeSettings({ [name]: value })
      if (!changed.ok) return fail(changed.error.map(({ reason }) => reason).join(' '))
      recordSettings(config.settings(), before)
      return ok(undefined)
    },
    applyConfig: createConfigApplier({
      settings: () => config.settings(),
      update: config.update,
      nowMs,
      record,
      onSettings: recordSettings,
    }),
  }
}
