import type { MonitorOptions } from '../../core/monitor-options'
import type { AccountView } from '../../core/view/snapshot'
import { systemUtcOffset } from '../../node/clock'
import { forgetfulJournal } from '../../node/data-folder/journal'
import { createMemoryLedger } from '../../node/data-folder/ledger-files'
import { createMemoryGuards } from '../../node/in-memory/memory-guards'
import { createMemoryMarks } from '../../node/in-memory/memory-marks'
import type { SessionOptions } from './account-session-options'

type AccountPorts = Pick<
  MonitorOptions,
  | 'journal'
  | 'earlier'
  | 'marks'
  | 'guards'
  | 'ledgerFiles'
  | 'activityLog'
  | 'mayAnnounce'
  | 'notifier'
  | 'alertsPausedUntilMs'
  | 'utcOffset'
  | 'hasTerminalInput'
>

/** Where an account's actions, alerts and rules are kept. The demo's pods do not outlive it, and nobody else announces them. */
export function portsOf(account: Omit<AccountView, 'isMonitorOnly'>, options: SessionOptions): AccountPorts {
  const { notifier, journal, store, marks, mayAnnounce, alertsPausedUntilMs, hasTerminalInput } = options
  const activityLog = options.activityLogFor(account)
  const shared = { notifier, activityLog, alertsPausedUntilMs, hasTerminalInput, utcOffset: systemUtcOffset }
  if (account.isDemo)
    return {
      ...shared,
      journal: forgetfulJournal,
      earlier: [],
      marks: createMemoryMarks(),
      guards: createMemoryGuards(),
      ledgerFiles: createMemoryLedger(),
      mayAnnounce: () => true,
    }
  const earlier = journal.latest().filter((intent) => intent.accountId === account.id)
  const ledgerFiles = options.ledgerFiles(account.id)
  return { ...shared, journal, earlier, marks, guards: store.guards, ledgerFiles, mayAnnounce }
}
