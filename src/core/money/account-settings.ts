import type { AccountRecord } from '../settings/account-record'
import { budgetOf } from '../settings/definitions/money-settings'
import type { Settings } from '../settings/settings'
import type { Budgets } from './money-view'

/** The budgets of all accounts together. */
export function overallBudgets({ monthlyBudgetUsd, dailyBudgetUsd }: Settings): Budgets {
  return { monthlyUsd: budgetOf(monthlyBudgetUsd), dailyUsd: budgetOf(dailyBudgetUsd) }
}

/**
 * The settings as they apply to one of `count` accounts: of several, each has budgets of its own or none. The only
 * account has those of the settings.
 */
export function accountSettings(
  settings: Settings,
  { monthlyBudgetUsd, dailyBudgetUsd }: Pick<AccountRecord, 'monthlyBudgetUsd' | 'dailyBudgetUsd'>,
  count: number,
): Settings {
  if (count < 2) return settings
  return {
    ...settings,
    monthlyBudgetUsd: monthlyBudgetUsd?.toFixed(2) ?? null,
    dailyBudgetUsd: dailyBudgetUsd?.toFixed(2) ?? null,
  }
}
