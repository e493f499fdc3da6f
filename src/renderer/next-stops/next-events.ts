import { managingServiceName } from '../../core/pods/pod'
import type { BalanceEnd, StopLane, StopsView } from './stop-lanes'

/** What happens next, in few words. */
export interface NextEvent {
  /** Unix ms. */
  readonly atMs: number
  /** What does not change while it comes nearer. */
  readonly id: string
  readonly text: string
  /** Data is lost without anyone's decision. */
  readonly isLoss: boolean
}

/**
 * The next events that have a time, soonest first: stops and the end of the balance. `isDryRun`: whether a stop would
 * only be said.
 */
export function nextEvents(
  { lanes, later, balanceEnd }: StopsView,
  isDryRun: (lane: StopLane) => boolean,
): readonly NextEvent[] {
  const stops = [...lanes, ...later].flatMap((lane): NextEvent[] => {
    const { pod, stop } = lane
    if (stop.atMs === null) return []
    const id = `${pod.key} ${stop.cause}`
    return [
      {
        atMs: stop.atMs,
        id,
        text: stopText(lane, isDryRun(lane)),
        isLoss: stop.action === 'terminate' && !isDryRun(lane),
      },
    ]
  })
  const end =
    balanceEnd === null
      ? []
      : [{ atMs: balanceEnd.atMs, id: 'balance', text: endText(balanceEnd), isLoss: true }]
  return [...stops, ...end].sort((a, b) => a.atMs - b.atMs)
}

/** "Stop mcmc-planck", "Stop mcmc-planck by Hubify", "Dry run: would stop mcmc-planck". */
function stopText({ pod, stop }: StopLane, isDryRun: boolean): string {
  const verb = stop.action === 'stop' ? 'Stop' : 'Terminate'
  if (stop.state === 'by-service') return `${verb} ${pod.name} by ${managingServiceName}`
  return isDryRun ? `Dry run: would ${stop.action} ${pod.name}` : `${verb} ${pod.name}`
}

/** "Balance $0, 4 pods are deleted". */
function endText({ accountName, lostPods }: BalanceEnd): string {
  const whose = accountName === null ? 'Balance' : `Balance of ${accountName}`
  if (lostPods === 0) return `${whose} $0`
  return `${whose} $0, ${lostPods === 1 ? '1 pod is' : `${lostPods} pods are`} deleted`
}
