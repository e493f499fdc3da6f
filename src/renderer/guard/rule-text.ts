import { impactSentence } from '../../core/pods/data-impact-text'
import { type DataImpact, isDataKept } from '../../core/pods/data-impact'
import { formatDuration, formatMoment, formatUsd } from '../../core/base/text/format'
import type { AutoStopMode, RuleOrigin } from '../../core/pod-rules/pod-rules'
import { ruleOriginText } from '../../core/pod-rules/pod-rules-text'
import { HOUR_MS, MINUTE_MS } from '../../core/base/time/time'

/** The account's auto-stop mode, and whether this pod overrides it. */
export function autoStopRuleText(
  mode: AutoStopMode,
  value: boolean | undefined,
  origin: RuleOrigin | undefined,
): string {
  const by = origin === undefined ? '' : `, by ${ruleOriginText(origin)}`
  if (mode === 'off' || mode === 'undecided') {
    const selected = value === true ? `, although this pod is selected${by}` : ''
    return `Auto-stop is off for this account${selected}. Turning it on asks you once.`
  }
  const podText =
    value === undefined ? '' : value ? ` This pod is selected${by}.` : ` This pod isn’t selected${by}.`
  return `${mode === 'all' ? 'Auto-stop is on for all pods of the account.' : 'The account stops selected pods only.'}${podText}`
}

/** What an automatic stop would delete. */
export function dataLossText(stopImpact: readonly DataImpact[]): string {
  if (isDataKept(stopImpact))
    return 'Not needed here: the volume survives a stop. Data outside it is lost at every stop.'
  const isLossCertain = stopImpact.length > 0 && stopImpact.every(({ impact }) => impact === 'lost')
  return `${isLossCertain ? 'No data on this pod survives a stop' : 'It isn’t known which data survives a stop'}. Unless you allow this, it is never stopped automatically.`
}

/** What a stop by a rule of this pod would delete, and whether the pod is stopped for it. */
export function dataLossQuestion(stopImpact: readonly DataImpact[], isAllowed: boolean): string {
  const consequence = isAllowed ? 'You allowed this.' : 'The pod isn’t stopped until you allow this.'
  return `${impactSentence(stopImpact)} ${consequence}`
}

/** Why a text is not a number; null when it is one or empty. The main process validates everything else. */
export function numberProblem(text: string): string | null {
  const trimmed = text.trim()
  if (trimmed === '') return null
  if (!/^[-+]?(\d+\.?\d*|\.\d+)$/.test(trimmed)) return 'Enter a number.'
  return Number(trimmed) > 0 ? null : 'Enter a number above 0, or leave it empty to use the account setting.'
}

export interface RuleValue {
  /** The pod's own value; undefined when it inherits the account's. */
  readonly ownValue: number | undefined
  /** The account's value; null when there is none. */
  readonly defaultValue: number | null | undefined
  /** Of the default; absent: the account's setting. */
  readonly origin: RuleOrigin | undefined
  readonly unit: 'minutes' | 'hours' | 'USD'
}

/** The value that applies, and where it is from, to follow the help of a rule. */
export function ruleValueText({ ownValue, defaultValue, origin, unit }: RuleValue): string {
  const formatValue = (value: number) =>
    unit === 'USD' ? formatUsd(value) : formatDuration(value * (unit === 'hours' ? HOUR_MS : MINUTE_MS))
  if (origin !== undefined && typeof defaultValue === 'number')
    return ` From ${ruleOriginText(origin)}: ${formatValue(defaultValue)}.`
  if (unit === 'USD') return ''
  if (ownValue !== undefined) return ` This pod: ${formatValue(ownValue)}.`
  return typeof defaultValue === 'number' ? ` Account setting: ${formatValue(defaultValue)}.` : ''
}

export const ruleText = {
  dataLoss: 'Data loss',
  allowDataLoss: 'Allow data loss',
  useAccountSetting: (rule: string) => `${rule}: use account setting`,
  autoStop: 'Auto-stop',
  autoStopThisPod: 'Auto-stop this pod',
  idleAlertAfter: 'Idle alert after',
  idleAlertHelp: 'Counts observed idle time.',
  stopAfter: 'Stop after',
  stopAfterHelp: 'Counts quiet time, stricter than idle. Two warnings come first.',
  maxHours: 'Maximum hours',
  maxHoursHelp: 'Since its start, busy or not, after two warnings. Empty for no limit.',
  stopAt: 'Stop at',
  /** `zone`: the time zone, where it is another than here. */
  stopAtHelp: (zone: string | null) =>
    `Unless it’s in use: then once that’s over, within 8 h. Two warnings come first.${zone === null ? '' : ` Time in ${zone}.`}`,
  stopDays: 'Stop on',
  stopAtExempt: 'Not with all pods',
  /** `when`: when all pods are stopped; null: at no time of day. */
  stopAtExemptHelp: (when: string | null) =>
    when === null
      ? 'No time of day stops it, even if you set one for all pods.'
      : `All pods of the account are stopped ${when} unless in use. Other rules of this pod stay.`,
  startAt: 'Start at',
  /** `atMs`: Unix ms; null: none is planned. */
  startAtHelp: (atMs: number | null, nowMs: number) =>
    `Once, ${atMs === null ? 'when this time comes next' : formatMoment(atMs, { nowMs })}, while Podkeeper runs, and not if it’s 15 min late. Needs maximum hours.`,
  noStart: 'Cancel the planned start',
  startMaxPrice: 'Start for at most',
  startMaxPriceHelp: 'Not started if it costs more then, with its disks.',
  usdPerHour: 'USD per hour',
  everyDay: 'Every day',
  weekdays: 'Weekdays',
  weekends: 'Weekends',
  notATime: 'Enter a time of day.',
  lowCpu: 'Low CPU',
  lowCpuIsIdle: 'Low CPU is idle',
  lowCpuHelp: 'Counts CPU below 3% as idle, so one busy core on a large pod won’t hold a stop.',
  monthlyBudget: 'Monthly budget',
  /** `spentUsd`: this month; null while unknown. */
  monthlyBudgetHelp: (spentUsd: number | null) =>
    `Alerts you when it’s spent (UTC). Empty for none.${
      spentUsd === null ? '' : ` Spent so far: ${formatUsd(spentUsd)}.`
    }`,
  stopAtBudget: 'Stop at budget',
  stopAtBudgetHelp: 'After two warnings, once the budget is spent for certain. Applies until the month ends.',
  atMaxHours: 'At maximum hours',
  terminateHelp: 'Terminating also deletes the pod’s volume. Podkeeper asks for its name first.',
  stop: 'Stop',
  terminate: 'Terminate…',
} as const

export const rulesDialogText = {
  gonePod: 'a pod that is gone',
  label: (pod: string) => `Guard rules of ${pod}`,
  title: 'Guard rules of',
  notListed: 'This pod is no longer listed, so no rules apply.',
  whenStopped: 'When stopped:',
  note: 'Maximum hours, a time of day and a budget apply even if auto-stop is off. If in doubt, the pod keeps running, and its card says why.',
} as const
