import { serviceOf } from '../pods/labs/service-name'
import { managingServiceName } from '../pods/pod'
import type { OutsideStop } from './outside-stop'

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
 * Who stopped a pod that nothing here stopped: a clause that follows what was seen, and a sentence. Nothing is claimed
 * that was not observed.
 */
export function outsideStopText(
  { reason }: Pick<OutsideStop, 'reason'>,
  pod: Parameters<typeof serviceOf>[0],
): string {
  const maybe =
    pod.managed === undefined
      ? unknownText
      : `Someone may have stopped it, or ${managingServiceName} did because it was idle.`
  return `not by Podkeeper on this computer. ${reason === null ? maybe : `${serviceOf(pod)} says that ${reasons[reason]}`}`
}
