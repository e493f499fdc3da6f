import type { MonitorOptions } from '../../../core/monitor/monitor-types'
import type { LedgerFiles } from '../../../core/money/ledger/ledger-files'
import type { AccountView } from '../../../core/view/snapshot'
import { nullJournal, type OpenCreates, type OpenJournal } from '../../../node/data-folder/journal/journal'
import { createMemoryLedgerFiles } from '../../../node/data-folder/records/ledger-files'
import {
  createMemoryAccountRules,
  unansweredAccountRules,
} from '../../../node/in-memory/memory-account-rules'
import { createMemoryAlertHistory } from '../../../node/in-memory/memory-alert-history'

/** Stores of the data folder that accounts use. */
export interface AccountPortSources extends Pick<
  MonitorOptions,
  'alertHistory' | 'accountRules' | 'mayAnnounce' | 'idleEpisodes'
> {
  readonly journal: OpenJournal
  readonly creates?: OpenCreates
  readonly openLedgerFiles: (accountId: string) => LedgerFiles
}

export interface AccountPorts extends Pick<
  MonitorOptions,
  'journal' | 'earlierIntents' | 'creates' | 'alertHistory' | 'accountRules' | 'mayAnnounce' | 'idleEpisodes'
> {
  readonly ledgerFiles: LedgerFiles
}

/**
 * The stores of an account's actions, alerts and rules. Those of the demo are in memory, and no other process
 * sends its alerts. Of an account that may be an earlier one, rules and costs are those of neither until the person
 * has answered, so nothing is stopped automatically.
 */
export function accountPortsOf(
  account: Pick<AccountView, 'id' | 'isDemo' | 'earlierKeyEnding'>,
  {
    journal,
    creates,
    alertHistory,
    accountRules,
    mayAnnounce,
    idleEpisodes,
    openLedgerFiles,
  }: AccountPortSources,
): AccountPorts {
  if (account.isDemo)
    return {
      journal: nullJournal,
      earlierIntents: [],
      creates: { journal: nullJournal, earlier: [] },
      alertHistory: createMemoryAlertHistory(),
      accountRules: createMemoryAccountRules(),
      ledgerFiles: createMemoryLedgerFiles(),
      mayAnnounce: () => true,
    }
  const isUnclear = account.earlierKeyEnding !== undefined
  return {
    journal,
    earlierIntents: journal.latest().filter((intent) => intent.accountId === account.id),
    ...(creates && {
      creates: {
        journal: creates,
        earlier: creates.latest().filter((create) => create.accountId === account.id),
      },
    }),
    alertHistory,
    accountRules: isUnclear ? unansweredAccountRules : accountRules,
    ledgerFiles: isUnclear ? createMemoryLedgerFiles() : openLedgerFiles(account.id),
    mayAnnounce,
    ...(idleEpisodes && { idleEpisodes }),
  }
}
