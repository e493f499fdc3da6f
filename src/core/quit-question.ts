import { formatUsdPerHour } from './format'
import type { PodView, Snapshot } from './snapshot'

/** What a person who quits is asked, in words. */
export interface QuitQuestion {
  readonly message: string
  readonly detail: string
}

/** The question while something that was asked for is not sent yet; null: nothing would be lost. */
export function quitQuestion({ pods }: Snapshot): QuitQuestion | null {
  const waiting = pods.filter(({ intent }) => intent?.phase === 'scheduled')
  const [first] = waiting
  if (first === undefined) return null
  if (waiting.length === 1)
    return {
      message: `Quit before the ${first.intent?.action} of ${first.name} is sent?`,
      detail: `If Podkeeper quits now, it is cancelled${consequence(first)}. If you wait, Podkeeper quits by itself once it is sent.`,
    }
  return {
    message: `Quit before ${waiting.length} actions are sent?`,
    detail: [
      'If Podkeeper quits now, they are cancelled:',
      ...waiting.map((pod) => `• ${pod.intent?.action} ${pod.name}${consequence(pod)}`),
      'If you wait, Podkeeper quits by itself once they are sent.',
    ].join('\n'),
  }
}

function consequence({ intent, costPerHourUsd }: PodView): string {
  if (intent?.action !== 'stop') return ''
  const rate = costPerHourUsd === null ? '' : ` at ${formatUsdPerHour(costPerHourUsd)}`
  return `, and the pod goes on running${rate}`
}
