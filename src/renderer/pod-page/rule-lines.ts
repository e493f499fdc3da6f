import { formatDuration } from '../../core/base/text/format'
import { MINUTE_MS } from '../../core/base/time/time'
import type { AutoStopMode, GroupRuleName, PodRules } from '../../core/pod-rules/pod-rules'
import { plannedStartOf } from '../../core/pod-rules/planned-start'
import { describeStopTime, NO_STOP_TIME } from '../../core/pod-rules/stop-time'
import type { Settings } from '../../core/settings/settings'
import { ruleOriginText } from '../../core/pod-rules/pod-rules-text'
import type { PodView } from '../../core/view/snapshot'
import { isAutoStopOff } from '../guard/auto-stop-pods'
import { ruleLineText } from './pod-page-text'

const { sources } = ruleLineText
const ownTimeZone = new Intl.DateTimeFormat().resolvedOptions().timeZone

export interface RuleLine {
  readonly label: string
  readonly value: string
  /** Where the value is from; null: there is none to inherit. */
  readonly source: string | null
  /** Its switch stands beside it. */
  readonly isAutoStop?: true
}

/** The rules of a pod in words, each with where it is from. `settings` null: not known yet. `nowMs`: Unix ms. */
export function ruleLines(
  pod: PodView,
  mode: AutoStopMode,
  settings: Pick<Settings, 'idleAlertAfterMin' | 'autoStopAfterMin'> | null,
  nowMs: number,
): readonly RuleLine[] {
  const { rules, ruleOrigins, isAutoStopEnabled } = pod.guard
  const sourceOf = (name: GroupRuleName): string => {
    const origin = ruleOrigins?.[name]
    return origin === undefined ? sources.pod : ruleOriginText(origin)
  }
  const { maxHours, monthlyBudgetUsd, isAutoStopped } = rules
  const minutes = (name: 'idleAlertAfterMin' | 'autoStopAfterMin', label: string): RuleLine => {
    const [own, inherited] = [rules[name], settings?.[name]]
    return {
      label,
      value:
        own === undefined && inherited === undefined
          ? '…'
          : formatDuration((own ?? inherited ?? 0) * MINUTE_MS),
      source: own === undefined ? sources.account : sourceOf(name),
    }
  }
  const spentUsd = pod.money?.monthUsd ?? null
  return [
    minutes('idleAlertAfterMin', ruleLineText.alertAfter),
    {
      label: ruleLineText.autoStop,
      value: isAutoStopEnabled ? ruleLineText.on : ruleLineText.off,
      source:
        isAutoStopped === undefined || isAutoStopOff(mode) ? sources.account : sourceOf('isAutoStopped'),
      isAutoStop: true,
    },
    minutes('autoStopAfterMin', ruleLineText.autoStopAfter),
    {
      label: ruleLineText.maxHours,
      value:
        maxHours === undefined ? ruleLineText.none : ruleLineText.hours(maxHours, rules.atMaxHours ?? 'stop'),
      source: maxHours === undefined ? null : sourceOf('maxHours'),
    },
    ...timeLines(rules, sourceOf('stopAt'), nowMs),
    {
      label: ruleLineText.monthlyBudget,
      value:
        monthlyBudgetUsd === undefined
          ? ruleLineText.none
          : ruleLineText.budget(monthlyBudgetUsd, spentUsd, rules.atBudget === 'stop'),
      source: monthlyBudgetUsd === undefined ? null : sourceOf('monthlyBudgetUsd'),
    },
    ...(rules.isLowCpuIdle === true
      ? [{ label: ruleLineText.lowCpu, value: ruleLineText.countsAsIdle, source: sourceOf('isLowCpuIdle') }]
      : []),
    ...(rules.mayLoseData === true
      ? [{ label: ruleLineText.dataLoss, value: ruleLineText.allowedAtStop, source: sourceOf('mayLoseData') }]
      : []),
  ]
}

/** The times at which the pod is stopped, and started once. `stopSource`: where the stop time is from. */
function timeLines(rules: PodRules, stopSource: string, nowMs: number): readonly RuleLine[] {
  const { stopAt } = rules
  const plan = plannedStartOf(rules)
  return [
    ...(stopAt === undefined
      ? []
      : [
          {
            label: ruleLineText.stopAt,
            value:
              stopAt === NO_STOP_TIME
                ? ruleLineText.never
                : ruleLineText.stopTime(describeStopTime(stopAt, ownTimeZone)),
            source: stopSource,
          },
        ]),
    ...(plan === null
      ? []
      : [
          {
            label: ruleLineText.startAt,
            value: ruleLineText.plannedStart(plan.atMs, plan.maxPerHourUsd, nowMs),
            source: sources.pod,
          },
        ]),
  ]
}
