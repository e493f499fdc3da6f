import type { MonitorOptions } from '../../core/monitor-options'
import type { AccountView } from '../../core/view/snapshot'
import { systemUtcOffset } from '../../node/clock'
import { nullJournal } from '../../node/data-folder/journal'
import { createMemoryLedgerFiles } from '../../node/data-folder/ledger-files'
import { createMemoryAccountRules } from '../../node/in-memory/memory-account-rules'
import { createMemoryAlertHistory } from '../../node/in-memory/memory-alert-history'
import type { AccountSessionOptions } from './account-session-options'

type AccountPorts = Pick<
  MonitorOptions,
  | 'journal'
  | 'earlierIntents'
  | 'alertHistory'
  | 'accountRules'
  | 'ledgerFiles'
  | 'auditLog'
  | 'mayAnnounce'
  | 'notifier'
  | 'alertsPausedUntilMs'
  | 'utcOffset'
  | 'hasTerminalInput'
>

/** Where an account's actions, alerts and rules are kept. The demo's pods do not outlive it, and nobody else announces them. */
export function accountPortsOf(
  account: Omit<AccountView, 'isMonitorOnly'>,
  options: AccountSessionOptions,
): AccountPorts {
  const { notifier, journal, store, alertHistory, mayAnnounce, alertsPausedUntilMs, hasTerminalInput } =
    options
  const auditLog = options.auditLogFor(account)
  const shared = { notifier, auditLog, alertsPausedUntilMs, hasTerminalInput, utcOffset: systemUtcOffset }
  if (account.isDemo)
    return {
      ...shared,
      journal: nullJournal,
      earlierIntents: [],
      alertHistory: createMemoryAlertHistory(),
      accountRules: createMemoryAccountRules(),
      ledgerFiles: createMemoryLedgerFiles(),
      mayAnnounce: () => true,
    }
  const earlierIntents = journal.latest().filter((intent) => intent.accountId === account.id)
  const ledgerFiles = options.ledgerFiles(account.id)
  return {
    ...shared,
    journal,
    earlierIntents,
    alertHistory,
    accountRules: store.accountRules,
    ledgerFiles,
    mayAnnounce,
  }
}
