import { numberSetting, type TextSetting, toggleSetting } from './setting-types'

/** The settings of money. See docs/product-rules.md#5-money. */
export const moneySettings = {
  monthlyBudgetUsd: budget(
    'Budget of a month',
    'USD, such as 600. Alerts come at 50, 80 and 100 %, and when the pace passes it before the month ends (UTC).',
  ),
  dailyBudgetUsd: budget('Budget of a day', 'USD. The same for each day, which is UTC’s, as Runpod bills.'),
  budgetFirstPercent: numberSetting('money', 'Tell me first at', '%', [50, 1, 100], 'Of a budget.'),
  budgetSecondPercent: numberSetting(
    'money',
    'Tell me again at',
    '%',
    [80, 1, 100],
    'Of a budget. At 100 % it is told always.',
  ),
  runwayFirstH: numberSetting(
    'money',
    'Tell me when the balance lasts less than',
    'hours',
    [24, 2, 720],
    'At what burns now. A top-up by a fifth arms it anew.',
  ),
  runwaySecondH: numberSetting(
    'money',
    'And again at',
    'hours',
    [6, 1, 168],
    'From here on it is critical: it is shown in quiet hours, too.',
  ),
  runwayLastH: numberSetting(
    'money',
    'And for the last time at',
    'hours',
    [1, 0.1, 24],
    'With the names of the pods that Runpod deletes when nothing is left.',
  ),
  unusedReminderDays: numberSetting(
    'money',
    'Remind me of unused disks every',
    'days',
    [7, 1, 90],
    'Stopped pods and volumes that no pod mounts cost on.',
  ),
  pollBillsMin: numberSetting(
    'money',
    'Read the bills every',
    'minutes',
    [15, 5, 1_440],
    'They come an hour late or more. They share the quota with the pods, which go first.',
  ),
  hasBudgetAlerts: toggleSetting('money', 'Budgets', true, 'A part of a budget is spent.'),
  hasPaceAlerts: toggleSetting(
    'money',
    'The pace of a budget',
    true,
    'As the last days went, it is passed before the month ends.',
  ),
  hasRunwayAlerts: toggleSetting(
    'money',
    'A low balance',
    true,
    'At $0 Runpod deletes pods that have no network volume.',
  ),
} as const

/** A larger budget is treated as a typing error. */
export const MAX_BUDGET_USD = 1_000_000

/** The budget in USD; null when there is none. */
export const budgetOf = (text: string | null): number | null =>
  text === null || budgetProblem(text) !== null ? null : Number(text)

function budgetProblem(text: string): string | null {
  const usd = /^\d+(\.\d{1,2})?$/.test(text) ? Number(text) : 0
  return usd > 0 && usd <= MAX_BUDGET_USD ? null : 'must be an amount in USD, such as 600 or 49.50'
}

function budget(label: string, help: string): TextSetting {
  return { kind: 'text', group: 'money', label, default: null, none: 'None', problem: budgetProblem, help }
}
