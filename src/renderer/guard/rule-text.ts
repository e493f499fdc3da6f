import { impactSentence } from '../../core/pods/data-impact-text'
import { type DataImpact, isDataKept } from '../../core/pods/data-impact'
import { formatDuration } from '../../core/base/format'
import type { AutoStopMode } from '../../core/pod-rules/pod-rules'
import { HOUR_MS, MINUTE_MS } from '../../core/base/time'

const ACCOUNT_MODE_TEXTS: Readonly<Record<AutoStopMode, string>> = {
  undecided: 'For the account nothing is chosen yet, so no pod is stopped.',
  off: 'For the account automatic stops are off.',
  ticked: 'The account’s pods are stopped only where they are ticked.',
  all: 'The account says: all pods.',
}

/** The account's auto-stop mode, and whether this pod overrides it. */
export function autoStopRuleText(mode: AutoStopMode, ownValue: boolean | undefined): string {
  const ownText = ownValue === undefined ? '' : ownValue ? ' This one is ticked.' : ' This one is not to be.'
  return `${ACCOUNT_MODE_TEXTS[mode]}${ownText}`
}

/** What an automatic stop would delete. */
export function dataLossText(stopImpact: readonly DataImpact[]): string {
  if (isDataKept(stopImpact))
    return 'Not needed here: what lies outside of its volume is lost at every stop, and the volume stays.'
  const isLossCertain = stopImpact.length > 0 && stopImpact.every(({ impact }) => impact === 'lost')
  return `${isLossCertain ? 'Nothing of it survives a stop' : 'What of it survives a stop is not known'}. Without this it is never stopped automatically.`
}

/** What a stop by a rule of this pod would delete, and whether the pod is stopped for it. */
export function dataLossQuestion(stopImpact: readonly DataImpact[], isAllowed: boolean): string {
  const consequence = isAllowed ? 'You allowed that.' : 'Until you allow that, the pod is not stopped.'
  return `${impactSentence(stopImpact)} ${consequence}`
}

/** Why a text is not a number; null when it is one or empty. The main process validates everything else. */
export function numberProblem(text: string): string | null {
  const trimmed = text.trim()
  if (trimmed === '') return null
  if (!/^[-+]?(\d+\.?\d*|\.\d+)$/.test(trimmed)) return 'That is not a number.'
  return Number(trimmed) > 0 ? null : 'It must be more than 0. Leave it empty for what the account says.'
}

export function ruleDurationText(
  ownValue: number | undefined,
  defaultValue: number | null | undefined,
  unit: 'minutes' | 'hours',
): string {
  const formatValue = (value: number) => formatDuration(value * (unit === 'hours' ? HOUR_MS : MINUTE_MS))
  if (ownValue !== undefined) return ` For this pod: ${formatValue(ownValue)}.`
  return defaultValue === null || defaultValue === undefined
    ? ''
    : ` As the account says: ${formatValue(defaultValue)}.`
}
