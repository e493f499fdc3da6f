import { formatDuration, formatUsd, formatUsdPerHour } from '../base/text/format'
import { HOUR_MS, MINUTE_MS } from '../base/time/time'
import type { PodRuleChanges, RuleOrigin } from './pod-rules'
import { describeStopTime, NO_STOP_TIME } from './stop-time'

/* What the activity log says of changed rules, and why one is refused. */

export const groupRulesUnreadableText =
  'Nothing was changed: the rules for several pods can’t be read. Apply them again first.'

export const stopTimeForAllText = (stopAt: string | null): string =>
  stopAt === null
    ? 'No time of day stops all pods.'
    : `All pods without a time of their own are stopped ${describeStopTime(stopAt)} unless in use.`

export const podGuardText: Readonly<Record<'stop' | 'report' | 'none', string>> = {
  stop: 'a guard in the pod, which may stop it',
  report: 'a guard in the pod, which only reports',
  none: 'no guard in the pod',
}

export const postStartText = {
  on: 'its guard starts with the container',
  off: 'its guard does not start with the container',
}

export const newPodGuardText: Readonly<Record<'stop' | 'report' | 'none', string>> = {
  stop: 'New pods get a guard, which may stop them.',
  report: 'New pods get a guard, which only reports.',
  none: 'New pods get no guard.',
}

/** A clause to follow the name of the pod and a colon. */
export function changesText(changes: PodRuleChanges): string {
  const { isAutoStopped, idleAlertAfterMin, autoStopAfterMin, maxHours, atMaxHours, mayLoseData } = changes
  const { monthlyBudgetUsd: budgetUsd, atBudget, isLowCpuIdle, stopAt, startAt, startMaxPerHourUsd } = changes
  const after = (what: string, ms: number | null | undefined): string | null => {
    if (ms === undefined) return null
    return ms === null ? `${what} as for all pods` : `${what} after ${formatDuration(ms)}`
  }
  const inMs = (value: number | null | undefined, unitMs: number): number | null | undefined =>
    typeof value === 'number' ? value * unitMs : value
  const autoStopText = { true: 'selected for auto-stop', false: 'excluded from auto-stop' }
  const parts = [
    isAutoStopped === undefined
      ? null
      : isAutoStopped === null
        ? 'auto-stop as for all pods'
        : autoStopText[`${isAutoStopped}`],
    after('alert', inMs(idleAlertAfterMin, MINUTE_MS)),
    after('auto-stop', inMs(autoStopAfterMin, MINUTE_MS)),
    maxHours === undefined
      ? null
      : maxHours === null
        ? 'no maximum hours'
        : `at most ${formatDuration(maxHours * HOUR_MS)} from its start`,
    atMaxHours === undefined ? null : 'stopped once its maximum hours are over',
    stopAt === undefined
      ? null
      : stopAt === null
        ? 'stopped at a time of day as all pods'
        : stopAt === NO_STOP_TIME
          ? 'not stopped at a time of day'
          : `stopped ${describeStopTime(stopAt)} unless in use`,
    startAt === undefined ? null : startAt === null ? 'no planned start' : `started once at ${startAt}`,
    typeof startMaxPerHourUsd === 'number' ? `for at most ${formatUsdPerHour(startMaxPerHourUsd)}` : null,
    budgetUsd === undefined
      ? null
      : budgetUsd === null
        ? 'no budget of its own'
        : `a budget of ${formatUsd(budgetUsd)} a month (UTC)`,
    atBudget === undefined
      ? null
      : atBudget === null
        ? 'alert only, not stopped, once its budget is spent'
        : 'stopped once its budget is spent',
    mayLoseData === undefined
      ? null
      : mayLoseData === true
        ? 'an automatic stop may lose data'
        : 'an automatic stop may not lose data',
    isLowCpuIdle === undefined
      ? null
      : isLowCpuIdle === true
        ? 'CPU below 3% counts as idle'
        : 'CPU below 3% counts as idle only where it can be told apart from a busy core',
  ]
  return parts.filter((each) => each !== null).join(', ')
}

/** "rule “scratch”", "all pods". */
export const ruleOriginText = (origin: RuleOrigin): string =>
  origin.kind === 'pattern' ? `rule “${origin.name}”` : 'all pods'
