import type { PodRuleChanges, PodRules } from './guard'
import type { Settings } from './settings'
import { settingProblem } from './settings'

/** A year. */
const LONGEST_HOURS = 8_760

/** Why a pod's rules after `changes` make no sense, alone or with the settings, as a sentence; null when they do. */
export function podRuleProblem(rules: PodRules, changes: PodRuleChanges, settings: Settings): string | null {
  for (const name of ['idleAlertAfterMin', 'autoStopAfterMin'] as const) {
    const value = changes[name]
    const problem = value === undefined || value === null ? null : settingProblem(name, value)
    if (problem !== null) return `This ${problem}.`
  }
  const { maxHours } = changes
  if (typeof maxHours === 'number' && !(maxHours > 0 && maxHours <= LONGEST_HOURS))
    return `Maximum hours must be more than 0, and at most ${LONGEST_HOURS.toLocaleString('en-US')}.`
  if (changes.idleAlertAfterMin === undefined && changes.autoStopAfterMin === undefined) return null
  const alert = rules.idleAlertAfterMin ?? settings.idleAlertAfterMin
  const stop = rules.autoStopAfterMin ?? settings.autoStopAfterMin
  const warning = settings.autoStopFirstWarningMin
  if (alert >= stop)
    return `A pod that is stopped after ${stop} quiet minutes must be told of sooner than after ${alert} idle ones.`
  if (warning >= stop)
    return `A pod that is stopped after ${stop} quiet minutes cannot be warned of ${warning} minutes before.`
  return null
}
