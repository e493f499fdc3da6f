import type { AlertText } from '../alerts/alert'
import { formatDuration, formatMoment, formatUsd, formatUsdPerHour } from '../base/text/format'
import { shortName } from '../pods/pod-name'
import type { ActivityGap } from './endpoint-activity'
import type { EndpointView } from './endpoint-view'

/* Texts about serverless endpoints. Every amount is "up to", because an always running worker can be cheaper. */

export const workersText = (count: number): string => `${count} ${count === 1 ? 'worker' : 'workers'}`

export const gapTexts: Readonly<Record<ActivityGap, string>> = {
  'no-minimum': 'Runpod doesn’t say its minimum.',
  'no-queue': 'Its requests pass no queue, so Runpod doesn’t say whether its workers get any.',
  unreadable: 'Runpod’s answer about its workers can’t be used.',
  'none-ready': 'None of its workers is ready.',
  'not-read': 'Its workers have not been read yet.',
}

export const upToPerHourText = (usd: number | null): string =>
  usd === null ? 'price unknown' : `up to ${formatUsdPerHour(usd)}`

type IdleView = Extract<EndpointView['activity'], { readonly kind: 'idle' }>

/** "up to $3.30 so far"; without a price, nothing. */
export function costSoFarText({
  costUsd,
  isCostPartial,
}: Pick<IdleView, 'costUsd' | 'isCostPartial'>): string | null {
  if (costUsd === null || costUsd === 0) return null
  return isCostPartial
    ? `up to ${formatUsd(costUsd)} of it while it was watched`
    : `up to ${formatUsd(costUsd)} so far`
}

/** "idle since 2:05 PM", and how much of that was not watched. */
export function idleSinceText(
  { sinceMs, unobservedMs }: Pick<IdleView, 'sinceMs' | 'unobservedMs'>,
  nowMs: number,
): string {
  const since = `since ${formatMoment(sinceMs, { nowMs })}`
  return unobservedMs === 0 ? since : `${since}, not watched for ${formatDuration(unobservedMs)} of it`
}

export function idleEndpointAlertText(
  { name, minWorkers, perHourUsd }: Pick<EndpointView, 'name' | 'minWorkers' | 'perHourUsd'>,
  activity: IdleView,
  nowMs: number,
): AlertText {
  const facts = [
    `No request seen ${idleSinceText(activity, nowMs)}`,
    upToPerHourText(perHourUsd),
    ...[costSoFarText(activity)].filter((text) => text !== null),
  ]
  return {
    title: `Idle serverless workers: ${shortName(name, 60)}`,
    body: `${facts.join(' · ')}. The endpoint always keeps ${workersText(minWorkers ?? 1)}. If it isn’t needed, set its minimum to 0 in Costs.`,
    tone: 'warning',
  }
}
