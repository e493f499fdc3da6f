import { parseUsd } from './usd-text'
import { numberSetting, type TextSetting, toggleSetting } from './setting-types'

/** The settings of money. See docs/product-rules.md#5-money. */
export const moneySettings = {
  monthlyBudgetUsd: budget('Monthly budget', 'You’re also alerted when the forecast exceeds it'),
  dailyBudgetUsd: budget('Daily budget', 'Days end at midnight UTC, as on Runpod’s bills'),
  budgetFirstPercent: numberSetting(
    'budget',
    'First budget alert',
    '%',
    [50, 1, 100],
    'Share of a budget that is spent',
    'notification threshold',
  ),
  budgetSecondPercent: numberSetting(
    'budget',
    'Second budget alert',
    '%',
    [80, 1, 100],
    'Share of a budget that is spent; the alert at 100% always comes',
    'notification threshold',
  ),
  runwayFirstH: numberSetting(
    'balance',
    'First balance alert',
    'hours',
    [24, 2, 720],
    'Hours that the balance lasts at the current rate',
    'notification runway credit funds low',
  ),
  runwaySecondH: numberSetting(
    'balance',
    'Second balance alert',
    'hours',
    [6, 1, 168],
    'Critical from here on, so also shown in quiet hours',
    'notification runway credit funds low',
  ),
  runwayLastH: numberSetting(
    'balance',
    'Last balance alert',
    'hours',
    [1, 0.1, 24],
    'Names the pods that Runpod deletes at $0',
    'notification runway credit funds low',
  ),
  unusedReminderDays: numberSetting(
    'balance',
    'Unused disk reminder',
    'days',
    [7, 1, 90],
    'Stopped pods and unmounted volumes still cost money',
    'notification storage volume network',
  ),
  hasBudgetAlerts: toggleSetting(
    'money-kinds',
    'Budget spent',
    true,
    'At the shares set above, and at 100%',
    'notification notify alert',
  ),
  hasPaceAlerts: toggleSetting(
    'money-kinds',
    'Budget forecast',
    true,
    'At the recent pace, the month would exceed your budget',
    'notification notify alert pace',
  ),
  hasRunwayAlerts: toggleSetting(
    'money-kinds',
    'Low balance',
    true,
    'At $0, Runpod deletes pods without a network volume',
    'notification notify alert runway credit funds',
  ),
  hasCleanUpReminders: toggleSetting(
    'money-kinds',
    'Clean-up reminder',
    true,
    'Once a month, if unused volumes and pods cost $1 or more',
    'notification notify alert unused leftover orphan storage',
  ),
} as const

/** A larger budget is treated as a typing error. */
export const MAX_BUDGET_USD = 1_000_000

/** The budget in USD; null when there is none. */
export const budgetOf = (text: string | null): number | null =>
  text === null || budgetProblem(text) !== null ? null : parseUsd(text)

function budgetProblem(text: string): string | null {
  const usd = parseUsd(text)
  return usd !== null && usd > 0 && usd <= MAX_BUDGET_USD
    ? null
    : 'must be an amount in USD, such as 600, $1,000 or 49.50'
}

function budget(label: string, help: string): TextSetting {
  return {
    kind: 'text',
    group: 'budget',
    label,
    default: null,
    none: 'None',
    format: 'usd',
    problem: budgetProblem,
    help,
    keywords: 'limit spending money dollar',
  }
}
