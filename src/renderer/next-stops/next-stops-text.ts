import { formatMoment } from '../../core/base/text/format'
import { managingServiceName } from '../../core/pods/pod'
import type { NextStop } from '../../core/view/stops/next-stops'
import type { BalanceEnd, StopLane } from './stop-lanes'

const causeTexts: Readonly<Record<NextStop['cause'], string>> = {
  quiet: 'if it stays quiet',
  'max-hours': 'at its maximum hours',
  'stop-time': 'unless it is in use',
  budget: 'at its budget',
  'service-idle': 'if it stays idle',
  'service-max-runtime': 'at its maximum runtime',
}

/** "19:11", with the day where it is another. Unix ms. */
export const stopTime = (atMs: number, nowMs: number): string => formatMoment(atMs, { nowMs })

/** What follows the time of a stop: "stop if it stays quiet". */
export function stopReason({ action, cause, state, server }: NextStop, isDryRun: boolean): string {
  if (state === 'by-service') return `${action} by ${managingServiceName} ${causeTexts[cause]}`
  const verb = isDryRun ? `dry run: would ${action}` : action
  return `${verb} ${causeTexts[cause]}${server === undefined ? '' : ` by ${server}`}`
}

/** What keeps a stop from coming: "kept running until 9:00", without a time of the stop. */
export function heldReason({ text }: NextStop): string {
  return text.replace(/^is (not (stopped|terminated)(:|, since) )?/, '')
}

/** The same lane as a sentence, for screen readers. Unix ms. */
export function laneSentence({ pod, stop }: StopLane, nowMs: number, isDryRun: boolean): string {
  if (stop.atMs === null) return `${pod.name} ${stop.text}`
  return `${pod.name}: ${stopReason(stop, isDryRun)}, ${stopTime(stop.atMs, nowMs)}`
}

const whoseBalance = (accountName: string | null): string =>
  accountName === null ? 'Balance' : `Balance of ${accountName}`

/** "Stop mcmc-planck", "Stop mcmc-planck by Hubify", "Dry run: would stop mcmc-planck". */
export function nextStopText({ pod, stop }: StopLane, isDryRun: boolean): string {
  const verb = stop.action === 'stop' ? 'Stop' : 'Terminate'
  if (stop.state === 'by-service') return `${verb} ${pod.name} by ${managingServiceName}`
  return isDryRun ? `Dry run: would ${stop.action} ${pod.name}` : `${verb} ${pod.name}`
}

/** "Balance runs out; Runpod deletes 4 pods". */
export function balanceEndText({ accountName, lostPods }: BalanceEnd): string {
  const whose = whoseBalance(accountName)
  if (lostPods === 0) return `${whose} runs out`
  return `${whose} runs out; Runpod deletes ${lostPods === 1 ? '1 pod' : `${lostPods} pods`}`
}

/** Of the heading of the list. */
export const NEXT_STOPS_ID = 'section-next-stops'
export const NEXT_STOPS_PLACE_ID = 'next-stops'

export const nextStopsText = {
  /** "Next: Stop llama at 8:05 PM", of which a narrow window has room for less. */
  nextLabel: 'Next:',
  nextAt: 'at',
  more: (count: number) => `· ${count} more`,
  title: 'Upcoming stops',
  rules: 'Rules',
  showMore: (count: number) => `Show ${count} more`,
  later: 'Later:',
  noStopDue: 'No stop due:',
  held: 'Held:',
} as const
