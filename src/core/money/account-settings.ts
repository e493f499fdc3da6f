import { type AccountRecord, watchesEndpoints, watchesNewPods } from '../settings/account-record'
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
export function accountSettings(settings: Settings, record: AccountSettings, count: number): Settings {
  const hasUnrecognizedPodAlerts = settings.hasUnrecognizedPodAlerts && watchesNewPods(record)
  const hasIdleEndpointAlerts = settings.hasIdleEndpointAlerts && watchesEndpoints(record)
  const isSame =
    hasUnrecognizedPodAlerts === settings.hasUnrecognizedPodAlerts &&
    hasIdleEndpointAlerts === settings.hasIdleEndpointAlerts
  if (count < 2) return isSame ? settings : { ...settings, hasUnrecognizedPodAlerts, hasIdleEndpointAlerts }
  return {
    ...settings,
    hasUnrecognizedPodAlerts,
    hasIdleEndpointAlerts,
    monthlyBudgetUsd: record.monthlyBudgetUsd?.toFixed(2) ?? null,
    dailyBudgetUsd: record.dailyBudgetUsd?.toFixed(2) ?? null,
  }
}

type AccountSettings = Pick<
  AccountRecord,
  'monthlyBudgetUsd' | 'dailyBudgetUsd' | 'watchesNewPods' | 'watchesEndpoints' | 'lab'
>
