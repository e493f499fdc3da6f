import { formatDuration, formatUsd } from '../../core/base/format'
import { HOUR_MS, MINUTE_MS } from '../../core/base/time'
import type { AutoStopMode } from '../../core/pod-rules/pod-rules'
import type { Settings } from '../../core/settings/settings'
import type { PodView } from '../../core/view/snapshot'

export interface RuleLine {
  readonly label: string
  readonly value: string
  /** Where the value is from; null: there is none to inherit. */
  readonly source: 'account' | 'this pod' | null
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
    source: own === undefined ? 'account' : 'this pod',
  })
  const spentUsd = pod.money?.monthUsd ?? null
  return [
    minutes('Alert after', rules.idleAlertAfterMin, settings?.idleAlertAfterMin),
    {
      label: 'Auto-stop',
      value: isAutoStopEnabled
        ? 'On'
        : mode === 'undecided' && isAutoStopped === undefined
          ? 'Not chosen yet'
          : 'Off',
      source: isAutoStopped === undefined ? 'account' : 'this pod',
    },
    minutes('Auto-stop after', rules.autoStopAfterMin, settings?.autoStopAfterMin),
    {
      label: 'Maximum hours',
      value:
        maxHours === undefined
          ? 'None'
          : `${formatDuration(maxHours * HOUR_MS)}, then ${rules.atMaxHours ?? 'stop'}`,
      source: maxHours === undefined ? null : 'this pod',
    },
    {
      label: 'Monthly budget',
      value:
        monthlyBudgetUsd === undefined
          ? 'None'
          : `${formatUsd(monthlyBudgetUsd)}${spentUsd === null ? '' : `, ${formatUsd(spentUsd)} spent`}${rules.atBudget === 'stop' ? ', then stop' : ''}`,
      source: monthlyBudgetUsd === undefined ? null : 'this pod',
    },
    ...(rules.isLowCpuIdle === true
      ? [{ label: 'Low CPU', value: 'Counts as idle', source: 'this pod' as const }]
      : []),
    ...(rules.mayLoseData === true
      ? [{ label: 'Data loss', value: 'Allowed at a stop', source: 'this pod' as const }]
      : []),
  ]
}
