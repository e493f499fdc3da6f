import { formatDuration, formatNumber } from '../base/text/format'
import { MINUTE_MS } from '../base/time/time'
import type { PodRuleChanges, PodRules } from './pod-rules'
import { settingProblem, type Settings } from '../settings/settings'
import { MAX_BUDGET_USD } from '../settings/definitions/money-settings'

/** A year. */
const MAX_MAX_HOURS = 8_760

/**
 * Why a pod's rules after `changes` are invalid, alone or together with the settings, as a sentence; null
 * when they are valid.
 */
export function podRuleProblem(rules: PodRules, changes: PodRuleChanges, settings: Settings): string | null {
  for (const name of ['idleAlertAfterMin', 'autoStopAfterMin'] as const) {
    const value = changes[name]
    const problem = value === undefined || value === null ? null : settingProblem(name, value)
    if (problem !== null) return `This ${problem}.`
  }
  const { maxHours } = changes
  if (typeof maxHours === 'number' && !(maxHours > 0 && maxHours <= MAX_MAX_HOURS))
    return `Maximum hours must be more than 0, and at most ${formatNumber(MAX_MAX_HOURS)}.`
  const { monthlyBudgetUsd: budgetUsd } = changes
  if (typeof budgetUsd === 'number' && !(budgetUsd >= 0.01 && budgetUsd <= MAX_BUDGET_USD))
    return `A budget must be at least $0.01, and at most $${formatNumber(MAX_BUDGET_USD)}.`
  if (changes.atBudget === 'stop' && rules.monthlyBudgetUsd === undefined)
    return 'Set a monthly budget for this pod first.'
  if (changes.idleAlertAfterMin === undefined && changes.autoStopAfterMin === undefined) return null
  const alert = rules.idleAlertAfterMin ?? settings.idleAlertAfterMin
  const stop = rules.autoStopAfterMin ?? settings.autoStopAfterMin
  const warning = settings.autoStopFirstWarningMin
  if (alert >= stop)
    return `The idle alert (${formatDuration(alert * MINUTE_MS)}) must come before the stop (${formatDuration(stop * MINUTE_MS)}).`
  if (warning >= stop)
    return `The stop (after ${formatDuration(stop * MINUTE_MS)}) is too early for its first warning (${formatDuration(warning * MINUTE_MS)} before).`
  return null
}
