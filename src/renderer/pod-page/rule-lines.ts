import { formatDuration } from '../../core/base/text/format'
import { MINUTE_MS } from '../../core/base/time/time'
import type { AutoStopMode } from '../../core/pod-rules/pod-rules'
import type { Settings } from '../../core/settings/settings'
import type { PodView } from '../../core/view/snapshot'
import { ruleLineText } from './pod-page-text'

const { sources } = ruleLineText

export interface RuleLine {
  readonly label: string
  readonly value: string
  /** Where the value is from; null: there is none to inherit. */
  readonly source: (typeof sources)[keyof typeof sources] | null
}

/** The rules of a pod in words, each with where it is from. `settings` null: not known yet. */
export function ruleLines(
  pod: PodView,
  mode: AutoStopMode,
  settings: Pick<Settings, 'idleAlertAfterMin' | 'autoStopAfterMin'> | null,
): readonly RuleLine[] {
  const { rules, isAutoStopEnabled } = pod.guard
  const { maxHours, monthlyBudgetUsd, isAutoStopped } = rules
  const minutes = (label: string, own: number | undefined, inherited: number | undefined): RuleLine => ({
    label,
    value:
      own === undefined && inherited === undefined
        ? '…'
        : formatDuration((own ?? inherited ?? 0) * MINUTE_MS),
    source: own === undefined ? sources.account : sources.pod,
  })
  const spentUsd = pod.money?.monthUsd ?? null
  return [
    minutes(ruleLineText.alertAfter, rules.idleAlertAfterMin, settings?.idleAlertAfterMin),
    {
      label: ruleLineText.autoStop,
      value: isAutoStopEnabled
        ? ruleLineText.on
        : mode === 'undecided' && isAutoStopped === undefined
          ? ruleLineText.notChosen
          : ruleLineText.off,
      source: isAutoStopped === undefined ? sources.account : sources.pod,
    },
    minutes(ruleLineText.autoStopAfter, rules.autoStopAfterMin, settings?.autoStopAfterMin),
    {
      label: ruleLineText.maxHours,
      value:
        maxHours === undefined ? ruleLineText.none : ruleLineText.hours(maxHours, rules.atMaxHours ?? 'stop'),
      source: maxHours === undefined ? null : sources.pod,
    },
    {
      label: ruleLineText.monthlyBudget,
      value:
        monthlyBudgetUsd === undefined
          ? ruleLineText.none
          : ruleLineText.budget(monthlyBudgetUsd, spentUsd, rules.atBudget === 'stop'),
      source: monthlyBudgetUsd === undefined ? null : sources.pod,
    },
    ...(rules.isLowCpuIdle === true
      ? [{ label: ruleLineText.lowCpu, value: ruleLineText.countsAsIdle, source: sources.pod }]
      : []),
    ...(rules.mayLoseData === true
      ? [{ label: ruleLineText.dataLoss, value: ruleLineText.allowedAtStop, source: sources.pod }]
      : []),
  ]
}
