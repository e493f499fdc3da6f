import { errorText } from '../../core/base/error-text'
import { allAuditEntries } from '../../core/audit-log/audit-log'
import { endEntry, startEntry } from '../../core/audit-log/audit-text'
import type { Monitor } from '../../core/monitor-types'
import type { Clock } from '../../core/base/clock'
import { type OpenAuditLog, openAuditLog } from '../../node/data-folder/audit-log'
import { openAlertHistory } from '../../node/data-folder/alert-history'
import { openIdleEpisodes } from '../../node/data-folder/idle-episodes'
import { costsFolder, openLedgerFiles } from '../../node/data-folder/ledger-files'
import { openTerminalInputFile } from '../../node/data-folder/terminal-input-file'
import { type FolderLock, holderText, type LockRole } from '../../node/data-folder/folder-lock'
import type { CliAccount } from '../account/account'
import { createCliLookInside } from '../account/cli-look-inside'
import { type CliConfig, dataFiles } from '../account/config'
import { createCliMonitor } from '../account/create-monitor'
import { CliExit, exitCodes } from '../output/exit'
import { watchConfig } from './live-config'
import { createWatchNotifier, showDesktopNotification } from './notifier'
import { createWatch, type WatchOutput } from './watch'

/** Watches until the user ends it. The demo has no journal and no data folder to share. */
export async function watchAccount(options: {
  readonly folder: string
  readonly account: CliAccount
  readonly config: CliConfig
  readonly clock: Clock
  readonly watchOutput: WatchOutput
  readonly createFolderLock: (onRole: (role: LockRole) => void) => FolderLock
}): Promise<number> {
  const { folder, account, config, clock, watchOutput } = options
  let role: LockRole = { kind: 'active' }
  const roleNote = (): string | null => {
    if (role.kind === 'passive')
      return `Looking only: ${holderText(role.holder)} alerts and acts. This watch takes over when that ends.`
    if (role.kind === 'newer-format') return role.problem
    return role.kind === 'unlocked' ? `Looking only. ${role.problem}` : null
  }
  const watch = createWatch(watchOutput, clock, roleNote)
  const reportNotice = (text: string): void =>
    watch.report({ event: 'notice', text, fields: { podId: null } })
  const onRoleChange = (next: LockRole): void => {
    role = next
    if (next.kind === 'active') takeOver()
    const text = roleNote() ?? 'This watch alerts and acts now.'
    watch.report({ event: 'role', text, fields: { role: next.kind === 'active' ? 'acting' : 'reading' } })
  }
  let monitor: Monitor | null = null
  const takeOver = (): void => {
    if (!lock) return
    for (const problem of lock.journal.problems) reportNotice(problem)
    activity?.record(
      startEntry(PROGRAM, activity.page(null, allAuditEntries, RECENT_ENTRIES).entries, clock.now().wallMs),
    )
    monitor?.adopt(lock.journal.latest().filter(({ accountId }) => accountId === account.view.id))
  }
  const lock = account.view.isDemo ? null : options.createFolderLock(onRoleChange)
  const activity = lock && openActivity(folder, lock, reportNotice)
  try {
    if (lock) {
      // Without a journal nothing may be done, and everything is watched.
      await lock.start().catch(() => {})
      role = lock.role()
      if (role.kind === 'active') takeOver()
      else onRoleChange(role)
    }
    const terminalInput = openTerminalInputFile(folder, () => clock.now().wallMs)
    const liveConfig = watchConfig(dataFiles(folder).config, config.problems, reportNotice)
    monitor = createCliMonitor({
      account,
      clock,
      settings: () => liveConfig.settings(),
      journal: lock?.journal ?? null,
      ...(activity ? { auditLog: activity } : {}),
      initialNotices: account.question === null ? config.problems : [...config.problems, account.question],
      report: reportNotice,
      notifier: createWatchNotifier((alert) => watch.alert(alert), showDesktopNotification),
      mayAnnounce: () => role.kind === 'active',
      lookInside: createCliLookInside({
        folder,
        account,
        clock,
        settings: () => liveConfig.settings(),
        report: reportNotice,
      }),
      ...(lock === null
        ? {}
        : {
            ...(account.question === null && { accountRules: liveConfig.accountRules }),
            hasTerminalInput: (podId: string) => terminalInput.hasRecentInput(account.view.id, podId),
            alertHistory: openAlertHistory(folder, reportNotice),
            idleEpisodes: openIdleEpisodes(folder, reportNotice),
            // The app's audit log: whichever process is active writes it.
            ledgerFiles: openLedgerFiles(costsFolder(folder, account.view.id), () => lock.mayWrite().ok),
          }),
    })
    const exitCode = await watch.run(monitor)
    monitor.dispose()
    return exitCode
  } finally {
    activity?.record(endEntry(PROGRAM, clock.now().wallMs))
    activity?.close()
    lock?.dispose()
    await account.close()
  }
}

const PROGRAM = 'podkeeper watch'
/** How many entries describe how the previous process ended. */
const RECENT_ENTRIES = 100

/** The audit log of the folder, written only while this process is active. */
export function openActivity(
  folder: string,
  lock: FolderLock,
  reportNotice: (problem: string) => void,
): OpenAuditLog {
  return openAuditLog({
    folder: dataFiles(folder).activity,
    mayWrite: () => lock.mayWrite(),
    onWriteProblem: (problem) => reportNotice(problem ?? 'The activity log can be written again.'),
  })
}

/** Throws a `CliExit` if the journal cannot be opened, because no action may be sent without one. */
export async function acquireFolderLock(lock: FolderLock): Promise<LockRole> {
  try {
    return await lock.start()
  } catch (cause) {
    const reason = errorText(cause)
    throw new CliExit(
      exitCodes.failed,
      `The journal of actions cannot be opened, so nothing was done: ${reason}`,
    )
  }
}
