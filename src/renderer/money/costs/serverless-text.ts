import { formatAgo, formatDuration, formatMoment, formatUsd } from '../../../core/base/text/format'
import {
  costSoFarText,
  gapTexts,
  idleSinceText,
  upToPerHourText,
  workersText,
} from '../../../core/endpoints/endpoint-text'
import type { EndpointsView, EndpointView } from '../../../core/endpoints/endpoint-view'
import { MINUTE_MS } from '../../../core/base/time/time'

export const serverlessText = {
  title: 'Serverless workers',
  scope: 'At most, by Runpod’s price list. Not in the current rate; above only once Runpod has billed it.',
  setToZero: 'Set minimum to 0…',
  setToZeroOf: (name: string) => `${name}: Set minimum to 0…`,
  notSet: (name: string) => `The minimum of ${name} was not set`,
  minimum: (count: number | null) => (count === null ? 'minimum unknown' : `minimum ${workersText(count)}`),
  couldNotRead: (problem: string) => `Couldn’t read the serverless endpoints: ${problem}`,
} as const

/** "up to $1.10/hr". */
export const priceText = ({ perHourUsd }: EndpointView): string => upToPerHourText(perHourUsd)

/** "up to $792.00 a month". */
export const monthText = ({ perMonthUsd }: EndpointView): string | undefined =>
  perMonthUsd === null ? undefined : `up to ${formatUsd(perMonthUsd)} a month`

/** Reads are 10 min apart. */
const OLD_AFTER_MS = 25 * MINUTE_MS

/** What is known of its requests, and how old that is where it is old. */
export function requestsText({ activity, problem, readAtMs }: EndpointView, nowMs: number): string {
  const old =
    readAtMs !== null && nowMs - readAtMs > OLD_AFTER_MS ? [`read ${formatAgo(nowMs - readAtMs)}`] : []
  const failed = problem === null ? [] : [`couldn’t be read: ${problem}`]
  const [first, ...more] = stateTexts(activity, nowMs)
  return [first, ...more, ...old, ...failed].join(' · ')
}

function stateTexts(activity: EndpointView['activity'], nowMs: number): readonly string[] {
  switch (activity.kind) {
    case 'idle': {
      const cost = costSoFarText(activity)
      return [`Idle ${idleSinceText(activity, nowMs)}`, ...(cost === null ? [] : [cost])]
    }
    case 'busy':
      return [`Got requests, last seen ${formatMoment(activity.atMs, { nowMs })}`]
    case 'unknown':
      return [`Not known whether it gets requests. ${gapTexts[activity.gap]}`]
  }
}

/** Why what is shown may be wrong; null: it was read. */
export function listProblemText({ problem, readAtMs }: EndpointsView, nowMs: number): string | null {
  if (problem === null) return null
  const age = readAtMs === null ? '' : ` Last read ${formatDuration(Math.max(0, nowMs - readAtMs))} ago.`
  return `${serverlessText.couldNotRead(problem)}${age}`
}
