import type { AuditEntry } from '../../core/audit-log/audit-log'
import { settingEntries } from '../../core/audit-log/settings-audit'
import { errorText } from '../../core/base/text/error-text'
import { fail, ok } from '../../core/base/result'
import type { ChangeSetting } from '../../node/control/control-session'
import { type OpenAuditLog, openAuditLog } from '../../node/data-folder/records/audit-log'
import type { FolderLock, LockRole } from '../../node/data-folder/lock/folder-lock'
import { CliExit, exitCodes } from '../output/exit'
import { dataFolderText } from './account-text'
import { dataFiles } from './config'
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
  reportNotice: (problem: string) => void,
): OpenAuditLog {
  return openAuditLog({
    folder: dataFiles(folder).activity,
    mayWrite: () => lock.mayWrite(),
    onWriteProblem: (problem) => reportNotice(problem ?? dataFolderText.activityWritten),
  })
}

/** Changes settings of the folder, and logs those that matter to the guard. */
export function createSettingChanger(
  config: LiveConfig,
  record: (entry: AuditEntry) => void,
  nowMs: () => number,
): ChangeSetting {
  return (name, value) => {
    const before = config.settings()
    const changed = config.changeSettings({ [name]: value })
    if (!changed.ok) return fail(changed.error.map(({ reason }) => reason).join(' '))
    for (const entry of settingEntries(config.settings(), before, nowMs())) record(entry)
    return ok(undefined)
  }
}
