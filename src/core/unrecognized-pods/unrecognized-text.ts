import type { AlertText } from '../alerts/alert'
import { formatMoment, formatTimeOfDay } from '../base/text/format'
import { burnRate, burnRateText } from '../money/burn-rate'
import { hardwareOf } from '../pods/pod-capabilities'
import { namesText, shortName } from '../pods/pod-name'
import type { Pod } from '../pods/pod'
import type { Appearance } from './known-pods'

const MAX_NAME_IN_TITLE = 60

/** `pods`: at least one. Of a critical appearance they are all that appeared within minutes. */
export function appearanceAlertText(
  one: Appearance,
  pods: readonly Pod[],
  { service, nowMs }: { readonly service: string; readonly nowMs: number },
): AlertText {
  const [first] = pods
  const single = pods.length === 1 && first !== undefined ? first : null
  const [who, it] =
    single === null ? [`${pods.length} pods`, 'them'] : [shortName(single.name, MAX_NAME_IN_TITLE), 'it']
  const what = single === null ? namesText(pods) : hardwareOf(single)
  const facts = [...(what === null ? [] : [what]), priceText(pods), seenText(one, nowMs)]
  const maybe = pods.every(({ runId }) => runId !== undefined) ? ` ${otherComputerText(it)}` : ''
  return {
    title: titleOf(one, who),
    body: `${facts.join(' · ')}.${maybe} If nobody you know created ${it}, stop ${it} and revoke your API keys in ${service}.`,
    tone: one.isCritical ? 'bad' : 'warning',
  }
}

function titleOf({ isCritical, unwatchedSinceMs }: Appearance, who: string): string {
  if (unwatchedSinceMs !== null) return `${who} appeared while Podkeeper wasn’t watching`
  return `${who} appeared${isCritical ? ' within minutes' : ''}, not created by Podkeeper here`
}

const otherComputerText = (it: string): string =>
  `Podkeeper on another computer, or with another data folder, may have created ${it}.`

function priceText(pods: readonly Pod[]): string {
  const burn = burnRate(pods)
  return burn.isAtLeast && burn.perHourUsd === 0 ? 'price unknown' : burnRateText(burn)
}

function seenText(
  { atMs, unwatchedSinceMs }: Pick<Appearance, 'atMs' | 'unwatchedSinceMs'>,
  nowMs: number,
): string {
  return unwatchedSinceMs === null
    ? `seen at ${formatTimeOfDay(atMs)}`
    : `between ${formatMoment(unwatchedSinceMs, { nowMs })} and ${formatMoment(atMs, { nowMs })}`
}

/** What a pod's card says of it, without a full stop. */
export function unrecognizedText(one: Pick<Appearance, 'atMs' | 'unwatchedSinceMs'>, nowMs: number): string {
  return one.unwatchedSinceMs === null
    ? `Appeared at ${formatMoment(one.atMs, { nowMs })}, not created by Podkeeper here`
    : `Appeared ${seenText(one, nowMs)}, while Podkeeper wasn’t watching`
}

export const recognitionText = {
  recognized: (name: string) => `You recognized ${shortName(name)} as yours.`,
  notAsked: 'Nobody is asked about that pod.',
} as const
