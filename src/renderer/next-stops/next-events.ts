import type { StopLane, StopsView } from './stop-lanes'
import { balanceEndText, nextStopText } from './next-stops-text'

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
        text: nextStopText(lane, isDryRun(lane)),
        isLoss: stop.action === 'terminate' && !isDryRun(lane),
      },
    ]
  })
  const end =
    balanceEnd === null
      ? []
      : [{ atMs: balanceEnd.atMs, id: 'balance', text: balanceEndText(balanceEnd), isLoss: true }]
  return [...stops, ...end].sort((a, b) => a.atMs - b.atMs)
}
