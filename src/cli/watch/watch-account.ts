import { allActivity } from '../../core/audit-log/audit-log'
import { endEntry, startEntry } from '../../core/audit-log/audit-text'
import type { Monitor } from '../../core/monitor'
import type { Clock } from '../../core/base/clock'
import { type OpenActivityLog, openActivityLog } from '../../node/data-folder/activity-log'
import { openAlertMarks } from '../../node/data-folder/alert-marks'
import { problemsOfJournal } from '../../node/data-folder/journal'
import { costsFolder, openLedgerFiles } from '../../node/data-folder/ledger-files'
import { holderWords, type Role, type Writer } from '../../node/data-folder/folder-lock'
import type { Account } from '../account/account'
import { type Config, dataFiles } from '../account/config'
import { createDesk } from '../account/create-monitor'
import { Ending, exitCodes } from '../output/exit'
import { followConfig } from './live-config'
import { createWatchNotifier, showNatively } from './notifier'
import { createWatch, type Show } from './watch'

/** Watches until a person ends it. The demo has no journal, and nobody to share it with. */
export async function watchAccount(given: {
  readonly folder: string
  readonly account: Account
  readonly config: Config
  readonly clock: Clock
  readonly show: Show
  readonly writerFor: (onRole: (role: Role) => void) => Writer
}): Promise<number> {
  const { folder, account, config, clock, show } = given
  let role: Role = { kind: 'acting' }
  const roleNote = (): string | null => {
    if (role.kind === 'reading')
      return `Looking only: ${holderWords(role.holder)} alerts and acts. This watch takes over when that ends.`
    return role.kind === 'unlocked' ? `Looking only. ${role.problem}` : null
  }
  const watching = createWatch(show, clock, roleNote)
  const say = (text: string): void => watching.tell({ event: 'notice', text, fields: { podId: null } })
  const tellRole = (next: Role): void => {
    role = next
    if (next.kind === 'acting') takeUp()
    const text = roleNote() ?? 'This watch alerts and acts now.'
    watching.tell({ event: 'role', text, fields: { role: next.kind === 'acting' ? 'acting' : 'reading' } })
  }
  let monitor: Monitor | null = null
  const takeUp = (): void => {
    if (!writer) return
    for (const problem of problemsOfJournal(writer.journal)) say(problem)
    activity?.record(
      startEntry(PROGRAM, activity.page(null, allActivity, RECENT).entries, clock.now().wallMs),
    )
    monitor?.adopt(writer.journal.latest().filter(({ accountId }) => accountId === account.view.id))
  }
  const writer = account.view.isDemo ? null : given.writerFor(tellRole)
  const activity = writer && openActivity(folder, writer, say)
  try {
    if (writer) {
      role = await startWriter(writer)
      if (role.kind === 'acting') takeUp()
      else tellRole(role)
    }
    const live = followConfig(dataFiles(folder).config, config.problems, say)
    monitor = createDesk({
      account,
      clock,
      settings: () => live.settings(),
      journal: writer?.journal ?? null,
      ...(activity ? { activityLog: activity } : {}),
      openingNotices: config.problems,
      report: say,
      notifier: createWatchNotifier((alert) => watching.alert(alert), showNatively),
      mayAnnounce: () => role.kind === 'acting',
      ...(writer === null
        ? {}
        : {
            guards: live.guards,
            marks: openAlertMarks(folder, say),
            // The same that the app keeps: whoever acts writes it.
            ledgerFiles: openLedgerFiles(costsFolder(folder, account.view.id), () => writer.mayWrite().ok),
          }),
    })
    const exitCode = await watching.run(monitor)
    monitor.dispose()
    return exitCode
  } finally {
    activity?.record(endEntry(PROGRAM, clock.now().wallMs))
    activity?.close()
    writer?.dispose()
    await account.close()
  }
}

const PROGRAM = 'podkeeper watch'
/** How many entries tell how the program before ended. */
const RECENT = 100

/** The activity log of the folder, written only while this process acts. */
export function openActivity(
  folder: string,
  writer: Writer,
  say: (problem: string) => void,
): OpenActivityLog {
  return openActivityLog({
    folder: dataFiles(folder).activity,
    mayWrite: () => writer.mayWrite(),
    onTrouble: (problem) => say(problem ?? 'The activity log can be written again.'),
  })
}

/** Throws an `Ending` when the journal cannot be opened: without one nothing may be done. */
export async function startWriter(writer: Writer): Promise<Role> {
  try {
    return await writer.start()
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new Ending(exitCodes.failed, `The journal of actions cannot be opened, so nothing was done: ${why}`)
  }
}
