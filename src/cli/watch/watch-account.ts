import { allAuditEntries } from '../../core/audit-log/audit-log'
import { endEntry, startEntry } from '../../core/audit-log/audit-text'
import type { Monitor } from '../../core/monitor-types'
import type { Clock } from '../../core/base/clock'
import { fail } from '../../core/base/result'
import { createControlServer } from '../../node/control/control-server'
import { openAlertHistory } from '../../node/data-folder/alert-history'
import { openIdleEpisodes } from '../../node/data-folder/idle-episodes'
import { costsFolder, createMemoryLedgerFiles, openLedgerFiles } from '../../node/data-folder/ledger-files'
import { openTerminalInputFile } from '../../node/data-folder/terminal-input-file'
import { type FolderLock, holderText, type LockRole } from '../../node/data-folder/lock/folder-lock'
import type { LockService } from '../../node/data-folder/lock/lock-socket'
import { unansweredAccountRules } from '../../node/in-memory/memory-account-rules'
import type { CliAccount } from '../account/account'
import { createCliLookInside } from '../account/cli-look-inside'
import { createSettingChanger, openActivity } from '../account/active-folder'
import type { CliConfig } from '../account/config'
import { createCliMonitor } from '../account/create-monitor'
import { openLiveConfig } from '../account/live-config'
import { createWatchNotifier, showDesktopNotification } from './notifier'
import { createWatch, type WatchOutput } from './watch'

/** Watches until the user ends it. The demo has no journal and no data folder to share. */
export async function watchAccount(options: {
  readonly folder: string
  readonly account: CliAccount
  readonly config: CliConfig
  readonly clock: Clock
  readonly watchOutput: WatchOutput
  readonly createFolderLock: (onRole: (role: LockRole) => void, service: LockService) => FolderLock
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
  const liveConfig = openLiveConfig({
    folder,
    nowMs: () => clock.now().wallMs,
    mayWrite: () => lock?.mayWrite() ?? fail('The demo keeps nothing.'),
    reportedProblems: config.problems,
    report: reportNotice,
  })
  const service = createControlServer({
    clock,
    monitor: (accountId) => (accountId === account.view.id ? monitor : null),
    isDemo: () => account.view.isDemo,
    settings: () => liveConfig.settings(),
    changeSetting: createSettingChanger(
      liveConfig,
      (entry) => void activity?.record(entry),
      () => clock.now().wallMs,
    ),
    hasHistory: true,
    report: (what) => reportNotice(what),
  })
  const lock = account.view.isDemo ? null : options.createFolderLock(onRoleChange, service)
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
            accountRules: account.question === null ? liveConfig.accountRules : unansweredAccountRules,
            hasTerminalInput: (podId: string) => terminalInput.hasRecentInput(account.view.id, podId),
            alertHistory: openAlertHistory(folder, reportNotice),
            idleEpisodes: openIdleEpisodes(folder, reportNotice),
            // The app's audit log: whichever process is active writes it.
            // Until it is known which account it is, its costs are kept in memory only.
            ledgerFiles:
              account.question === null
                ? openLedgerFiles(costsFolder(folder, account.view.id), () => lock.mayWrite().ok)
                : createMemoryLedgerFiles(),
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
