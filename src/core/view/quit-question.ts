import { formatUsdPerHour } from '../base/format'
import type { PodView, Snapshot } from './snapshot'

/** What a person who quits is asked, in words. */
export interface QuitQuestion {
  readonly message: string
  readonly detail: string
  /** What not to quit now is called. */
  readonly stay: string
  readonly leave: string
}

/** Whether something that was asked for is not sent yet: a quit that is not at once waits for it. */
export const isBeforeSending = ({ pods }: Snapshot): boolean =>
  pods.some(({ intent }) => intent?.phase === 'scheduled')

/**
 * The question while something that was asked for is not sent yet, or shells are open, each on a pod of this name; null:
 * nothing would be lost.
 */
export function quitQuestion({ pods }: Snapshot, shells: readonly string[]): QuitQuestion | null {
  const waiting = pods.filter(({ intent }) => intent?.phase === 'scheduled')
  const [first] = waiting
  if (first === undefined) return shellQuestion(shells)
  const words = { stay: 'Wait', leave: 'Quit anyway' }
  const alsoShells = shells.length === 0 ? '' : `\n${shellsEnd(shells)}`
  if (waiting.length === 1)
    return {
      message: `Quit before the ${first.intent?.action} of ${first.name} is sent?`,
      detail: `If Podkeeper quits now, it is cancelled${consequence(first)}. If you wait, Podkeeper quits by itself once it is sent.${alsoShells}`,
      ...words,
    }
  return {
    message: `Quit before ${waiting.length} actions are sent?`,
    detail: [
      'If Podkeeper quits now, they are cancelled:',
      ...waiting.map((pod) => `• ${pod.intent?.action} ${pod.name}${consequence(pod)}`),
      `If you wait, Podkeeper quits by itself once they are sent.${alsoShells}`,
    ].join('\n'),
    ...words,
  }
}

function shellQuestion(shells: readonly string[]): QuitQuestion | null {
  if (shells.length === 0) return null
  return {
    message:
      shells.length === 1 ? 'Quit with a terminal open?' : `Quit with ${shells.length} terminals open?`,
    detail: `${shellsEnd(shells)} The pods go on running.`,
    stay: 'Cancel',
    leave: 'Quit',
  }
}

function shellsEnd(shells: readonly string[]): string {
  const names = [...new Set(shells)]
  const where = names.length > MOST_NAMES ? `${names.length} pods` : names.join(', ')
  return `The ${shells.length === 1 ? 'terminal' : 'terminals'} on ${where} will end, with what runs in ${shells.length === 1 ? 'it' : 'them'} unless tmux or the like keeps it.`
}

/** More pods are only counted. */
const MOST_NAMES = 4

function consequence({ intent, costPerHourUsd }: PodView): string {
  if (intent?.action !== 'stop') return ''
  const rate = costPerHourUsd === null ? '' : ` at ${formatUsdPerHour(costPerHourUsd)}`
  return `, and the pod goes on running${rate}`
}
