import type { DataFate } from '../../core/pods/data-impact'
import { formatDuration } from '../../core/base/format'
import type { AutoStopMode } from '../../core/pod-rules/pod-rules'
import { HOUR_MS, MINUTE_MS } from '../../core/base/time'

const BY_ACCOUNT: Readonly<Record<AutoStopMode, string>> = {
  undecided: 'For the account nothing is chosen yet, so no pod is stopped.',
  off: 'For the account automatic stops are off.',
  ticked: 'The account’s pods are stopped only where they are ticked.',
  all: 'The account says: all pods.',
}

/** What the account says of automatic stops, and whether this pod says otherwise. */
export function autoStopTickWords(mode: AutoStopMode, ownTick: boolean | undefined): string {
  const own = ownTick === undefined ? '' : ownTick ? ' This one is ticked.' : ' This one is not to be.'
  return `${BY_ACCOUNT[mode]}${own}`
}

/** What the tick gives away. */
export function lossWords(stopFate: readonly DataFate[]): string {
  if (stopFate.some(({ fate }) => fate === 'kept'))
    return 'Not needed here: what lies outside of its volume is lost at every stop, and the volume stays.'
  const isKnown = stopFate.length > 0 && stopFate.every(({ fate }) => fate === 'lost')
  return `${isKnown ? 'Nothing of it survives a stop' : 'What of it survives a stop is not known'}. Without this it is never stopped automatically.`
}

/** Why a text is no span of time; null: it is one, or empty. What else is wrong the app itself says. */
export function numberProblem(text: string): string | null {
  const trimmed = text.trim()
  if (trimmed === '') return null
  if (!/^[-+]?(\d+\.?\d*|\.\d+)$/.test(trimmed)) return 'That is not a number.'
  return Number(trimmed) > 0 ? null : 'It must be more than 0. Leave it empty for what the account says.'
}

/** " As the account says: 6 h 00 m." or " 2 h 30 m."; nothing where there is nothing to say. */
export function spanWords(
  set: number | undefined,
  usual: number | null | undefined,
  unit: 'minutes' | 'hours',
): string {
  const inWords = (value: number) => formatDuration(value * (unit === 'hours' ? HOUR_MS : MINUTE_MS))
  if (set !== undefined) return ` For this pod: ${inWords(set)}.`
  return usual === null || usual === undefined ? '' : ` As the account says: ${inWords(usual)}.`
}
