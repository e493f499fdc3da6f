import { serviceOf } from '../pods/labs/service-name'
import { formatDuration, formatPercentRange, formatUsd } from '../base/text/format'
import { managingServiceName } from '../pods/pod'
import { type LastReading, type OutsideStop, wasBalanceLow } from './outside-stop'

/** What may have become of a pod that is missing from the provider’s list, without a full stop. */
export const vanishedText = 'Someone may have terminated it, it may have been outbid, or the balance ran out'

const reasons = {
  outbid: 'it was outbid.',
  service: 'it stopped the pod itself. It doesn’t say why.',
  user: 'a user stopped it.',
} as const

const unknownText =
  'Someone may have stopped it, it may have been outbid or down for maintenance, or the balance ran out.'

/**
 * Who stopped a pod that nothing here stopped, and what was observed around it: a clause that follows what was seen, and
 * sentences. Nothing is claimed that was not observed.
 */
export function outsideStopText(
  stop: Omit<OutsideStop, 'atMs'>,
  pod: Parameters<typeof serviceOf>[0],
): string {
  const { reason, balanceUsd, last } = stop
  const maybe =
    pod.managed === undefined
      ? unknownText
      : `Someone may have stopped it, or ${managingServiceName} did because it was idle.`
  const who = reason === null ? maybe : `${serviceOf(pod)} says that ${reasons[reason]}`
  const balance =
    balanceUsd !== null && wasBalanceLow(stop) ? ` Your balance was ${formatUsd(balanceUsd)}.` : ''
  return `not by Podkeeper on this computer. ${who}${balance}${last === null ? '' : lastText(last)}`
}

const lastText = ({ gpuPercent, beforeMs }: LastReading): string =>
  gpuPercent === null
    ? ''
    : ` GPU use was ${formatPercentRange({ min: gpuPercent, max: gpuPercent })} ${formatDuration(beforeMs)} before.`
