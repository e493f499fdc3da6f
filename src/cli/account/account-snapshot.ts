import { freeColor, watchesEndpoints, watchesNewPods } from '../../core/settings/account-record'
import type { AccountSnapshot } from '../../core/view/merge-snapshots'
import type { AccountEntry, Snapshot } from '../../core/view/snapshot'
import type { CliAccount } from './account'
import type { CliConfig } from './config'

/** The account with its snapshot, for showing it among others. */
export const toAccountSnapshot = (
  account: CliAccount,
  snapshot: Snapshot,
  appAccounts: CliConfig['appAccounts'],
): AccountSnapshot => ({ entry: toEntry(account, appAccounts), snapshot })

function toEntry({ name, view, lab }: CliAccount, appAccounts: CliConfig['appAccounts']): AccountEntry {
  const record = appAccounts.find(({ id }) => id === view.id)
  return {
    id: view.id,
    name,
    color: record?.color ?? freeColor(appAccounts),
    isDemo: view.isDemo,
    host: view.host,
    ...(lab !== undefined && { provider: 'hubify', lab }),
    // Whoever shows it asked for it.
    isPaused: false,
    monthlyBudgetUsd: record?.monthlyBudgetUsd ?? null,
    dailyBudgetUsd: record?.dailyBudgetUsd ?? null,
    watchesNewPods: watchesNewPods({ ...record, ...(lab !== undefined && { lab }) }),
    watchesEndpoints: watchesEndpoints({ ...record }),
  }
}
